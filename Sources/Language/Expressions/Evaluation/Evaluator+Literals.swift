extension Evaluator {
  mutating func list(_ step: Instruction) -> Operand {
    var items: [Operand] = []
    items.reserveCapacity(Int(step.b))
    var awaited: Unknown?
    for position in 0..<step.b {
      let index = Int(step.a + 2 * position)
      let isOptional = code.children[index + 1] == 1
      let item = evaluate(code.children[index]).loaded
      switch item {
      case .failed: return item
      case .unknown(let unknown):
        if isOptional || unknown.mayFail { awaited = awaited?.merging(unknown).derived() ?? unknown.derived() }
        items.append(item)
      case .optional(let inner) where isOptional:
        if let inner { items.append(inner) }
      default:
        guard !isOptional else { return notOptional(item, step) }
        items.append(item)
      }
    }
    if let awaited { return .unknown(Self.merge(awaited, items)) }
    return .list(items)
  }

  /// What is awaited by any of the values as well.
  private static func merge(_ awaited: Unknown, _ items: [Operand]) -> Unknown {
    items.reduce(awaited) { awaited, item in
      if case .unknown(let unknown) = item { awaited.merging(unknown).derived() } else { awaited }
    }
  }

  private func notOptional(_ item: Operand, _ step: Instruction) -> Operand {
    failed(.operandType, "what stands behind `?` is an optional, not \(item.phrase)", step)
  }

  mutating func map(_ step: Instruction) -> Operand {
    var keys: [Operand] = []
    var values: [Operand] = []
    var awaited: Unknown?
    for position in 0..<step.b {
      let index = Int(step.a + 3 * position)
      let isOptional = code.children[index + 2] == 1
      let key = evaluate(code.children[index]).loaded, value = evaluate(code.children[index + 1]).loaded
      if key.isFailed { return key }
      if value.isFailed { return value }
      if case .unknown(let unknown) = key { awaited = awaited?.merging(unknown).derived() ?? unknown.derived() }
      switch value {
      case .unknown(let unknown) where isOptional || unknown.mayFail:
        awaited = awaited?.merging(unknown).derived() ?? unknown.derived()
      case .optional(let inner) where isOptional:
        guard let inner else { continue }
        keys.append(key)
        values.append(inner)
      default:
        guard !isOptional else { return notOptional(value, step) }
        keys.append(key)
        values.append(value)
      }
    }
    if let awaited { return .unknown(Self.merge(awaited, values)) }
    return made(keys, values, step)
  }

  /// A map of these keys; two equal ones are a failure.
  func made(_ keys: [Operand], _ values: [Operand], _ step: Instruction) -> Operand {
    switch OperandMap.make(keys, values) {
    case .success(let map): .map(map)
    case .failure(.repeated(let position)):
      failed(.function, "the key `\(keys[position].spelling)` stands twice in a map", step)
    case .failure(.notAKey(let position)):
      failed(
        .operandType, "the key of a map is a string, an integer or a bool, not \(keys[position].phrase)", step)
    }
  }

  mutating func optionalMap(_ step: Instruction, isFlat: Bool) -> Operand {
    let base = evaluate(step.b)
    switch base {
    case .optional(nil): return base
    case .optional(let inner?):
      locals[Int(step.a)] = inner
      let result = evaluate(step.c)
      switch result {
      case .unknown(let unknown): return .unknown(unknown.derived())
      case .failed: return result
      case .optional: return isFlat ? result : .optional(result)
      default:
        guard !isFlat else {
          return failed(.operandType, "`optFlatMap` needs an optional, not \(result.phrase)", step)
        }
        return .optional(result.loaded)
      }
    case .unknown(let unknown): return .unknown(unknown.derived())
    case .failed: return base
    default:
      let name = isFlat ? "optFlatMap" : "optMap"
      return failed(.operandType, "`\(name)` maps an optional, not \(base.phrase)", step)
    }
  }
}
