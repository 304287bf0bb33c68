import Planning
import Policies
import Resources
import Values

extension EventLine {
  /// One `policy_finding` for each finding, then `policy_summary`.
  package static func policies(_ report: PolicyReport?, _ send: (EventLine) -> Void) {
    guard let report, report.ruleCount > 0 else { return }
    for finding in report.findings { send(.finding(finding)) }
    var facts: [(String, Value)] = [
      ("rules", .int(report.ruleCount)), ("denied", .bool(report.isDenied)),
      ("rechecks", .int(report.rechecks.count)),
    ]
    if let revision = report.revision {
      facts += [("revision", .string(revision.name)), ("commit", .string(revision.commit))]
    }
    send(
      EventLine(
        "policy_summary", PolicyText.summary(report), level: report.isDenied ? .error : .info,
        [("policies", .map(facts))]))
  }

  private static func finding(_ finding: PolicyFinding) -> EventLine {
    var facts: [(String, Value)] = [
      ("rule", .string(finding.rule)), ("policy", .string(finding.policy)),
      ("outcome", .string(finding.outcome.rawValue)), ("message", .string(finding.message)),
      ("references", .list(finding.references.map { .string($0) })),
    ]
    if let address = finding.address { facts.append(("addr", .string(address.text))) }
    if let hint = finding.hint { facts.append(("hint", .string(hint))) }
    if let severity = finding.severity { facts.append(("severity", .string(severity))) }
    if let origin = finding.origin { facts.append(("origin", .string("\(origin)"))) }
    if let origin = finding.ruleOrigin { facts.append(("rule_origin", .string("\(origin)"))) }
    if let waiver = finding.waiver {
      facts.append(
        (
          "waiver",
          .map([
            ("owner", .string(waiver.owner)), ("reason", .string(waiver.reason)),
            ("expires", .string(waiver.expires)),
          ])
        ))
    }
    let level: Level = finding.outcome.isDenial ? .error : .warn
    return EventLine(
      "policy_finding", "\(finding.rule): \(finding.message)", level: level, [("finding", .map(facts))])
  }

  /// What a plan costs.
  package static func cost(_ cost: CostReport) -> EventLine {
    let lines = cost.lines.map { line -> Value in
      var facts: [(String, Value)] = [
        ("addr", .string(line.address.text)), ("resource_type", .string(line.type.text)),
        ("action", .string(line.action.rawValue)),
      ]
      if let before = line.before { facts.append(("monthly_before", .double(before))) }
      if let after = line.after { facts.append(("monthly_after", .double(after))) }
      return .map(facts + [("usage", .list(line.usage.map { .string($0) }))])
    }
    let unknown = cost.notEstimated.sorted { $0.key < $1.key }.map { ($0.key, Value.int($0.value)) }
    let facts: [(String, Value)] = [
      ("currency", "USD"), ("price_date", .string(cost.date)), ("monthly_before", .double(cost.before)),
      ("monthly_after", .double(cost.after)), ("monthly_delta", .double(cost.delta)),
      ("estimated", .int(cost.estimated)), ("free", .int(cost.free)), ("by_use", .int(cost.byUse)),
      ("not_estimated", .map(unknown)), ("resources", .list(lines)),
    ]
    return EventLine("cost", CostText.summary(cost), [("cost", .map(facts))])
  }

  /// One `policy_test` for each test, then `policy_test_summary`.
  package static func tests(_ reports: [PolicyTestReport], _ send: (EventLine) -> Void) {
    for report in reports {
      for result in report.results { send(.test(result, report.file)) }
    }
    let passed = reports.reduce(0) { $0 + $1.passed }, failed = reports.reduce(0) { $0 + $1.failed }
    send(
      EventLine(
        "policy_test_summary", PolicyTestText.summary(reports), level: failed == 0 ? .info : .error,
        [("passed", .int(passed)), ("failed", .int(failed))]))
  }

  private static func test(_ result: PolicyTestReport.Result, _ file: String) -> EventLine {
    let failures = result.failures.map { failure -> Value in
      .map([
        ("rule", .string(failure.rule)), ("expected", .string(failure.expected.rawValue)),
        ("actual", .string(failure.actual.rawValue)), ("message", .string(failure.message ?? "")),
      ])
    }
    return EventLine(
      "policy_test", "\(result.name): \(result.isPassed ? "passed" : "failed")",
      level: result.isPassed ? .info : .error,
      [
        ("test", .string(result.name)), ("file", .string(file)), ("passed", .bool(result.isPassed)),
        ("failures", .list(failures)),
      ])
  }
}
