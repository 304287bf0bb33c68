import Applying
import Inventory
import Planning
import Policies
import Resources
import Values

typealias JournalRemark = JournalEntry.Event

/// Asks the rules that a plan left open, just before each step.
struct PolicyGate: StepGate {
  private let rechecker: PolicyRechecker

  /// nil where the plan left no rule open.
  init?(_ plan: Plan, catalog: TypeCatalog, waived: [String]) {
    rechecker = PolicyRechecker(plan, catalog: catalog, waived: Set(waived))
    if rechecker.isEmpty { return nil }
  }

  func refusal(_ change: Change, after: Value?, isLast: Bool) -> StepRefusal? {
    guard let (recheck, answer) = rechecker.answer(change, after: after) else { return nil }
    switch answer {
    case .allowed: return nil
    case .undecided:
      guard isLast else { return nil }
      return StepRefusal(
        rule: recheck.rule,
        message: "the policy rule `\(recheck.rule)` cannot be decided before `\(change.address)` is made")
    case .denied(let message, let hint):
      let advice = hint.map { " (\($0))" } ?? ""
      return StepRefusal(
        rule: recheck.rule, message: "the policy rule `\(recheck.rule)` denies it: \(message)\(advice)")
    }
  }
}
