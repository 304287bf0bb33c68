import Synchronization

/// A few threads for work that blocks, so that the cooperative pool keeps running tasks.
package final class BlockingPool: Sendable {
  /// Enough to overlap disk waits; work beyond waits its turn.
  package static let defaultThreadLimit = 4

  /// Started at its first use; the pool behind `offPool`.
  package static let shared = BlockingPool(threadLimit: defaultThreadLimit)

  private let queue = WorkQueue()
  private let threadCount = Mutex(0)
  private let threadLimit: Int

  package init(threadLimit: Int) { self.threadLimit = threadLimit }

  deinit { queue.close() }

  /// Runs `body` on one of the pool's threads.
  package func run<T: Sendable, E: Error>(_ body: @escaping @Sendable () throws(E) -> T) async throws(E) -> T {
    let result: Result<T, E> = await withCheckedContinuation { continuation in
      enqueue { continuation.resume(returning: Result { () throws(E) -> T in try body() }) }
    }
    return try result.get()
  }

  private func enqueue(_ work: @escaping @Sendable () -> Void) {
    if queue.push(work) { return }
    let isNew = threadCount.withLock { count in
      guard count < threadLimit else { return false }
      count += 1
      return true
    }
    guard isNew else { return }
    NativeThread.start("plumb-blocking") { [queue] in
      while let work = queue.pop() { work() }
    }
  }
}

/// Runs a body that blocks (disk, child processes) away from the cooperative pool.
package func offPool<T: Sendable, E: Error>(_ body: @escaping @Sendable () throws(E) -> T) async throws(E)
  -> T
{
  try await BlockingPool.shared.run(body)
}
