import CCurl
import Synchronization

/// What callers tell the transport's thread, and what it tells them.
final class CurlMailbox: Sendable {
  struct Letters {
    var added: [CurlJob] = []
    var cancelled: [CurlJob] = []
    var isClosed = false

    var isEmpty: Bool { added.isEmpty && cancelled.isEmpty && !isClosed }
  }

  /// `@unchecked Sendable`: other threads use the handle for `curl_multi_wakeup` alone, which allows that.
  struct Wakeup: @unchecked Sendable {
    let multi: UnsafeMutableRawPointer
  }

  private struct State {
    var letters = Letters()
    var wakeup: Wakeup?
    var statistics = TransportStatistics()
    /// Why the transport's thread cannot work; it has ended then.
    var problem: String?
  }

  private let state = Mutex(State())

  var statistics: TransportStatistics { state.withLock { $0.statistics } }

  func add(_ job: CurlJob) {
    if let problem = state.withLock({ $0.problem }) { return Self.refuse([job], problem) }
    post { $0.added.append(job) }
    // The thread may have given up in between.
    if let problem = state.withLock({ $0.problem }) { Self.refuse(take().added, problem) }
  }

  /// Answers all jobs, those to come as well, with the same problem.
  func fail(_ problem: String) {
    state.withLock { $0.problem = problem }
    Self.refuse(take().added, problem)
  }

  func cancel(_ job: CurlJob) { post { $0.cancelled.append(job) } }
  func close() { post { $0.isClosed = true } }

  /// Everything posted since the last call; closing stays.
  func take() -> Letters {
    state.withLock { state in
      defer { state.letters = Letters(isClosed: state.letters.isClosed) }
      return state.letters
    }
  }

  /// From now on letters wake this handle's poll; nil before it goes away.
  func setWakeup(_ multi: UnsafeMutableRawPointer?) {
    let wakeup = multi.map { Wakeup(multi: $0) }
    state.withLock { $0.wakeup = wakeup }
  }

  func count(_ change: (inout TransportStatistics) -> Void) { state.withLock { change(&$0.statistics) } }

  private static func refuse(_ jobs: [CurlJob], _ problem: String) {
    for job in jobs { job.continuation?.resume(returning: .failure(.notSent(.libraryMissing, problem))) }
  }

  /// Wakes the thread only for the first letter: it takes all at once. The call is made under the lock, so that the
  /// handle cannot go away meanwhile; it writes one byte.
  private func post(_ write: (inout Letters) -> Void) {
    state.withLock { state in
      let wasEmpty = state.letters.isEmpty
      write(&state.letters)
      if wasEmpty, let wakeup = state.wakeup { plumb_curl_multi_wakeup(wakeup.multi) }
    }
  }
}
