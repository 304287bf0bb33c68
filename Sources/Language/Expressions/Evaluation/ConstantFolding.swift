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
    for index in code.instructions.indices where isConstant[index] && code.instructions[index].code != .constant {
      fold(index, code.instructions[index])
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
}
