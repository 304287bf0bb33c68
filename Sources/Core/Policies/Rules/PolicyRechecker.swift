import Expressions
import Planning
import Resources
import Values

/// Decides, just before a step, the rules that a plan left open.
package struct PolicyRechecker: Sendable {
  /// What one rule says now.
  package enum Answer: Sendable, Equatable {
    case allowed
    /// It still cannot be decided.
    case undecided
    /// With what is wrong, and what to do about it.
    case denied(message: String, hint: String?)
  }

  private let rechecks: [Address: [PolicyRecheck]]
  private let targets: [TargetName: PolicyInput.TargetFacts]
  private let parameters: Value
  private let catalog: TypeCatalog
  private let changes: [Change]
  private let environment: String

  /// - Parameter waived: rules that `--waive` lets be.
  package init(_ plan: Plan, catalog: TypeCatalog, waived: Set<String> = []) {
    let open = (plan.policies?.rechecks ?? []).filter { !waived.contains($0.rule) }
    rechecks = Dictionary(grouping: open, by: \.address)
    targets = Dictionary(
      plan.targets.map { ($0.target, PolicyInput.TargetFacts($0)) }, uniquingKeysWith: { first, _ in first })
    parameters = plan.policies?.parameters ?? .map([])
    self.catalog = catalog
    let isNeeded = open.contains { !RuleNeeds([$0.expression, $0.message, $0.hint]).isEmpty }
    changes = isNeeded ? plan.changes : []
    environment = plan.scope.environment ?? ""
  }

  package var isEmpty: Bool { rechecks.isEmpty }

  /// The rules about a change whose wanted fields are now `after`, the first that denies or stays open first.
  package func answer(_ change: Change, after: Value?) -> (rule: PolicyRecheck, answer: Answer)? {
    guard let open = rechecks[change.address] else { return nil }
    let programs = RecheckPrograms()
    var undecided: PolicyRecheck?
    var facts = facts(change, after)
    for recheck in open {
      guard let condition = programs.condition(recheck.expression) else {
        return (recheck, .denied(message: "the rule cannot be read", hint: nil))
      }
      let activation = facts.activation(0, RuleNeeds([recheck.expression, recheck.message, recheck.hint]))
      switch condition.holds(activation) {
      case .yes: continue
      case .undecided: undecided = undecided ?? recheck
      case .failed(let why): return (recheck, .denied(message: why, hint: nil))
      case .no:
        let message =
          recheck.message.isEmpty ? "the rule does not hold" : programs.message(recheck.message).text(activation)
        let hint = recheck.hint.isEmpty ? nil : programs.message(recheck.hint).text(activation)
        return (recheck, .denied(message: message, hint: hint))
      }
    }
    return undecided.map { ($0, .undecided) }
  }

  /// The change itself first, then the others where a rule looks at them.
  private func facts(_ change: Change, _ after: Value?) -> Facts {
    let others = changes.filter { $0.address != change.address }
    let resources = [resource(change, after)] + others.map { resource($0, $0.after) }
    let input = PolicyInput(
      .planning, resources: resources, targets: Array(targets.values), today: "", environment: environment)
    return Facts(input, catalog, parameters: parameters, cost: nil)
  }

  private func resource(_ change: Change, _ after: Value?) -> PolicyInput.Resource {
    PolicyInput.Resource(
      address: change.address, type: change.type, target: change.target, action: change.action,
      before: change.before, after: after, isProtected: change.lifecycle.protect, isStateful: change.isStateful,
      references: change.dependencies + change.lateDependencies, origin: change.origin)
  }
}
