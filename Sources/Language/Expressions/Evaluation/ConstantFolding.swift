/// Evaluates the steps that depend on nothing. What fails stays, since it may never be reached; only literals of other
/// types, such as `duration("1d")`, are certainly mistakes.
struct ConstantFolding {
  let code: CompiledCode
  let isConstant: ContiguousArray<Bool>
  private(set) var folded: [(index: Int, value: Operand)] = []
  private(set) var problems: [ExpressionProblem] = []

  init(code: CompiledCode, isConstant: ContiguousArray<Bool>) {
    self.code = code
    self.isConstant = isConstant
  }

  /// What a constant may cost: more is left for when it is needed.
  private static let limits = EvaluationLimits(cost: 1_000, size: 4_096)

  /// Functions that make a value of another type from a text.
  private static let literals: Set<String> = [
    "duration", "timestamp", "ip", "cidr", "quantity", "semver", "url",
  ]

  mutating func run() {
    for index in code.instructions.indices {
      let step = code.instructions[index]
      if isConstant[index], step.code != .constant { fold(index, step) }
      if step.code == .call, code.sites[Int(step.c)].name == "matches" { checkPattern(step) }
    }
  }

  private mutating func fold(_ index: Int, _ step: Instruction) {
    var evaluator = Evaluator(code, Activation(), Self.limits)
    let result = evaluator.evaluate(Int32(index))
    if evaluator.isExhausted { return }
    switch result {
    case .failed(let failure):
      guard step.code == .call, failure.code == .function, Self.literals.contains(code.sites[Int(step.c)].name) else {
        return
      }
      problems.append(
        ExpressionProblem(.evaluationFailed, failure.error.message, failure.range, hint: failure.error.hint))
    case .unknown: return
    default: folded.append((index, result))
    }
  }

  /// A pattern that is written out can be read before it is used.
  private mutating func checkPattern(_ step: Instruction) {
    guard step.b == 2 else { return }
    let pattern = code.instructions[Int(code.children[Int(step.a) + 1])]
    guard pattern.code == .constant, case .string(let text) = code.constants[Int(pattern.a)] else { return }
    do throws(RegularExpression.Problem) {
      _ = try RegularExpression.compiled(text)
    } catch {
      let message = "`\(text)` is no regular expression: \(error.message)"
      problems.append(ExpressionProblem(.evaluationFailed, message, pattern.range))
    }
  }
}
