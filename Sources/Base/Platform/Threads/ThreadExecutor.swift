import Glibc
import Synchronization

/// A serial executor on a thread of its own, for actors around blocking C libraries.
///
/// An actor adopts it with `nonisolated var unownedExecutor: UnownedSerialExecutor {
/// executor.asUnownedSerialExecutor() }`.
/// The thread ends when the last reference has gone and the queue is empty.
package final class ThreadExecutor: SerialExecutor {
  private let queue = WorkQueue()
  private let mark = ThreadMark()

  private final class ThreadMark: Sendable {
    let thread = Mutex<pthread_t?>(nil)
  }

  package init(_ name: StaticString, stackSize: Int = NativeThread.defaultStackSize) {
    NativeThread.start(name, stackSize: stackSize) { [queue, mark] in
      mark.thread.withLock { $0 = pthread_self() }
      while let work = queue.pop() { work() }
    }
  }

  deinit { queue.close() }

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.push { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }

  /// Lets `assumeIsolated` hold inside callbacks that a C library makes on the thread.
  package func checkIsolated() {
    precondition(mark.thread.withLock { $0 } == pthread_self(), "this must run on the executor's own thread")
  }

  package func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }
}
