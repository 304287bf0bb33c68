import Planning
import Resources
import Values

/// Asked just before a step is announced, when its values are known. Policies stand behind it.
package protocol StepGate: Sendable {
  /// Why the step must not be made; nil lets it go.
  ///
  /// - Parameters:
  ///   - after: the wanted fields with everything that is known by now.
  ///   - isLast: no later step of the change will know more.
  func refusal(_ change: Change, after: Value?, isLast: Bool) -> StepRefusal?
}

/// Why a step was not made. Nothing was sent.
package struct StepRefusal: Error, Sendable, Equatable {
  /// The rule that stands in the way.
  package var rule: String
  /// One sentence, without secrets.
  package var message: String

  package init(rule: String, message: String) {
    self.rule = rule
    self.message = message
  }

  /// Named as the service in the facts of a refused step.
  package static let service = "policies"
}

extension World {
  /// Whether policies let a step be made.
  func refusal(_ step: Step, _ gate: any StepGate) -> StepRefusal? {
    switch step.operation {
    case .create, .update, .setLate: break
    case .delete, .adopt, .move, .forget, .clearLate: return nil
    }
    let change = plan.changes[step.change]
    let isLast = step.operation == .setLate || !table.operations[step.change].contains(.setLate)
    return gate.refusal(change, after: change.after.map(known), isLast: isLast)
  }
}
