import Platform
import Synchronization
import TestSupport

/// A clock that jumps over every sleep of a run. Sleeps of a day and more are a keeper's: they end when cancelled.
final class SimulationTime: TimeSource {
  /// What heartbeat and renewal are set to, so that they never come due.
  static let never = Duration.seconds(86_400)

  private let passed = Mutex(Duration.zero)
  private let start = Instant(seconds: 1_767_225_600)

  var now: Instant { start + elapsed }
  var elapsed: Duration { passed.withLock { $0 } }

  func advance(by duration: Duration) { passed.withLock { $0 += duration } }

  func sleep(for duration: Duration) async throws(CancellationError) {
    if duration >= Self.never { try await untilCancelled() }
    if Task.isCancelled { throw CancellationError() }
    advance(by: duration)
    await Task.yield()
  }
}

/// The same clock with a wall time that is wrong, as on a machine whose clock was set.
struct WrongClock: TimeSource {
  let base: SimulationTime
  let error: Duration
  var now: Instant { base.now + error }
  var elapsed: Duration { base.elapsed }
  func sleep(for duration: Duration) async throws(CancellationError) { try await base.sleep(for: duration) }
}
