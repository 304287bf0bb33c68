import Diagnostics
import Planning
import Resources
import Values

extension EventLine {
  /// `resource_drift`, `pending_change`, `unmanaged_object`, `addition`; then `drift_coverage` for each type and
  /// target, and `drift_summary`.
  package static func drift(_ report: DriftReport, _ send: (EventLine) -> Void) {
    for drifted in report.drifted { send(.drifted(drifted)) }
    for pending in report.pending { send(.pending(pending)) }
    for unmanaged in report.unmanaged + report.beside { send(.unmanaged(unmanaged)) }
    for addition in report.additions { send(.addition(addition)) }
    for coverage in report.coverage { send(.driftCoverage(coverage)) }
    send(.driftSummary(report))
  }

  private static func drifted(_ drifted: DriftReport.Drifted) -> EventLine {
    let fields = drifted.fields.map { field -> Value in
      var facts: [(String, Value)] = [("path", .string(field.path.description))]
      if let recorded = field.recorded { facts.append(("recorded", recorded)) }
      if let observed = field.observed { facts.append(("observed", observed)) }
      facts.append(("written", .bool(!field.isUnwritten)))
      if let author = field.author {
        facts.append(("changed_by", .string(author.name)))
        if let time = author.time { facts.append(("changed_at", .string(time))) }
      }
      if let origin = field.origin { facts.append(("origin", .string("\(origin)"))) }
      return .map(facts)
    }
    var facts: [(String, Value)] = [
      ("resource", resource(drifted.address, drifted.type, drifted.target)), ("id", .string(drifted.remote.text)),
      ("gone", .bool(drifted.isGone)), ("fields", .list(fields)),
    ]
    if let origin = drifted.origin { facts.append(("origin", .string("\(origin)"))) }
    let words = drifted.isGone ? "deleted outside of Plumb" : "changed outside of Plumb"
    return EventLine("resource_drift", "\(drifted.address): \(words)", level: .warn, [("drift", .map(facts))])
  }

  private static func pending(_ pending: DriftReport.Pending) -> EventLine {
    var facts: [(String, Value)] = [
      ("addr", .string(pending.address.text)), ("resource_type", .string(pending.type.text)),
      ("action", .string(pending.action.rawValue)),
      ("fields", .list(pending.paths.map { .string($0.description) })),
    ]
    if let origin = pending.origin { facts.append(("origin", .string("\(origin)"))) }
    return EventLine(
      "pending_change", "\(pending.address): \(pending.action.phrase)", [("change", .map(facts))])
  }

  private static func unmanaged(_ object: DriftReport.Unmanaged) -> EventLine {
    var facts: [(String, Value)] = [
      ("resource_type", .string(object.type.text)), ("target", .string(object.target.text)),
      ("id", .string(object.remote.text)), ("owners", .list(object.owners.map { .string($0.text) })),
    ]
    if let name = object.name { facts.append(("name", .string(name))) }
    if let marker = object.marker {
      facts.append(("marker_scope", .string(marker.scope.description)))
      facts.append(("marker_address", .string(marker.address.text)))
    }
    return EventLine(
      "unmanaged_object", "\(object.type) \(object.remote) is nobody's of us", [("object", .map(facts))])
  }

  private static func addition(_ addition: DriftReport.Addition) -> EventLine {
    EventLine(
      "addition", "\(addition.address): \(addition.path) was added by others",
      [
        ("addr", .string(addition.address.text)), ("path", .string(addition.path.description)),
        ("value", addition.value),
      ])
  }

  private static func driftCoverage(_ coverage: DriftReport.TypeCoverage) -> EventLine {
    let unreadable = coverage.unreadable.sorted { $0.key < $1.key }.map { ($0.key, Value.string($0.value)) }
    return EventLine(
      "drift_coverage", "\(coverage.type) on \(coverage.target): \(coverage.compared) compared",
      level: coverage.unreadable.isEmpty ? .info : .warn,
      [
        ("resource_type", .string(coverage.type.text)), ("target", .string(coverage.target.text)),
        ("compared", .int(coverage.compared)), ("ignored", .int(coverage.ignored)),
        ("unreadable", .map(unreadable)),
      ])
  }

  private static func driftSummary(_ report: DriftReport) -> EventLine {
    let gone = report.drifted.count { $0.isGone }
    return EventLine(
      "drift_summary", DriftText.summary(report), level: report.drifted.isEmpty ? .info : .warn,
      [
        ("changed", .int(report.drifted.count - gone)), ("deleted", .int(gone)),
        ("pending", .int(report.pending.count)), ("unmanaged", .int(report.unmanaged.count)),
        ("beside", .int(report.beside.count)),
        ("added", .int(report.additions.count)), ("complete", .bool(report.isComplete)),
      ])
  }
}
