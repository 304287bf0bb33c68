import Values

extension Evaluator {
  mutating func comprehension(_ step: Instruction) -> Operand {
    let comprehension = code.comprehensions[Int(step.a)]
    let range = evaluate(comprehension.range)
    switch range {
    case .failed: return range
    case .unknown(let unknown):
      guard let items = Self.expanded(unknown) else { return .unknown(unknown.derived()) }
      return run(comprehension, items: items, keys: nil, step)
    case .list(let items): return run(comprehension, items: items, keys: nil, step)
    case .map(let map): return run(comprehension, items: map.values, keys: map.keys, step)
    case .value(let value): return run(comprehension, value, step)
    default:
      return failed(
        .operandType, "`\(comprehension.kind.rawValue)` goes through a list or a map, not \(range.phrase)", step)
    }
  }

  /// A list of which only the length is known, as that many unknown items.
  private static func expanded(_ unknown: Unknown) -> [Operand]? {
    guard !unknown.mayFail, case .list(let element) = unknown.knowledge.type, let count = unknown.knowledge.count,
      count <= ExpressionLimits.width
    else { return nil }
    let item = Unknown(references: unknown.references, slots: unknown.slots, knowledge: Knowledge(type: element))
    return Array(repeating: .unknown(item), count: count)
  }

  private mutating func run(_ comprehension: CompiledComprehension, _ value: Value, _ step: Instruction) -> Operand {
    switch value.kind {
    case .list: return run(comprehension, items: value.elements.map { read($0) }, keys: nil, step)
    case .map:
      let keys = value.entries.map { Operand.string($0.key) }
      let isSecond = comprehension.hasSecond
      return run(comprehension, items: isSecond ? value.entries.map { read($0.value) } : [], keys: keys, step)
    case .unknown, .null, .bool, .int, .double, .string:
      return failed(
        .operandType,
        "`\(comprehension.kind.rawValue)` goes through a list or a map, not \(Operand.value(value).phrase)", step)
    }
  }

  /// Binds the variables to the item at a position. With one variable a map is gone through by its keys.
  private mutating func bind(
    _ comprehension: CompiledComprehension, _ items: [Operand], _ keys: [Operand]?, _ position: Int
  ) {
    let slot = Int(comprehension.slot)
    guard comprehension.hasSecond else {
      locals[slot] = keys?[position] ?? items[position]
      return
    }
    locals[slot] = keys?[position] ?? .int(Int64(position))
    locals[slot + 1] = items[position]
  }

  private mutating func run(
    _ comprehension: CompiledComprehension, items: [Operand], keys: [Operand]?, _ step: Instruction
  ) -> Operand {
    var gathered = Gathered()
    for position in 0..<(keys?.count ?? items.count) {
      bind(comprehension, items, keys, position)
      if let filter = comprehension.filter {
        guard let isWanted = decide(evaluate(filter), &gathered, step) else { continue }
        guard isWanted else { continue }
      }
      let result = evaluate(comprehension.body)
      if isExhausted { return result }
      let item = comprehension.hasSecond ? items[position] : keys?[position] ?? items[position]
      let key = keys?[position] ?? .int(Int64(position))
      if let final = take(result, of: item, key, comprehension.kind, &gathered, step) { return final }
    }
    return finish(comprehension.kind, gathered, step)
  }

  /// What a comprehension has come to so far.
  private struct Gathered {
    var keys: [Operand] = []
    var items: [Operand] = []
    var matches = 0
    var undecided: Unknown?
    var failure: Operand?
  }

  /// A condition's value; nil, and noted, where it has none.
  private mutating func decide(_ condition: Operand, _ gathered: inout Gathered, _ step: Instruction) -> Bool? {
    switch condition.loaded {
    case .bool(let value): return value
    case .unknown(let unknown): gathered.undecided = Self.merge(gathered.undecided, unknown)
    case .failed: gathered.failure = gathered.failure ?? condition
    default:
      let problem = failed(.operandType, "the condition is \(condition.phrase), neither true nor false", step)
      gathered.failure = gathered.failure ?? problem
    }
    return nil
  }

  /// Takes in one result; an operand ends the comprehension.
  private mutating func take(
    _ result: Operand, of item: Operand, _ key: Operand, _ kind: Comprehension.Kind, _ gathered: inout Gathered,
    _ step: Instruction
  ) -> Operand? {
    switch kind {
    case .all:
      return decide(result, &gathered, step) == false ? .bool(false) : nil
    case .exists:
      return decide(result, &gathered, step) == true ? .bool(true) : nil
    case .existsOne:
      if decide(result, &gathered, step) == true { gathered.matches += 1 }
    case .filter:
      if decide(result, &gathered, step) == true { gathered.items.append(item.loaded) }
    case .map, .transformList, .transformMap, .transformMapEntry, .sortBy:
      if case .failed = result {
        gathered.failure = gathered.failure ?? result
        return nil
      }
      if case .unknown(let unknown) = result, unknown.mayFail || kind == .transformMapEntry || kind == .sortBy {
        gathered.undecided = gathered.undecided?.merging(unknown) ?? unknown
        return nil
      }
      add(result.loaded, of: item, key, kind, &gathered, step)
    }
    return nil
  }

  private mutating func add(
    _ result: Operand, of item: Operand, _ key: Operand, _ kind: Comprehension.Kind, _ gathered: inout Gathered,
    _ step: Instruction
  ) {
    switch kind {
    case .transformMapEntry:
      guard let entries = result.entries else {
        let problem = failed(.operandType, "`transformMapEntry` needs a map, not \(result.phrase)", step)
        gathered.failure = gathered.failure ?? problem
        return
      }
      gathered.keys += entries.map(\.key)
      gathered.items += entries.map(\.value)
    case .sortBy:
      gathered.keys.append(result)
      gathered.items.append(item.loaded)
    case .all, .exists, .existsOne, .map, .filter, .transformList, .transformMap:
      gathered.keys.append(key)
      gathered.items.append(result)
    }
  }

  private mutating func finish(_ kind: Comprehension.Kind, _ gathered: Gathered, _ step: Instruction) -> Operand {
    switch kind {
    case .all, .exists:
      if let undecided = gathered.undecided {
        return .unknown(gathered.failure == nil ? undecided : undecided.derived(Knowledge(type: .bool)))
      }
      return gathered.failure ?? .bool(kind == .all)
    case .existsOne:
      if let failure = gathered.failure { return failure }
      return gathered.undecided.map { .unknown($0) } ?? .bool(gathered.matches == 1)
    case .map, .filter, .transformList, .transformMap, .transformMapEntry, .sortBy: break
    }
    if let failure = gathered.failure { return failure }
    if let undecided = gathered.undecided { return .unknown(undecided.derived()) }
    switch kind {
    case .transformMap, .transformMapEntry: return made(gathered.keys, gathered.items, step)
    case .sortBy: return sorted(gathered.items, by: gathered.keys, step)
    case .map, .filter, .transformList, .all, .exists, .existsOne: return .list(gathered.items)
    }
  }

  private func sorted(_ items: [Operand], by keys: [Operand], _ step: Instruction) -> Operand {
    for key in keys.dropFirst() where Ordering.of(keys[0], key) == nil {
      return failed(.operandType, "\(keys[0].phrase) and \(key.phrase) have no order", step)
    }
    let order = keys.indices.sorted { left, right in
      switch Ordering.of(keys[left], keys[right]) {
      case .less: true
      case .equal: left < right
      case .greater, .none?, nil: false
      }
    }
    return .list(order.map { items[$0] })
  }
}
