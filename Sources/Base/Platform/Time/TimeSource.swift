import Glibc

/// Wall time, elapsed time and waiting; injected wherever time matters.
package protocol TimeSource: Sendable {
  /// Wall time; may jump when the machine's clock is set.
  var now: Instant { get }
  /// Time since an arbitrary start, which never goes back: measure waits and durations with it.
  var elapsed: Duration { get }
  /// Waits; returns early with an error when the task is cancelled.
  func sleep(for duration: Duration) async throws(CancellationError)
}

/// The machine's clocks.
package struct SystemTime: TimeSource {
  package init() {}

  package var now: Instant { Instant(nanoseconds: read(CLOCK_REALTIME)) }
  package var elapsed: Duration { .nanoseconds(read(CLOCK_MONOTONIC)) }

  package func sleep(for duration: Duration) async throws(CancellationError) {
    do {
      try await Task.sleep(for: duration)
    } catch {
      throw CancellationError()
    }
  }

  private func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
