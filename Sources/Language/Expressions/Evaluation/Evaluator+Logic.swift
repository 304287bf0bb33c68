import Values

extension Evaluator {
  /// `&&` and `||`: one deciding operand outweighs unknowns, those outweigh failures.
  mutating func logical(_ step: Instruction, deciding: Bool) -> Operand {
    var undecided: Unknown?
    var failure: Operand?
    for position in step.a..<step.a + step.b {
      let operand = evaluate(code.children[Int(position)])
      switch operand {
      case .bool(let value):
        if value == deciding { return .bool(deciding) }
      case .value(let value) where value.kind == .bool:
        if value.bool == deciding { return .bool(deciding) }
      case .unknown(let unknown): undecided = Self.merge(undecided, unknown)
      case .failed: failure = failure ?? operand
      default: failure = failure ?? failed(.operandType, "\(operand.phrase) is neither true nor false", step)
      }
      if isExhausted { return operand }
    }
    if let undecided { return .unknown(failure == nil ? undecided : undecided.derived(Knowledge(type: .bool))) }
    return failure ?? .bool(!deciding)
  }

  /// Unknown truth values together; certain to be a bool only where each is.
  static func merge(_ first: Unknown?, _ second: Unknown) -> Unknown {
    let knowledge = Knowledge(type: .bool)
    let isCertain = !second.mayFail && second.knowledge.type == .bool
    let operand = isCertain ? second : second.derived(knowledge)
    return first?.merging(operand, knowledge: knowledge) ?? operand
  }

  mutating func not(_ operand: Operand, _ step: Instruction) -> Operand {
    switch operand.loaded {
    case .bool(let value): return .bool(!value)
    // Another unknown than the operand: what stands for that does not stand for this.
    case .unknown(let unknown):
      let isCertain = !unknown.mayFail && unknown.knowledge.type == .bool
      return .unknown(
        Unknown(
          references: unknown.references, slots: unknown.slots, knowledge: Knowledge(type: .bool),
          mayFail: !isCertain))
    case .failed: return operand
    default: return failed(.operandType, "`!` does not take \(operand.phrase)", step)
    }
  }

  mutating func conditional(_ step: Instruction) -> Operand {
    let condition = evaluate(step.a)
    switch condition.loaded {
    case .bool(let value): return evaluate(value ? step.b : step.c)
    case .unknown(let unknown): return eitherBranch(unknown, step)
    case .failed: return condition
    default:
      return failed(.operandType, "the condition of `? :` is \(condition.phrase), neither true nor false", step)
    }
  }

  /// With an unknown condition both branches count, unless they agree.
  private mutating func eitherBranch(_ condition: Unknown, _ step: Instruction) -> Operand {
    let first = evaluate(step.b), second = evaluate(step.c)
    var unknown = condition
    for branch in [first, second] {
      if case .unknown(let other) = branch { unknown = unknown.merging(other) }
    }
    let isCertain = !condition.mayFail && condition.knowledge.type == .bool
    if isCertain, first.typeName == second.typeName, case .same = Equality.of(first, second) { return first }
    let type = first.knownScalarType
    return .unknown(unknown.derived(Knowledge(type: type == second.knownScalarType ? type : .dyn)))
  }

  mutating func equal(_ left: Operand, _ right: Operand, isNegated: Bool) -> Operand {
    if case .failed = left { return left }
    if case .failed = right { return right }
    noteSecrets(left)
    noteSecrets(right)
    switch Equality.of(left, right) {
    case .same: return .bool(!isNegated)
    case .different: return .bool(isNegated)
    case .undecided(let unknown): return .unknown(unknown)
    }
  }

  /// What a list or map of a document holds may be secret, though the list itself is not.
  mutating func noteSecrets(_ operand: Operand) {
    guard !isSensitive, case .value(let value) = operand, value.kind == .map || value.kind == .list else { return }
    isSensitive = value.containsSensitive
  }

  mutating func ordered(_ left: Operand, _ right: Operand, _ step: Instruction) -> Operand {
    if let early = Self.strict(left, right) { return early.asBool }
    let a = left.loaded, b = right.loaded
    guard let order = Ordering.of(a, b) else {
      return failed(.operandType, "\(a.phrase) and \(b.phrase) have no order", step)
    }
    switch (step.code, order) {
    case (_, .none): return .bool(false)
    case (.less, .less), (.lessOrEqual, .less), (.lessOrEqual, .equal), (.greater, .greater),
      (.greaterOrEqual, .greater), (.greaterOrEqual, .equal):
      return .bool(true)
    default: return .bool(false)
    }
  }

  mutating func isIn(_ needle: Operand, _ haystack: Operand, _ step: Instruction) -> Operand {
    if let early = Self.strict(needle, haystack) { return early.asBool }
    noteSecrets(haystack)
    if let items = haystack.items { return contains(needle, items) }
    switch haystack {
    case .map, .value:
      guard haystack.count != nil, haystack.text == nil else { break }
      return .bool(haystack.member(needle.loaded) != nil)
    default: break
    }
    return failed(.operandType, "`in` looks into a list or a map, not \(haystack.phrase)", step)
  }

  private func contains(_ needle: Operand, _ items: [Operand]) -> Operand {
    var undecided: Unknown?
    for item in items {
      switch Equality.of(needle, item) {
      case .same: return .bool(true)
      case .different: break
      case .undecided(let unknown):
        undecided = undecided?.merging(unknown, knowledge: Knowledge(type: .bool)) ?? unknown
      }
    }
    return undecided.map { .unknown($0) } ?? .bool(false)
  }
}

extension Operand {
  /// The same unknown, whose value will be a bool.
  fileprivate var asBool: Operand {
    guard case .unknown(let unknown) = self else { return self }
    return .unknown(unknown.derived(Knowledge(type: .bool)))
  }

  /// The type of a scalar or of an unknown, as far as it is certain.
  fileprivate var knownScalarType: ExpressionType {
    switch loaded {
    case .bool: .bool
    case .int: .int
    case .uint: .uint
    case .double: .double
    case .string: .string
    case .unknown(let unknown): unknown.knowledge.type
    default: .dyn
    }
  }
}
