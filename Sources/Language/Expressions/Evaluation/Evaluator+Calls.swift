import Values

extension Evaluator {
  mutating func call(_ step: Instruction) -> Operand {
    if step.b == 1 { return unary(evaluate(code.children[Int(step.a)]), step) }
    if step.b == 2 {
      let first = evaluate(code.children[Int(step.a)])
      return binary(first, evaluate(code.children[Int(step.a) + 1]), step)
    }
    var arguments: [Operand] = []
    arguments.reserveCapacity(Int(step.b))
    for position in step.a..<step.a + step.b { arguments.append(evaluate(code.children[Int(position)]).loaded) }
    return many(arguments, step)
  }

  private mutating func unary(_ argument: Operand, _ step: Instruction) -> Operand {
    let argument = argument.loaded
    if argument.isFailed { return argument }
    if argument.mayHoldUnknown, let undecided = undecided([argument], step) { return undecided }
    for overload in code.sites[Int(step.c)].overloads where overload.parameter(0).admits(argument) {
      guard case .unary(let body) = overload.implementation else { return run(overload, [argument], step) }
      guard charge(overload.cost, argument.size, 0, step) else { return exhausted(step) }
      do throws(EvaluationError) { return checked(try body(argument), step) } catch { return failed(error, step) }
    }
    return many([argument], step)
  }

  private mutating func binary(_ first: Operand, _ second: Operand, _ step: Instruction) -> Operand {
    let first = first.loaded, second = second.loaded
    if first.isFailed { return first }
    if second.isFailed { return second }
    if first.mayHoldUnknown || second.mayHoldUnknown, let undecided = undecided([first, second], step) {
      return undecided
    }
    for overload in code.sites[Int(step.c)].overloads
    where overload.parameters.count == 2 && overload.parameters[0].admits(first)
      && overload.parameters[1].admits(second)
    {
      guard case .binary(let body) = overload.implementation else { return run(overload, [first, second], step) }
      guard charge(overload.cost, first.size, second.size, step) else { return exhausted(step) }
      do throws(EvaluationError) {
        return checked(try body(first, second), step)
      } catch {
        return failed(error, step)
      }
    }
    return many([first, second], step)
  }

  private mutating func many(_ arguments: [Operand], _ step: Instruction) -> Operand {
    for argument in arguments where argument.isFailed { return argument }
    if let undecided = undecided(arguments, step) { return undecided }
    let site = code.sites[Int(step.c)]
    for overload in site.overloads where overload.admits(count: arguments.count) {
      guard arguments.indices.allSatisfy({ overload.parameter($0).admits(arguments[$0]) }) else { continue }
      return run(overload, arguments, step)
    }
    let isMethod = site.overloads.first?.isMethod ?? false
    let taken = arguments.dropFirst(isMethod ? 1 : 0).map(\.phrase)
    let on = isMethod ? " of \(arguments.first?.phrase ?? "")" : ""
    let phrases = taken.isEmpty ? "no argument" : taken.joined(separator: ", ")
    let message =
      taken.isEmpty && isMethod
      ? "\(arguments.first?.phrase ?? "") has no function `\(site.name)`"
      : "`\(site.name)`\(on) does not take \(phrases)"
    return failed(.operandType, message, step)
  }

  private mutating func run(_ overload: Overload, _ arguments: [Operand], _ step: Instruction) -> Operand {
    let first = arguments.first?.size ?? 0
    let rest = arguments.dropFirst().reduce(0) { $0 + $1.size }
    guard charge(overload.cost, first, rest, step) else { return exhausted(step) }
    do throws(EvaluationError) {
      switch overload.implementation {
      case .unary(let body): return checked(try body(arguments[0]), step)
      case .binary(let body): return checked(try body(arguments[0], arguments[1]), step)
      case .many(let body): return checked(try body(arguments), step)
      case .intrinsic: return intrinsic(overload.name, arguments, step)
      }
    } catch {
      return failed(error, step)
    }
  }

  private func failed(_ error: EvaluationError, _ step: Instruction) -> Operand {
    .failed(Failure(error, .function, step.range))
  }

  /// An operator that shares its name with a library's own overloads.
  private mutating func intrinsic(_ name: String, _ arguments: [Operand], _ step: Instruction) -> Operand {
    var step = step
    if name == Operation.negation { return negated(arguments[0], step) }
    switch Operation.allCases.first(where: { $0.name == name }) {
    case .equal: return equal(arguments[0], arguments[1], isNegated: false)
    case .notEqual: return equal(arguments[0], arguments[1], isNegated: true)
    case .less: step.code = .less
    case .lessOrEqual: step.code = .lessOrEqual
    case .greater: step.code = .greater
    case .greaterOrEqual: step.code = .greaterOrEqual
    case .add: step.code = .add
    case .subtract: step.code = .subtract
    case .multiply: step.code = .multiply
    case .divide: step.code = .divide
    case .remainder: step.code = .remainder
    case .isIn: return isIn(arguments[0], arguments[1], step)
    case .not: return not(arguments[0], step)
    case .and, .or, nil: return failed(.operandType, "`\(name)` cannot be called", step)
    }
    switch step.code {
    case .less, .lessOrEqual, .greater, .greaterOrEqual: return ordered(arguments[0], arguments[1], step)
    default: return calculated(arguments[0], arguments[1], step)
    }
  }

  /// What a function gave, where it is not too large. Its size is charged as that of arguments is.
  private mutating func checked(_ result: Operand, _ step: Instruction) -> Operand {
    let size: Int
    switch result {
    case .string(let text): size = text.utf8.count
    case .bytes(let bytes): size = bytes.count
    case .list(let items): size = items.count
    default: return result
    }
    guard size <= limits.size else { return tooLarge(step) }
    budget -= size / 10
    return budget >= 0 ? result : exhausted(step)
  }

  private mutating func charge(_ cost: Overload.Cost, _ first: Int, _ rest: Int, _ step: Instruction) -> Bool {
    switch cost {
    case .fixed(let units): budget -= units
    case .linear: budget -= 1 + (first + rest) / 10
    case .product: budget -= 1 + (first / 10 + 1) * (rest / 10 + 1)
    }
    return budget >= 0
  }

  // MARK: Unknowns

  /// The answer to a call with unknowns in it: what is known of them may decide, else it is unknown.
  private mutating func undecided(_ arguments: [Operand], _ step: Instruction) -> Operand? {
    var awaited: Unknown?
    for argument in arguments {
      noteSecrets(argument)
      if let unknown = argument.heldUnknown { awaited = awaited?.merging(unknown) ?? unknown }
    }
    guard let awaited else { return nil }
    let site = code.sites[Int(step.c)]
    if let known = Self.known(site.name, arguments) { return known }
    var result: ExpressionType = site.overloads.first?.result ?? .dyn
    if site.overloads.contains(where: { $0.result != result }) || result.isGeneric { result = .dyn }
    return .unknown(awaited.derived(Knowledge(type: result)))
  }

  /// What can be said without the value.
  private static func known(_ name: String, _ arguments: [Operand]) -> Operand? {
    guard let first = arguments.first else { return nil }
    switch (name, arguments.count) {
    case ("size", 1):
      if case .unknown(let unknown) = first {
        return unknown.mayFail ? nil : unknown.knowledge.count.map { .int(Int64($0)) }
      }
      return first.count.map { .int(Int64($0)) }
    case ("dyn", 1): return first
    case ("type", 1):
      guard case .unknown(let unknown) = first else { return .type(first.typeName) }
      return unknown.mayFail ? nil : unknown.knowledge.typeName.map { .type($0) }
    case ("startsWith", 2):
      guard case .unknown(let unknown) = first, !unknown.mayFail, let wanted = arguments[1].text else { return nil }
      let prefix = unknown.knowledge.prefix
      if prefix.utf8.count >= wanted.utf8.count { return .bool(Text.starts(prefix, with: wanted)) }
      return Text.starts(wanted, with: prefix) ? nil : .bool(false)
    default: return nil
    }
  }
}

extension Operand {
  /// A look at the case alone.
  var mayHoldUnknown: Bool {
    switch self {
    case .unknown, .list, .map, .value, .optional: true
    case .null, .bool, .int, .uint, .double, .string, .bytes, .type, .timestamp, .duration, .opaque, .failed: false
    }
  }

  /// The unknowns at or below it together; nil where everything is known.
  var heldUnknown: Unknown? {
    switch self {
    case .unknown(let unknown): return unknown
    case .list(let items): return Self.held(items)
    case .map(let map): return Self.held(map.values)
    case .optional(let inner): return inner?.heldUnknown
    case .value(let value):
      let slots = value.unknownSlots
      guard !slots.isEmpty else { return nil }
      return Unknown(slots: slots.reduce(into: []) { if !$0.contains($1) { $0.append($1) } })
    case .null, .bool, .int, .uint, .double, .string, .bytes, .type, .timestamp, .duration, .opaque, .failed:
      return nil
    }
  }

  private static func held(_ items: [Operand]) -> Unknown? {
    var found: Unknown?
    for item in items {
      guard let unknown = item.heldUnknown else { continue }
      found = found?.merging(unknown) ?? unknown
    }
    return found
  }

  /// What a function's cost counts.
  var size: Int {
    switch self {
    case .string(let text): text.utf8.count
    case .bytes(let bytes): bytes.count
    case .list(let items): items.count
    case .map(let map): map.count
    case .value(let value): value.nodeCount
    case .null, .bool, .int, .uint, .double, .type, .timestamp, .duration, .optional, .opaque, .unknown, .failed: 1
    }
  }
}

extension ExpressionType {
  /// Whether an operand is of this type, as far as a look at it tells: items are not looked at.
  func admits(_ operand: Operand) -> Bool {
    switch (self, operand) {
    case (.dyn, _), (.parameter, _), (.variable, _), (.error, _): true
    case (.null, .null), (.bool, .bool), (.int, .int), (.uint, .uint), (.double, .double), (.string, .string),
      (.bytes, .bytes), (.timestamp, .timestamp), (.duration, .duration), (.type, .type), (.optional, .optional):
      true
    case (.list, .list), (.map, .map), (.object, .map): true
    case (.list, .value(let value)): value.kind == .list
    case (.map, .value(let value)), (.object, .value(let value)): value.kind == .map
    case (.nullable, .null): true
    case (.nullable(let inner), _): inner.admits(operand)
    case (.opaque(let name, _), .opaque(let value)): value.typeName == name
    default: false
    }
  }
}
