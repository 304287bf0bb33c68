import Diagnostics

/// What became of an expression or template of which something may stay unknown.
package struct PartialEvaluation: Sendable {
  package enum Outcome: Sendable {
    /// Known all through; an absent optional is `.optional(nil)`.
    case known(Operand)
    /// Not known, or a list or map that holds what is not.
    case unknown(Operand)
    case failed(Diagnostic)
  }

  package var outcome: Outcome
  /// A secret was read on the way.
  package var isSensitive: Bool
}

extension Program {
  /// Evaluates, and gives lists and maps that are known in part as they are.
  package func evaluatePartially(
    _ activation: Activation, limits: EvaluationLimits = .standard, locate: (Int) -> SourcePosition? = { _ in nil }
  ) -> PartialEvaluation {
    var evaluator = Evaluator(code, activation, limits)
    let operand = evaluator.evaluate(code.root)
    if case .failed(let failure) = operand {
      let problem = ExpressionProblem(
        failure.code.diagnosticCode, failure.error.message, failure.range, hint: failure.error.hint)
      return PartialEvaluation(
        outcome: .failed(problem.diagnostic(in: source, locate: locate)), isSensitive: evaluator.isSensitive)
    }
    let isUnknown = operand.mayHoldUnknown && operand.heldUnknown != nil
    return PartialEvaluation(
      outcome: isUnknown ? .unknown(operand) : .known(operand), isSensitive: evaluator.isSensitive)
  }

  /// What is left of it as CEL that reads other manifests alone; nil where that cannot be written.
  package func residual(
    _ activation: Activation, limits: EvaluationLimits = .standard, naming: @escaping (Unknown) -> String?
  ) -> String? {
    var writer = ResidualWriter(code, activation, limits, naming: naming)
    return writer.text()
  }
}

extension Template {
  /// Evaluates, and gives lists and maps that are known in part as they are.
  package func evaluatePartially(
    _ activation: Activation, limits: EvaluationLimits = .standard, locate: (Int) -> SourcePosition? = { _ in nil }
  ) -> PartialEvaluation {
    if let problem = diagnostics.first { return PartialEvaluation(outcome: .failed(problem), isSensitive: false) }
    if parts.count == 1, case .expression(let program, _) = parts[0] {
      return program.evaluatePartially(activation, limits: limits, locate: locate)
    }
    var text = "", isSensitive = false
    var unknown: Operand?
    for part in parts {
      switch part {
      case .text(let literal): text += literal
      case .expression(let program, let offset):
        let result = program.evaluatePartially(activation, limits: limits, locate: locate)
        isSensitive = isSensitive || result.isSensitive
        switch result.outcome {
        case .failed: return result
        case .unknown(let operand): unknown = unknown ?? .unknown(Unknown(derivedFrom: operand))
        case .known(let operand):
          guard let joined = operand.loaded.joined else {
            return PartialEvaluation(outcome: .failed(noText(operand, locate(offset))), isSensitive: isSensitive)
          }
          text += joined
        }
      }
    }
    return PartialEvaluation(outcome: unknown.map { .unknown($0) } ?? .known(.string(text)), isSensitive: isSensitive)
  }

  private func noText(_ operand: Operand, _ position: SourcePosition?) -> Diagnostic {
    .error(
      .textOfCollection, "\(operand.phrase) cannot stand inside a text", at: position,
      hint: "use the expression alone, without text around it")
  }

  /// The template with all that is known filled in, as a template that reads other manifests alone; nil where that
  /// cannot be written, or would show a secret.
  package func residual(
    _ activation: Activation, limits: EvaluationLimits = .standard, naming: @escaping (Unknown) -> String?
  ) -> String? {
    var text = ""
    for part in parts {
      switch part {
      case .text(let literal): text += literal.replacing("${", with: "$${")
      case .expression(let program, _):
        let part = program.evaluatePartially(activation, limits: limits)
        guard !part.isSensitive else { return nil }
        if parts.count > 1, case .known(let operand) = part.outcome, let joined = operand.loaded.joined {
          text += joined.replacing("${", with: "$${")
          continue
        }
        guard let left = program.residual(activation, limits: limits, naming: naming) else { return nil }
        text += "${\(left)}"
      }
    }
    return text
  }
}

extension Template {
  /// The same as one expression, without `${`.
  package func residualExpression(
    _ activation: Activation, limits: EvaluationLimits = .standard, naming: @escaping (Unknown) -> String?
  ) -> String? {
    var texts: [String] = []
    for part in parts {
      switch part {
      case .text(let literal): texts.append(Operand.quoted(literal))
      case .expression(let program, _):
        guard let left = program.residual(activation, limits: limits, naming: naming) else { return nil }
        texts.append(parts.count == 1 ? left : "string(\(left))")
      }
    }
    return parts.count == 1 ? texts[0] : "(\(texts.joined(separator: " + ")))"
  }
}

extension Unknown {
  /// What a text with the operand in it awaits.
  fileprivate convenience init(derivedFrom operand: Operand) {
    let unknown = operand.heldUnknown
    self.init(
      references: unknown?.references ?? [], slots: unknown?.slots ?? [], knowledge: Knowledge(type: .string),
      mayFail: true)
  }
}
