import Diagnostics
import Expressions
import Values

/// An expression that allows where it is true.
struct Condition: Sendable {
  let program: Program

  enum Answer: Sendable, Equatable {
    case yes, no
    /// Something it reads is not known yet.
    case undecided
    /// Why it has no answer: nothing is allowed by a rule that fails.
    case failed(String)
  }

  static let limits = EvaluationLimits(cost: PolicyLimits.cost)

  func holds(_ activation: Activation) -> Answer {
    switch program.evaluate(activation, limits: Self.limits).outcome {
    case .value(.bool(let holds)): holds ? .yes : .no
    case .value(let other): .failed("it gives \(other.phrase), and not true or false")
    case .unknown: .undecided
    case .failed(let problem): .failed(problem.message)
    }
  }
}

/// A text about a finding, with expressions in it.
struct Message: Sendable {
  let template: Template

  /// What is not known, or cannot be told, stands as it is written.
  func text(_ activation: Activation) -> String {
    switch template.evaluate(activation, limits: Condition.limits) {
    case .value(let value) where !value.isSensitive: value.string ?? value.spelling
    case .value, .unknown, .failed: template.source
    }
  }
}
