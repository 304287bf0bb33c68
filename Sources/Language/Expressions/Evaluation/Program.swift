import Diagnostics
import Values

/// A compiled expression: checked once, evaluated any number of times, from any number of tasks.
///
///     let (program, problems) = Program.compile("object.spec.replicas <= 5", in: environment)
///     let result = program?.evaluate(Activation(["object": .value(document)]))
package struct Program: Sendable {
  /// The text as authored.
  package let source: String
  /// The type that the checker found; `dyn` where it is only known at run time.
  package let type: ExpressionType
  /// What it reads from other manifests, each once, in source order.
  package let references: [Reference]
  let code: CompiledCode

  /// Compiles a text of its own; `Template` compiles those inside `${…}`.
  ///
  /// - Parameters:
  ///   - wanted: the type that the place takes, `bool` for a rule; anything where nil.
  ///   - locate: where a byte of the text stands; asked only when something is wrong.
  /// - Returns: no program where there is an error; there may be several problems.
  package static func compile(
    _ source: String, in environment: ExpressionEnvironment, expecting wanted: ExpressionType? = nil,
    locate: (Int) -> SourcePosition? = { _ in nil }
  ) -> (program: Program?, diagnostics: [Diagnostic]) {
    var text = source
    let parser = text.withUTF8 { bytes in
      var parser = Parser(bytes, at: 0, in: environment)
      parser.whole()
      return parser
    }
    let (program, problems) = make(parser, source, in: environment, expecting: wanted)
    let ordered = problems.sorted { $0.range.lowerBound < $1.range.lowerBound }
    return (program, ordered.map { $0.diagnostic(in: source, locate: locate) })
  }

  /// Checks and compiles what a parser has read.
  static func make(
    _ parser: Parser, _ source: String, in environment: ExpressionEnvironment, expecting wanted: ExpressionType?
  ) -> (Program?, [ExpressionProblem]) {
    guard parser.problems.isEmpty else { return (nil, parser.problems) }
    var checker = Checker(parser.tree, in: environment)
    checker.run(expecting: wanted)
    guard checker.problems.isEmpty else { return (nil, checker.problems) }
    let (code, problems) = Emitter.compile(parser.tree, checker)
    guard problems.isEmpty || checker.isLenient else { return (nil, problems) }
    let program = Program(
      source: source, type: checker.types[parser.tree.root], references: parser.references.unique, code: code)
    return (program, [])
  }

  /// True when nothing is read from other manifests.
  package var isConstant: Bool { references.isEmpty }

  /// True for one reference and nothing around it.
  package var isSingleReference: Bool { code.instructions[Int(code.root)].code == .reference }
}

extension Program {
  /// Evaluates with what is known.
  ///
  /// - Parameter locate: where a byte of `source` stands, for the failure's diagnostic.
  package func evaluate(
    _ activation: Activation = Activation(), limits: EvaluationLimits = .standard,
    locate: (Int) -> SourcePosition? = { _ in nil }
  ) -> EvaluationResult {
    var evaluator = Evaluator(code, activation, limits)
    let operand = evaluator.evaluate(code.root)
    let cost = limits.cost - evaluator.budget
    switch operand {
    case .failed(let failure):
      let problem = ExpressionProblem(
        failure.code.diagnosticCode, failure.error.message, failure.range, hint: failure.error.hint)
      let diagnostic = problem.diagnostic(in: source, locate: locate)
      return EvaluationResult(.failed(diagnostic), isSensitive: evaluator.isSensitive, cost: cost)
    default:
      guard operand.mayHoldUnknown, let unknown = operand.heldUnknown else {
        return EvaluationResult(.value(operand.loaded), isSensitive: evaluator.isSensitive, cost: cost)
      }
      return EvaluationResult(
        .unknown(evaluator.traced(unknown)), isSensitive: evaluator.isSensitive, cost: cost,
        partial: operand.isUnknown ? nil : operand)
    }
  }
}

/// What became of an expression.
package struct EvaluationResult: Sendable {
  package enum Outcome: Sendable {
    /// Known all through.
    case value(Operand)
    case unknown(Unknown)
    case failed(Diagnostic)
  }

  package let outcome: Outcome
  /// A secret was read on the way: the result is to be treated as one.
  package let isSensitive: Bool
  /// Units of work it took.
  package let cost: Int
  /// With an unknown outcome, the list or map that is known but for what it holds; else nil.
  package let partial: Operand?

  init(_ outcome: Outcome, isSensitive: Bool, cost: Int, partial: Operand? = nil) {
    self.outcome = outcome
    self.isSensitive = isSensitive
    self.cost = cost
    self.partial = partial
  }

  /// True where the outcome is the value `true`: what a rule asks.
  package var isTrue: Bool {
    if case .value(.bool(true)) = outcome { true } else { false }
  }
}

extension FailureCode {
  var diagnosticCode: DiagnosticCode {
    switch self {
    case .missingMember: .missingMember
    case .operandType: .operandType
    case .function: .evaluationFailed
    case .limit: .expressionLimit
    case .unknownName: .unknownName
    }
  }
}

extension Evaluator {
  /// The unknown with the references through which its slots were read.
  func traced(_ unknown: Unknown) -> Unknown {
    var references = unknown.references
    for slot in unknown.slots {
      for partial in partials where partial.value.unknownSlots.contains(slot) { references.append(partial.reference) }
      if let described = activation.describe(slot) { references += described.references }
    }
    return Unknown(
      references: references.unique, slots: unknown.slots, knowledge: unknown.knowledge, mayFail: unknown.mayFail)
  }
}

extension [Reference] {
  /// Each once, in order.
  var unique: [Reference] {
    count < 2 ? self : reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}
