import Resources

/// Waiting until rules of readiness hold, as a value: verdicts go in, what to tell and how long to wait come out.
struct ReadinessWait {
  /// What one look at the objects says of a rule.
  enum Verdict: Equatable {
    case holds
    case notYet(String)
    /// No wait changes it.
    case never(String)
  }

  private struct Open {
    var rule: ReadinessRule
    /// When the wait was last told of.
    var told: Duration?
  }

  private let settings: ApplySettings
  private var open: [Open]
  private var pause: Duration
  private(set) var findings: [ReadinessFinding] = []

  /// - Parameter limit: waits no longer than that, whatever the rules allow.
  init(_ rules: [ReadinessRule], limit: Duration?, settings: ApplySettings) {
    self.settings = settings
    pause = settings.firstReadinessPause
    open = rules.map { rule in
      var rule = rule
      if let limit { rule.limit = min(rule.limit, limit) }
      return Open(rule: rule)
    }
  }

  /// Those that do not hold yet, in the order that verdicts are given in.
  var rules: [ReadinessRule] { open.map(\.rule) }

  /// Takes one verdict for each of `rules`.
  ///
  /// - Parameter elapsed: since the wait began.
  /// - Returns: how long to wait before the next look; nil when there is nothing left to wait for.
  mutating func take(_ verdicts: [Verdict], at elapsed: Duration, into events: inout [ApplyEvent]) -> Duration? {
    var left: [Open] = []
    var settled: [Address] = []
    for (var item, verdict) in zip(open, verdicts) {
      switch verdict {
      case .holds: if item.told != nil { settled.append(item.rule.manifest) }
      case .never(let message): fail(item, message, elapsed, &events)
      case .notYet(let message) where elapsed >= item.rule.limit: fail(item, message, elapsed, &events)
      case .notYet(let message):
        if item.told.map({ elapsed - $0 >= settings.heartbeat }) ?? true {
          item.told = elapsed
          events.append(.waitingUntilReady(item.rule.manifest, elapsed: elapsed, message))
        }
        left.append(item)
      }
    }
    open = left
    for manifest in settled where !open.contains(where: { $0.rule.manifest == manifest }) && !hasFailed(manifest) {
      events.append(.becameReady(manifest, elapsed: elapsed))
    }
    return next(elapsed)
  }

  /// Gives up on all that do not hold yet.
  mutating func stop(at elapsed: Duration) {
    findings += open.map { finding($0, "the wait was interrupted", elapsed) }
    open = []
  }

  private mutating func next(_ elapsed: Duration) -> Duration? {
    guard let nearest = open.map({ $0.rule.limit - elapsed }).min() else { return nil }
    defer { pause = min(pause * 2, settings.longestReadinessPause) }
    return min(pause, nearest)
  }

  private mutating func fail(_ item: Open, _ message: String, _ elapsed: Duration, _ events: inout [ApplyEvent]) {
    findings.append(finding(item, message, elapsed))
    events.append(.notReady(findings[findings.count - 1]))
  }

  private func finding(_ item: Open, _ message: String, _ elapsed: Duration) -> ReadinessFinding {
    ReadinessFinding(
      manifest: item.rule.manifest, message: message, waited: min(elapsed, item.rule.limit), origin: item.rule.origin)
  }

  private func hasFailed(_ manifest: Address) -> Bool { findings.contains { $0.manifest == manifest } }
}
