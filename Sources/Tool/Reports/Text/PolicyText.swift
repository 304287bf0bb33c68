import Diagnostics
import Planning
import Policies
import Resources

/// What policies said of a plan, beyond the problems that stand before it.
package enum PolicyText {
  /// `Policies: 43 rules, 2 denied, 1 warning, 3 waived.` Nothing where no rule looked at anything.
  package static func write(_ report: PolicyReport?, _ palette: Palette, to sink: TextSink) {
    guard let report, report.ruleCount > 0 else { return }
    sink.line(palette(summary(report), report.isDenied ? .red : .bold))
    for finding in report.findings where finding.outcome == .overridden {
      sink.line(palette("  " + TerminalText.escaped(overridden(finding)), .yellow))
    }
    let waived = report.findings.filter { $0.outcome == .waived }
    for finding in waived.prefix(AddressList.limit) {
      sink.line(palette("  " + TerminalText.escaped(Self.waived(finding)), .faint))
    }
    if waived.count > AddressList.limit { sink.line("  and \(waived.count - AddressList.limit) more waived") }
  }

  package static func summary(_ report: PolicyReport) -> String {
    func count(_ outcomes: PolicyFinding.Outcome...) -> Int { report.findings.count { outcomes.contains($0.outcome) } }
    let rules = "\(report.ruleCount) \(report.ruleCount == 1 ? "rule" : "rules")"
    var parts = [rules + (report.revision.map { " of `\($0.name)` (\($0.commit.prefix(12)))" } ?? "")]
    let denied = count(.denied, .undecidedDenied, .failed), warned = count(.warned, .undecidedWarned)
    if denied > 0 { parts.append("\(denied) denied") }
    if warned > 0 { parts.append("\(warned) \(warned == 1 ? "warning" : "warnings")") }
    let overridden = count(.overridden)
    if overridden > 0 { parts.append("\(overridden) waived by --waive") }
    let waived = count(.waived)
    if waived > 0 { parts.append("\(waived) waived") }
    if !report.rechecks.isEmpty { parts.append("\(report.rechecks.count) decided while applying") }
    if parts.count == 1 { parts.append("nothing found") }
    return TerminalText.escaped("Policies: \(parts.joined(separator: ", ")).")
  }

  private static func waived(_ finding: PolicyFinding) -> String {
    let grounds = finding.waiver.map { " until \($0.expires) by \($0.owner): \($0.reason)" } ?? ""
    return "\(finding.address?.text ?? "the estate"): \(finding.rule) is waived\(grounds)"
  }

  private static func overridden(_ finding: PolicyFinding) -> String {
    let grounds = finding.waiver.map { " by \($0.owner): \($0.reason)" } ?? ""
    return "\(finding.address?.text ?? "the estate"): \(finding.rule) is let be\(grounds)"
  }
}

/// What a plan costs.
package enum CostText {
  /// One line, and with `isFull` one for each change that costs something.
  package static func write(_ cost: CostReport?, isFull: Bool, _ palette: Palette, to sink: TextSink) {
    guard let cost, isFull || !cost.lines.isEmpty else { return }
    if isFull {
      for line in cost.lines { sink.line("  " + TerminalText.escaped(text(line))) }
    }
    sink.line(palette(summary(cost), .bold))
    guard isFull, !cost.notEstimated.isEmpty else { return }
    let types = cost.notEstimated.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value))" }
    sink.line("Not estimated: \(TerminalText.escaped(types.joined(separator: ", ")))")
  }

  /// `Cost: +$65.70 a month, $98.55 in all (list prices of 2026-01-01; 1 by use, 2 not estimated).`
  package static func summary(_ cost: CostReport) -> String {
    var remarks = ["list prices of \(cost.date)"]
    var parts: [String] = []
    if cost.byUse > 0 { parts.append("\(cost.byUse) by use") }
    let unknown = cost.notEstimated.values.reduce(0, +)
    if unknown > 0 { parts.append("\(unknown) not estimated") }
    if !parts.isEmpty { remarks.append(parts.joined(separator: ", ")) }
    let isPriced = cost.estimated > 0 || cost.before > 0
    let amounts =
      isPriced ? "\(Money.change(cost.delta)) a month, \(Money.text(cost.after)) in all" : "nothing fixed by the month"
    return "Cost: \(amounts) (\(remarks.joined(separator: "; ")))."
  }

  private static func text(_ line: CostLine) -> String {
    var text = "\(line.action.symbol) \(line.address): "
    switch (line.before, line.after) {
    case (nil, nil): text += "depends on use"
    case (let before, let after):
      let change = Money.change((after ?? 0) - (before ?? 0))
      text += before != nil && after != nil ? "\(change) (\(Money.text(after ?? 0)))" : change
    }
    return text + (line.usage.isEmpty ? "" : "; \(line.usage.joined(separator: ", "))")
  }
}
