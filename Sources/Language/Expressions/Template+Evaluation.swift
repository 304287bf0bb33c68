import Diagnostics
import Values

/// What became of a template.
package enum TemplateResult: Sendable {
  case value(Value)
  /// Not known yet: these references have no value so far.
  case unknown(awaiting: [Reference])
  case failed(Diagnostic)
}

extension Template {
  /// Evaluates with what is known of other manifests. `resolve` returns nil for what is not known yet; an unknown
  /// inside the value it returns counts the same. A secret makes the whole result secret.
  package func evaluate(_ resolve: (Reference) -> Value?) -> TemplateResult {
    withoutActuallyEscaping(resolve) { resolve in
      evaluate(Activation(resolve: { resolve($0).map { Operand.value($0) } }))
    }
  }

  /// Evaluates with variables and references. A single expression keeps its kind, text around it makes a text.
  package func evaluate(_ activation: Activation, limits: EvaluationLimits = .standard) -> TemplateResult {
    if let problem = diagnostics.first { return .failed(problem) }
    guard parts.count != 1, !parts.isEmpty else { return single(activation, limits) }
    var text = ""
    var awaiting: [Reference] = []
    var isUnknown = false, isSensitive = false
    for part in parts {
      switch part {
      case .text(let literal): text += literal
      case .expression(let program, _):
        let result = program.evaluate(activation, limits: limits)
        isSensitive = isSensitive || result.isSensitive
        switch result.outcome {
        case .value(let operand):
          if let problem = append(operand, to: &text) { return .failed(problem) }
        case .unknown(let unknown):
          isUnknown = true
          awaiting += unknown.references
        case .failed(let problem): return .failed(problem)
        }
      }
    }
    guard !isUnknown else { return .unknown(awaiting: awaiting.unique) }
    let value = Value.string(text)
    return .value(isSensitive ? value.markedSensitive : value)
  }

  /// A text without expressions, or one expression and nothing else.
  private func single(_ activation: Activation, _ limits: EvaluationLimits) -> TemplateResult {
    switch parts.first {
    case nil: return .value(.string(""))
    case .text(let text): return .value(.string(text))
    case .expression(let program, let offset):
      let result = program.evaluate(activation, limits: limits)
      switch result.outcome {
      case .value(let operand):
        do throws(EvaluationError) {
          let value = try operand.value()
          return .value(result.isSensitive && !value.isSensitive ? value.markedSensitive : value)
        } catch {
          let problem = ExpressionProblem(.resultType, error.message, offset..<offset + 2, hint: error.hint)
          return .failed(problem.diagnostic(in: source) { _ in nil })
        }
      case .unknown(let unknown): return .unknown(awaiting: unknown.references)
      case .failed(let problem): return .failed(problem)
      }
    }
  }

  private func append(_ operand: Operand, to text: inout String) -> Diagnostic? {
    guard let joined = operand.joined else {
      return .error(
        .textOfCollection, "\(operand.phrase) cannot stand inside a text: `\(source)`",
        hint: "use the expression alone, without text around it")
    }
    text += joined
    guard text.utf8.count <= ExpressionLimits.resultBytes else {
      return .error(.expressionLimit, "the text grows beyond \(ExpressionLimits.resultBytes) bytes")
    }
    return nil
  }
}
