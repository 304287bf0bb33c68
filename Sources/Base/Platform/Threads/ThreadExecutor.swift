import Glibc

/// A serial executor on a thread of its own, for actors around blocking C libraries.
///
/// An actor adopts it with `nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }`.
/// The thread ends when the last reference has gone and the queue is empty.
package final class ThreadExecutor: SerialExecutor {
  private let queue = WorkQueue()

  package init(_ name: StaticString, stackSize: Int = NativeThread.defaultStackSize) {
    NativeThread.start(name, stackSize: stackSize) { [queue] in
      while let work = queue.pop() { work() }
    }
  }

  deinit { queue.close() }

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.push { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }

  package func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }
}
