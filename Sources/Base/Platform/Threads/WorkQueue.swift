import Glibc

/// A queue of closures that threads wait on.
///
/// `@unchecked Sendable`: every stored property is read and written only while `mutex` is held.
final class WorkQueue: @unchecked Sendable {
  typealias Work = @Sendable () -> Void

  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var items: [Work] = []
  private var first = 0
  private var idle = 0
  private var isClosed = false

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Returns whether a waiting thread will take the work.
  @discardableResult
  func push(_ work: @escaping Work) -> Bool {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    precondition(!isClosed, "work was given to a stopped thread")
    items.append(work)
    pthread_cond_signal(condition)
    return idle >= items.count - first
  }

  /// Waits for work; nil once the queue is closed and empty.
  func pop() -> Work? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    idle += 1
    while first == items.count && !isClosed { pthread_cond_wait(condition, mutex) }
    idle -= 1
    guard first < items.count else { return nil }
    let work = items[first]
    first += 1
    if first == items.count {
      items.removeAll(keepingCapacity: true)
      first = 0
    }
    return work
  }

  func close() {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    isClosed = true
    pthread_cond_broadcast(condition)
  }
}
