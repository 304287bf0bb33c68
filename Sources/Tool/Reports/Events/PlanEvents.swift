import Diagnostics
import Planning
import Resources
import Values

extension EventLine {
  /// One `planned_change` for each change that does something, then `change_summary`, and `coverage` where it is
  /// incomplete.
  package static func plan(
    _ plan: Plan, _ filter: PlanText.Filter = PlanText.Filter(), _ send: (EventLine) -> Void
  ) {
    for change in plan.changes where filter.shows(change) { send(.plannedChange(change)) }
    send(.summary(plan))
    policies(plan.policies, send)
    if let cost = plan.cost { send(.cost(cost)) }
    if !plan.coverage.isComplete { send(.coverage(plan.coverage)) }
  }

  static func plannedChange(_ change: Change) -> EventLine {
    var facts: [(String, Value)] = [
      ("resource", resource(change.address, change.type, change.target)),
      ("action", .string(change.action.rawValue)),
      ("reason", .string(change.reason.rawValue)),
    ]
    if let from = change.movedFrom { facts.append(("previous_address", .string(from.text))) }
    facts.append(("fields", .list(change.fields.map { .string($0.path.description) })))
    facts.append(("causes", .list(change.causes.map { .string(ChangeText.text($0)) })))
    return EventLine(
      "planned_change", "\(change.address): \(ChangeText.sentence(change))", [("change", .map(facts))])
  }

  package static func resource(_ address: Address, _ type: TypeName, _ target: TargetName) -> Value {
    .map([
      ("addr", .string(address.text)), ("resource_type", .string(type.text)),
      ("target", .string(target.text)),
    ])
  }

  static func summary(_ plan: Plan) -> EventLine {
    let summary = PlanSummary(plan.changes), isErrored = plan.diagnostics.hasErrors
    let counts: Value = .map([
      ("adopt", .int(summary.adopt)), ("add", .int(summary.add)), ("change", .int(summary.change)),
      ("remove", .int(summary.destroy)), ("replace", .int(summary.replace)), ("move", .int(summary.move)),
      ("forget", .int(summary.forget)), ("errored", .bool(isErrored)),
      ("operation", .string(plan.mode == .destroy ? "destroy" : "plan")),
    ])
    let message = summary.isEmpty && !isErrored ? PlanSummary.noChanges : summary.line
    return EventLine("change_summary", message, level: isErrored ? .error : .info, [("changes", counts)])
  }

  static func coverage(_ coverage: Coverage) -> EventLine {
    let unreadable = coverage.unreadable.sorted { $0.key < $1.key }.map { ($0.key, Value.string($0.value)) }
    let facts: Value = .map([
      ("compared", .int(coverage.compared)), ("ignored", .int(coverage.ignored)),
      ("not_compared", .int(coverage.notCompared)), ("unreadable", .map(unreadable)),
    ])
    return EventLine("coverage", "not everything could be compared", level: .warn, [("coverage", facts)])
  }
}
