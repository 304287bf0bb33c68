import Applying
import Diagnostics
import Inventory
import Planning
import ProviderKit
import Resources
import Values

extension EventLine {
  /// Terraform's types and names where the idea is the same:
  /// https://developer.hashicorp.com/terraform/internals/machine-readable-ui
  package static func apply(_ event: ApplyEvent) -> EventLine? {
    let message = ApplyText.line(event, .plain) ?? ""
    switch event {
    case .summary: return nil
    case .began(let steps):
      return EventLine("apply_began", "applying \(steps) steps", [("steps", .int(steps))])
    case .started(let facts): return step("apply_start", message, facts)
    case .stillGoing(let facts, let elapsed, let waiting):
      return step(
        "apply_progress", message, facts,
        [seconds(elapsed)] + (waiting.map { [("waiting_for", .string($0))] } ?? []))
    case .finished(let facts, let elapsed, let remote):
      let id: [(String, Value)] = remote.map { [("id_key", "id"), ("id_value", .string($0.text))] } ?? []
      return step("apply_complete", message, facts, [seconds(elapsed)] + id)
    case .failed(let facts, let elapsed, let problem):
      return step("apply_errored", message, level: .error, facts, [seconds(elapsed)] + details(problem))
    case .skipped(let facts, let cause):
      return step("apply_skipped", message, level: .warn, facts, [("because", .string(cause.address.text))])
    case .retrying(let facts, let attempt, let after, let problem):
      let wait: [(String, Value)] = [("attempt", .int(attempt)), ("after_seconds", .double(after.inTenths))]
      return step("apply_retry", message, level: .warn, facts, wait + details(problem))
    case .throttled(let target, let service, let rate):
      return EventLine(
        "throttled", message, level: .warn,
        [("target", .string(target.text)), ("service", .string(service)), ("per_second", .double(rate))])
    case .interrupted(let isSecond):
      return EventLine("interrupted", message, level: .warn, [("second", .bool(isSecond))])
    case .inventoryLost(let error):
      return EventLine("inventory_lost", message, level: .error, [("error", .string(error.message))])
    case .waitingUntilReady(let manifest, let elapsed, let missing):
      return readiness("readiness_progress", message, manifest, elapsed, [("waiting_for", .string(missing))])
    case .becameReady(let manifest, let elapsed):
      return readiness("readiness_complete", message, manifest, elapsed)
    case .notReady(let finding):
      let rule: [(String, Value)] = finding.origin.map { [("rule", .string($0.description))] } ?? []
      return readiness(
        "readiness_errored", message, level: .error, finding.manifest, finding.waited,
        [("error", .string(finding.message))] + rule)
    }
  }

  /// `change_summary` of what was done, then one `apply_failure` for each step that failed.
  package static func summary(_ summary: ApplySummary, mode: PlanMode, next: String) -> EventLine {
    let changes: Value = .map([
      ("adopt", .int(summary.adopted)), ("add", .int(summary.created)), ("change", .int(summary.updated)),
      ("remove", .int(summary.deleted)), ("move", .int(summary.moved)), ("forget", .int(summary.forgotten)),
      ("failed", .int(summary.failures.count)), ("skipped", .int(summary.skipped.count)),
      ("left", .int(summary.left)), ("not_ready", .int(summary.unready.count)),
      ("outcome", .string(summary.outcome.rawValue)), ("operation", .string(mode.rawValue)),
    ])
    let isComplete = summary.outcome == .complete
    return EventLine(
      "change_summary", ApplyText.headline(summary, mode: mode), level: isComplete ? .info : .error,
      [("changes", changes)] + (isComplete ? [] : [("next", .string(next))]))
  }

  private static func step(
    _ type: String, _ message: String, level: Level = .info, _ facts: StepFacts,
    _ more: [(String, Value)] = []
  ) -> EventLine {
    let hook: [(String, Value)] = [
      ("resource", resource(facts.address, facts.type, facts.target)),
      ("action", .string(facts.operation.rawValue)),
    ]
    return EventLine(type, message, level: level, [("hook", .map(hook + more))])
  }

  private static func readiness(
    _ type: String, _ message: String, level: Level = .info, _ manifest: Address, _ elapsed: Duration,
    _ more: [(String, Value)] = []
  ) -> EventLine {
    EventLine(type, message, level: level, [("manifest", .string(manifest.text)), seconds(elapsed)] + more)
  }

  private static func seconds(_ elapsed: Duration) -> (String, Value) {
    ("elapsed_seconds", .int(Int(elapsed.components.seconds)))
  }

  private static func details(_ problem: StepProblem) -> [(String, Value)] {
    var details: [(String, Value)] = [
      ("error", .string(problem.message)), ("reason", .string(problem.reason.name)),
    ]
    if let code = problem.request.code { details.append(("code", .string(code))) }
    if let request = problem.request.requestID { details.append(("request_id", .string(request))) }
    return details
  }
}

extension Duration {
  /// Seconds with one digit after the point.
  fileprivate var inTenths: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) + Double(attoseconds / 100_000_000_000_000_000) / 10
  }
}
