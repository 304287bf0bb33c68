import Diagnostics
import Resources
import Values

extension PlanFileWriter {
  static func append(_ report: PolicyReport, to builder: inout TapeBuilder) {
    builder.beginMap()
    if let revision = report.revision {
      builder.entry("revision", revision.name)
      builder.entry("commit", revision.commit)
    }
    builder.entry("rules", report.ruleCount)
    builder.entry("denied", report.isDenied)
    builder.key("findings")
    builder.list(report.findings) { append($0, to: &$1) }
    builder.key("rechecks")
    builder.list(report.rechecks) { append($0, to: &$1) }
    builder.key("parameters")
    builder.append(report.parameters)
    builder.endMap()
  }

  private static func append(_ finding: PolicyFinding, to builder: inout TapeBuilder) {
    builder.beginMap()
    builder.entry("rule", finding.rule)
    builder.entry("policy", finding.policy)
    builder.entry("outcome", finding.outcome.rawValue)
    builder.entry("address", finding.address?.text)
    builder.entry("message", finding.message)
    builder.entry("hint", finding.hint)
    builder.entry("severity", finding.severity)
    builder.key("references")
    builder.list(finding.references) { $1.string($0) }
    builder.position("origin", finding.origin)
    builder.position("rule_origin", finding.ruleOrigin)
    if let waiver = finding.waiver {
      builder.key("waiver")
      builder.beginMap()
      builder.entry("owner", waiver.owner)
      builder.entry("reason", waiver.reason)
      builder.entry("expires", waiver.expires)
      builder.endMap()
    }
    builder.endMap()
  }

  private static func append(_ recheck: PolicyRecheck, to builder: inout TapeBuilder) {
    builder.beginMap()
    builder.entry("rule", recheck.rule)
    builder.entry("policy", recheck.policy)
    builder.entry("address", recheck.address.text)
    builder.entry("expression", recheck.expression)
    builder.entry("denies", recheck.denies)
    builder.entry("message", recheck.message)
    builder.entry("hint", recheck.hint)
    builder.position("rule_origin", recheck.ruleOrigin)
    builder.endMap()
  }

  static func append(_ cost: CostReport, to builder: inout TapeBuilder) {
    builder.beginMap()
    builder.entry("currency", "USD")
    builder.entry("price_date", cost.date)
    builder.entry("price_source", cost.source)
    builder.amount("monthly_before", cost.before)
    builder.amount("monthly_after", cost.after)
    builder.amount("monthly_delta", cost.delta)
    builder.entry("estimated", cost.estimated)
    builder.entry("free", cost.free)
    builder.entry("by_use", cost.byUse)
    builder.key("not_estimated")
    builder.beginMap()
    for (type, count) in cost.notEstimated.sorted(by: { $0.key < $1.key }) { builder.entry(type, count) }
    builder.endMap()
    builder.key("resources")
    builder.list(cost.lines) { line, builder in
      builder.beginMap()
      builder.entry("address", line.address.text)
      builder.entry("type", line.type.text)
      builder.entry("action", line.action.rawValue)
      builder.amount("monthly_before", line.before)
      builder.amount("monthly_after", line.after)
      builder.key("usage")
      builder.list(line.usage) { $1.string($0) }
      builder.endMap()
    }
    builder.endMap()
  }
}

extension TapeBuilder {
  fileprivate mutating func amount(_ name: String, _ amount: Double?) {
    guard let amount else { return }
    key(name)
    append(.double(amount))
  }
}

extension PlanFile {
  static func policies(_ fields: PlanFileFields) throws(PlanFileError) -> PolicyReport {
    var report = PolicyReport()
    if let name = try fields.optionalText("revision") {
      report.revision = PolicyReport.Revision(name: name, commit: try fields.text("commit"))
    }
    report.ruleCount = try fields.number("rules")
    report.findings = try fields.objects("findings") { (fields) throws(PlanFileError) in try finding(fields) }
    report.rechecks = try fields.objects("rechecks") { (fields) throws(PlanFileError) in
      var recheck = PolicyRecheck(
        rule: try fields.text("rule"), policy: try fields.text("policy"), address: Address(try fields.text("address")),
        expression: try fields.text("expression"), denies: try fields.flag("denies"))
      recheck.message = try fields.text("message")
      recheck.hint = try fields.text("hint")
      recheck.ruleOrigin = try fields.position("rule_origin")
      return recheck
    }
    report.parameters = try fields.object("parameters").value
    return report
  }

  private static func finding(_ fields: PlanFileFields) throws(PlanFileError) -> PolicyFinding {
    var finding = PolicyFinding(
      rule: try fields.text("rule"), policy: try fields.text("policy"),
      outcome: try fields.choice("outcome", PolicyFinding.Outcome.self),
      address: try fields.optionalText("address").map { Address($0) }, message: try fields.text("message"))
    finding.hint = try fields.optionalText("hint")
    finding.severity = try fields.optionalText("severity")
    finding.references = try fields.texts("references")
    finding.origin = try fields.position("origin")
    finding.ruleOrigin = try fields.position("rule_origin")
    if fields.value["waiver"] != nil {
      let waiver = try fields.object("waiver")
      finding.waiver = PolicyFinding.Grounds(
        owner: try waiver.text("owner"), reason: try waiver.text("reason"), expires: try waiver.text("expires"))
    }
    return finding
  }

  static func cost(_ fields: PlanFileFields) throws(PlanFileError) -> CostReport {
    var cost = CostReport(date: try fields.text("price_date"), source: try fields.text("price_source"))
    cost.before = try fields.amount("monthly_before") ?? 0
    cost.after = try fields.amount("monthly_after") ?? 0
    cost.estimated = try fields.number("estimated")
    cost.free = try fields.number("free")
    cost.byUse = try fields.number("by_use")
    let types = try fields.object("not_estimated")
    for type in types.value.keys { cost.notEstimated[type] = try types.number(type) }
    cost.lines = try fields.objects("resources") { (fields) throws(PlanFileError) in
      CostLine(
        address: Address(try fields.text("address")), type: TypeName(try fields.text("type")),
        action: try fields.choice("action", Action.self), before: try fields.amount("monthly_before"),
        after: try fields.amount("monthly_after"), usage: try fields.texts("usage"))
    }
    return cost
  }
}

extension PlanFileFields {
  fileprivate func amount(_ key: String) throws(PlanFileError) -> Double? {
    guard let found = value[key] else { return nil }
    guard let amount = found.double, amount.isFinite else { throw problem("is no amount", key) }
    return amount
  }
}
