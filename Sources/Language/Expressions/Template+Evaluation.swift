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

  /// Evaluates to a value of a document. `locate` tells where a byte of the text stands, for what fails.
  package func evaluate(
    _ activation: Activation, limits: EvaluationLimits = .standard,
    locate: (Int) -> SourcePosition? = { _ in nil }
  ) -> TemplateResult {
    let result = result(activation, limits: limits, locate: locate)
    switch result.outcome {
    case .failed(let problem): return .failed(problem)
    case .unknown(let unknown): return .unknown(awaiting: unknown.references)
    case .value(let operand):
      do throws(EvaluationError) {
        let value = try operand.value()
        return .value(result.isSensitive && !value.isSensitive ? value.markedSensitive : value)
      } catch {
        let problem = ExpressionProblem(.resultType, error.message, 0..<source.utf8.count, hint: error.hint)
        return .failed(problem.diagnostic(in: source, locate: locate))
      }
    }
  }

  /// Evaluates with variables and references: a single expression keeps its kind, text around it makes a text, of which
  /// the beginning may be known though the rest is not.
  package func result(
    _ activation: Activation, limits: EvaluationLimits = .standard,
    locate: (Int) -> SourcePosition? = { _ in nil }
  ) -> EvaluationResult {
    if let problem = diagnostics.first { return EvaluationResult(.failed(problem), isSensitive: false, cost: 0) }
    if parts.count == 1, case .expression(let program, _) = parts[0] {
      return program.evaluate(activation, limits: limits, locate: locate)
    }
    var joining = Joining(source: source)
    for part in parts {
      switch part {
      case .text(let text): joining.append(text)
      case .expression(let program, let offset):
        joining.append(program.evaluate(activation, limits: limits, locate: locate), at: offset, locate)
      }
    }
    return joining.result(locate)
  }
}

/// A text being put together from its parts.
private struct Joining {
  let source: String
  private var text = ""
  private var awaited: Unknown?
  private var isSensitive = false
  private var cost = 0
  private var problem: Diagnostic?

  init(source: String) { self.source = source }

  mutating func append(_ part: String) {
    if awaited == nil { text += part }
  }

  mutating func append(_ result: EvaluationResult, at offset: Int, _ locate: (Int) -> SourcePosition?) {
    isSensitive = isSensitive || result.isSensitive
    cost += result.cost
    switch result.outcome {
    case .failed(let diagnostic): problem = problem ?? diagnostic
    case .unknown(let unknown):
      if awaited == nil, unknown.knowledge.typeName == "string" { text += unknown.knowledge.prefix }
      awaited = awaited?.merging(unknown).derived() ?? unknown.derived()
    case .value(let operand):
      guard let joined = operand.joined else {
        let collection = ExpressionProblem.collection(operand.phrase, offset)
        problem = problem ?? collection.diagnostic(in: source, locate: locate)
        return
      }
      append(joined)
    }
  }

  func result(_ locate: (Int) -> SourcePosition?) -> EvaluationResult {
    EvaluationResult(outcome(locate), isSensitive: isSensitive, cost: cost)
  }

  private func outcome(_ locate: (Int) -> SourcePosition?) -> EvaluationResult.Outcome {
    if let problem { return .failed(problem) }
    guard text.utf8.count <= ExpressionLimits.resultBytes else {
      let message = "the text grows beyond \(ExpressionLimits.resultBytes) bytes"
      return .failed(ExpressionProblem(.expressionLimit, message, 0..<1).diagnostic(in: source, locate: locate))
    }
    guard let awaited else { return .value(.string(text)) }
    return .unknown(awaited.derived(Knowledge(type: .string, isNotNull: true, prefix: text)))
  }
}

extension ExpressionProblem {
  /// What is no text in the middle of one.
  static func collection(_ phrase: String, _ offset: Int) -> ExpressionProblem {
    ExpressionProblem(
      .textOfCollection, "\(phrase) cannot stand inside a text", offset..<offset + 2,
      hint: "use the expression alone, without text around it, or make it a text: `string(…)`, `.join(\",\")`")
  }
}
