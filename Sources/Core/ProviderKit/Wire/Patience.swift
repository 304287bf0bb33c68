import Platform

/// The time that one write has, and whom it tells what it waits for.
package struct Patience: Sendable {
  private let time: any TimeSource
  private let progress: ProgressSink
  private let deadline: Duration

  package init(_ time: any TimeSource, timeout: Duration, _ progress: ProgressSink) {
    self.time = time
    self.progress = progress
    deadline = time.elapsed + timeout
  }

  private static let firstPause = Duration.milliseconds(200)
  private static let longestPause = Duration.seconds(5)

  /// Asks again and again, more and more slowly, until `check` gives something or the time is up.
  package func wait<Result>(
    until what: String, atMost patience: Duration? = nil, _ check: () async throws(ProviderError) -> Result?
  ) async throws(ProviderError) -> Result {
    let end = patience.map { min(deadline, time.elapsed + $0) } ?? deadline
    var pause = Self.firstPause
    while true {
      if let result = try await check() { return result }
      guard time.elapsed + pause <= end else {
        throw ProviderError(.other, effect: .unknown, "gave up waiting until \(what)")
      }
      progress("waiting until \(what)")
      do { try await time.sleep(for: pause) } catch {
        throw ProviderError(.cancelled, effect: .unknown, "cancelled while waiting until \(what)")
      }
      pause = min(pause * 2, Self.longestPause)
    }
  }

  /// Tries again while the service refuses in a way that may pass; what it said last is the error in the end.
  package func retrying<Result>(
    until what: String, atMost patience: Duration, while mayPass: (ProviderError) -> Bool,
    _ work: () async throws(ProviderError) -> Result
  ) async throws(ProviderError) -> Result {
    var refusal: ProviderError?
    do throws(ProviderError) {
      return try await wait(until: what, atMost: patience) { () async throws(ProviderError) -> Result? in
        do throws(ProviderError) { return try await work() } catch {
          guard mayPass(error) else { throw error }
          refusal = error
          return nil
        }
      }
    } catch {
      if error.reason == .other, let refusal { throw refusal }
      throw error
    }
  }
}
