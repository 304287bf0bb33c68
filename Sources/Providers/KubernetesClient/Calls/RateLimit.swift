import Platform
import Synchronization

/// The client's own limit of requests to one cluster: so many a second, and a burst after a quiet time.
///
/// A bucket of tokens, kept as the time at which it would be full again; waits are handed out in the order of asking.
final class RateLimit: Sendable {
  private let interval: Duration
  private let burst: Int
  /// When all tokens handed out so far are earned again, on the clock of `elapsed`.
  private let state = Mutex<(full: Duration, pausedUntil: Duration)>((.zero, .zero))

  /// - Precondition: both are at least 1.
  init(perSecond: Int, burst: Int) {
    precondition(perSecond > 0 && burst > 0, "a limit lets something through")
    interval = .nanoseconds(1_000_000_000 / Int64(perSecond))
    self.burst = burst
  }

  /// Takes one token; how long to wait before sending.
  func take(now: Duration) -> Duration {
    state.withLock { state in
      state.full = max(state.full, now) + interval
      return max(.zero, state.full - interval * burst - now, state.pausedUntil - now)
    }
  }

  /// The server asks everybody to wait.
  func pause(until time: Duration) { state.withLock { $0.pausedUntil = max($0.pausedUntil, time) } }
}
