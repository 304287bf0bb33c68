import Values

/// Evaluates one compiled expression once.
struct Evaluator {
  let code: CompiledCode
  let activation: Activation
  let limits: EvaluationLimits
  /// Units of work that are left.
  var budget: Int
  /// A limit was reached: nothing absorbs that.
  var isExhausted = false
  /// A secret was read.
  var isSensitive = false
  /// The variables of macros.
  var locals: ContiguousArray<Operand>
  /// References whose values hold unknowns, so that those can be traced back.
  var partials: [(reference: Reference, value: Value)] = []

  init(_ code: CompiledCode, _ activation: Activation, _ limits: EvaluationLimits) {
    self.code = code
    self.activation = activation
    self.limits = limits
    budget = limits.cost
    locals = code.slotCount == 0 ? [] : ContiguousArray(repeating: .null, count: code.slotCount)
  }

  mutating func evaluate(_ index: Int32) -> Operand {
    let step = code.instructions[Int(index)]
    budget -= 1
    guard budget >= 0 else { return exhausted(step) }
    switch step.code {
    case .constant: return code.constants[Int(step.a)]
    case .variable: return variable(step)
    case .anyOf: return anyOf(step)
    case .local: return locals[Int(step.a)]
    case .reference: return reference(step)
    case .select: return select(evaluate(step.a), step)
    case .selectOptional: return selectOptional(evaluate(step.a), step)
    case .test: return test(evaluate(step.a), step)
    case .index: return item(evaluate(step.a), evaluate(step.b), step)
    case .indexOptional: return optionalItem(evaluate(step.a), evaluate(step.b), step)
    case .and: return logical(step, deciding: false)
    case .or: return logical(step, deciding: true)
    case .not: return not(evaluate(step.a), step)
    case .equal: return equal(evaluate(step.a), evaluate(step.b), isNegated: false)
    case .notEqual: return equal(evaluate(step.a), evaluate(step.b), isNegated: true)
    case .less, .lessOrEqual, .greater, .greaterOrEqual: return ordered(evaluate(step.a), evaluate(step.b), step)
    case .isIn: return isIn(evaluate(step.a), evaluate(step.b), step)
    case .add, .subtract, .multiply, .divide, .remainder:
      return calculated(evaluate(step.a), evaluate(step.b), step)
    case .negate: return negated(evaluate(step.a), step)
    case .conditional: return conditional(step)
    case .call: return call(step)
    case .list: return list(step)
    case .map: return map(step)
    case .comprehension: return comprehension(step)
    case .bind:
      locals[Int(step.a)] = evaluate(step.b)
      return evaluate(step.c)
    case .optionalMap: return optionalMap(step, isFlat: false)
    case .optionalFlatMap: return optionalMap(step, isFlat: true)
    case .missing:
      return failed(.unknownName, "there is no function `\(code.names[Int(step.a)])`", step)
    }
  }

  // MARK: Names

  private mutating func variable(_ step: Instruction) -> Operand {
    let name = code.names[Int(step.a)]
    for variable in activation.variables where variable.name == name { return noting(variable.value) }
    return failed(.unknownName, "`\(name)` has no value here", step)
  }

  private mutating func anyOf(_ step: Instruction) -> Operand {
    let names = code.candidates[Int(step.a)]
    for name in names {
      if let value = activation[name] { return noting(value) }
    }
    return failed(.unknownName, "`\(names.last ?? "")` has no value here", step)
  }

  /// Notes that a secret was read.
  private mutating func noting(_ operand: Operand) -> Operand {
    guard case .value(let value) = operand else { return operand }
    return read(value)
  }

  /// A node of a document, unknown where it is not known yet.
  mutating func read(_ value: Value) -> Operand {
    if value.isSensitive { isSensitive = true }
    return value.kind == .unknown ? unknown(value) : .value(value)
  }

  private func unknown(_ value: Value) -> Operand {
    guard let slot = value.unknown else { return .unknown(Unknown()) }
    guard let described = activation.describe(slot) else { return .unknown(Unknown(slot: slot)) }
    return .unknown(
      Unknown(
        references: described.references, slots: [slot], knowledge: described.knowledge,
        mayFail: described.mayFail))
  }

  private mutating func reference(_ step: Instruction) -> Operand {
    let reference = code.references[Int(step.a)]
    guard let operand = activation.resolve(reference) else { return .unknown(Unknown(references: [reference])) }
    guard case .value(let value) = operand else { return operand }
    if value.containsUnknown { partials.append((reference, value)) }
    return read(value)
  }

  // MARK: Failures

  func failed(_ code: FailureCode, _ message: String, _ step: Instruction, hint: String? = nil) -> Operand {
    .failed(Failure(EvaluationError(message, hint: hint), code, step.range))
  }

  mutating func exhausted(_ step: Instruction) -> Operand {
    isExhausted = true
    return failed(.limit, "the expression takes more than \(limits.cost) steps", step)
  }

  mutating func tooLarge(_ step: Instruction) -> Operand {
    isExhausted = true
    return failed(.limit, "the expression makes a value beyond \(limits.size) bytes or items", step)
  }
}
