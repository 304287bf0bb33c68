/// Bounds on how a plan is carried out.
package struct ApplySettings: Sendable {
  /// Operations under way at once: `--parallelism`.
  package var width = 16
  /// Operations announced beyond those, so that no call need wait for the disk.
  package var lookahead = 32
  /// How long outcomes wait for others to share their batch while work goes on. Longer saves writes; what waits is
  /// not told yet, and what needs it not begun.
  package var linger = Duration.milliseconds(5)
  /// Calls of one step, the first included.
  package var maximumAttempts = 8
  /// The longest first wait before a step is tried again; it doubles with every attempt.
  package var firstBackoff = Duration.seconds(1)
  package var longestBackoff = Duration.seconds(30)
  /// What a service may ask us to wait at most.
  package var longestRetryAfter = Duration.seconds(300)
  /// Operations a second of one lane never fall below this.
  package var slowestRate = 0.5
  /// How often a running step says that it is still there.
  package var heartbeat = Duration.seconds(10)
  /// The first pause between two looks at objects that are not ready; it doubles up to the longest.
  package var firstReadinessPause = Duration.milliseconds(500)
  package var longestReadinessPause = Duration.seconds(10)
  /// How often the lease is renewed; nil for what the store asks for.
  package var renewal: Duration?

  package init() {}

  /// The longest wait after this many attempts.
  func backoff(attempt: Int) -> Duration {
    min(longestBackoff, firstBackoff * (1 << min(attempt - 1, 16)))
  }
}

/// A repeatable source of jitter inside the machine (SplitMix64).
struct Jitter: Sendable {
  var state: UInt64

  /// At least 0 and below 1.
  mutating func fraction() -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((mixed ^ (mixed >> 31)) >> 11) * 0x1p-53
  }
}
