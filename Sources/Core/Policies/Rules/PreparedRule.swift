import Expressions
import Resources
import Values

/// A rule that can be evaluated. A class, since it is looked at for every resource: copying its texts each time would
/// cost more than most rules do.
package final class PreparedRule: Sendable {
  package let rule: PolicyRule
  /// For each registered type that it names, checked against its schema.
  let typed: [TypeName: RuleProgram]
  /// For everything else: types by pattern, types that no provider has, manifests, the estate.
  let general: RuleProgram
  let needs: RuleNeeds

  init(rule: PolicyRule, typed: [TypeName: RuleProgram], general: RuleProgram, needs: RuleNeeds) {
    self.rule = rule
    self.typed = typed
    self.general = general
    self.needs = needs
  }

  func program(_ type: TypeName) -> RuleProgram { typed[type] ?? general }

  /// True where the rule looks at resources of the type.
  func looks(at type: TypeName) -> Bool {
    guard case .resources(let types, _, _) = rule.match else { return false }
    return types.contains { Address(type.text).matches(glob: $0) }
  }

  /// True where the rule looks at one resource.
  func looks(at resource: PolicyInput.Resource, _ stage: PolicyInput.Stage) -> Bool {
    guard case .resources(_, let address, let actions) = rule.match else { return false }
    if let address, !resource.address.matches(glob: address) { return false }
    if actions.isEmpty { return resource.after != nil }
    guard stage == .planning, let action = resource.action else { return false }
    return actions.contains(action)
  }

  /// True where the rule looks at a manifest.
  func looks(at manifest: Address) -> Bool {
    guard case .manifests(let kinds, let address) = rule.match else { return false }
    let kind = Address(String(manifest.text.prefix { $0 != "/" }))
    guard kinds.contains(where: { kind.matches(glob: $0) }) else { return false }
    return address.map { manifest.matches(glob: $0) } ?? true
  }
}

/// The compiled parts of a rule for one kind of subject.
final class RuleProgram: Sendable {
  let condition: Condition
  /// nil for the rule's summary.
  let message: Message?
  let hint: Message?

  init(condition: Condition, message: Message?, hint: Message?) {
    self.condition = condition
    self.message = message
    self.hint = hint
  }
}
