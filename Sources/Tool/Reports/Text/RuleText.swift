import Diagnostics
import Policies
import Resources
import Values

/// Rules of policies, in a list or one by one.
package enum RuleText {
  /// One line a rule: id, effect, where it stands, what it asks for.
  package static func list(_ set: PolicySet, _ palette: Palette) -> [String] {
    let width = set.rules.map(\.rule.id.count).max() ?? 0
    return set.rules.map { prepared in
      let rule = prepared.rule
      let id = rule.id + String(repeating: " ", count: width - rule.id.count)
      let place = rule.pack.map { "pack \($0)" } ?? rule.policy
      return TerminalText.escaped("\(id)  \(rule.effect == .deny ? "deny" : "warn")  \(place): \(rule.summary)")
    }
  }

  /// Everything about one rule.
  package static func lines(_ rule: PolicyRule, _ set: PolicySet, _ palette: Palette) -> [String] {
    var lines = [palette(TerminalText.escaped(rule.id), .bold) + ": " + TerminalText.escaped(rule.summary), ""]
    func add(_ name: String, _ text: String?) {
      guard let text, !text.isEmpty else { return }
      let parts = text.split(separator: "\n", omittingEmptySubsequences: true)
      lines.append("  \(name): " + TerminalText.escaped(String(parts.first ?? "")))
      for part in parts.dropFirst() { lines.append("    " + TerminalText.escaped(String(part))) }
    }
    add(
      "stands in",
      "\(rule.pack.map { "pack \($0)" } ?? "policy \(rule.policy)")" + (rule.origin.map { ", \($0)" } ?? ""))
    add("looks at", subject(rule.match))
    add("rule", rule.expression.string)
    add("effect", "\(rule.effect.rawValue); \(rule.onUnknown.rawValue) while something is not known")
    add("severity", rule.severity?.rawValue)
    add("message", rule.message?.string)
    add("hint", rule.hint?.string)
    add("others call it", rule.references.joined(separator: ", "))
    for waiver in set.waivers where waiver.rule == rule.id {
      add("waived", "\(waiver.address) until \(waiver.expires) by \(waiver.owner): \(waiver.reason)")
    }
    return lines
  }

  private static func subject(_ match: RuleMatch) -> String {
    switch match {
    case .estate: return "the estate as a whole"
    case .manifests(let kinds, let address): return "manifests \(kinds.joined(separator: ", "))" + at(address)
    case .resources(let types, let address, let actions):
      let doing = actions.isEmpty ? "" : " that plans \(actions.map(\.rawValue).joined(separator: ", "))"
      return "\(types.joined(separator: ", "))\(doing)" + at(address)
    }
  }

  private static func at(_ address: String?) -> String { address.map { " at \($0)" } ?? "" }
}
