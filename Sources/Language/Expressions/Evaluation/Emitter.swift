/// Turns a checked tree into steps.
struct Emitter {
  let tree: SyntaxTree
  let resolutions: [Resolution?]
  var instructions: ContiguousArray<Instruction> = []
  var constants: ContiguousArray<Operand> = []
  var names: ContiguousArray<String> = []
  var children: ContiguousArray<Int32> = []
  var sites: ContiguousArray<CallSite> = []
  var comprehensions: ContiguousArray<CompiledComprehension> = []
  var references: ContiguousArray<Reference> = []
  var candidates: ContiguousArray<[String]> = []
  /// For each step whether it depends on nothing.
  private(set) var isConstant: ContiguousArray<Bool> = []
  /// Slots of the macros around the present place.
  private var depth: Int32 = 0

  init(_ tree: SyntaxTree, _ resolutions: [Resolution?]) {
    self.tree = tree
    self.resolutions = resolutions
    instructions.reserveCapacity(tree.nodes.count)
  }

  /// Compiles a checked tree; constant parts are evaluated at once, and literals of other types checked.
  static func compile(_ tree: SyntaxTree, _ checker: Checker) -> (CompiledCode, [ExpressionProblem]) {
    var emitter = Emitter(tree, checker.resolutions)
    let root = emitter.emit(tree.root)
    let code = CompiledCode(emitter, root: root, slotCount: checker.slotCount)
    var folding = ConstantFolding(code: code, isConstant: emitter.isConstant)
    folding.run()
    guard !folding.folded.isEmpty else { return (code, folding.problems) }
    for (index, value) in folding.folded {
      emitter.constants.append(value)
      emitter.instructions[index].code = .constant
      emitter.instructions[index].a = Int32(emitter.constants.count - 1)
    }
    return (CompiledCode(emitter, root: root, slotCount: checker.slotCount), folding.problems)
  }

  private mutating func emit(_ node: Int) -> Int32 {
    if let resolution = resolutions[node] { return emit(resolution, node) }
    switch tree[node].kind {
    case .broken: return add(.missing, a: name("?"), node)
    case .literal(let value): return constant(value, node)
    case .identifier(let name, _): return add(.variable, a: self.name(name), node)
    case .reference(let reference):
      references.append(reference)
      return add(.reference, a: Int32(references.count - 1), node)
    case .select(let base, let field, let isOptional):
      let base = emit(base)
      return add(isOptional ? .selectOptional : .select, a: base, b: name(field), node, from: [base])
    case .test(let base, let field):
      let base = emit(base)
      return add(.test, a: base, b: name(field), node, from: [base])
    case .index(let base, let index, let isOptional):
      let base = emit(base), index = emit(index)
      return add(isOptional ? .indexOptional : .index, a: base, b: index, node, from: [base, index])
    case .call(let name, _, _): return add(.missing, a: self.name(name), node)
    case .operation(let operation, let operands): return emit(operation, operands, node)
    case .negation(let operand):
      let operand = emit(operand)
      return add(.negate, a: operand, node, from: [operand])
    case .conditional(let condition, let first, let second):
      let parts = [emit(condition), emit(first), emit(second)]
      return add(.conditional, a: parts[0], b: parts[1], c: parts[2], node, from: parts)
    case .list(let items):
      return emitList(items, node)
    case .map(let entries):
      return emitMap(entries, node)
    case .comprehension(let comprehension): return emit(comprehension, node)
    case .bind(_, let value, let body):
      let value = emit(value), slot = depth
      depth += 1
      let result = emit(body)
      depth -= 1
      return add(.bind, a: slot, b: value, c: result, node)
    case .optionalMap(let base, _, let body, let isFlat):
      let base = emit(base), slot = depth
      depth += 1
      let result = emit(body)
      depth -= 1
      return add(isFlat ? .optionalFlatMap : .optionalMap, a: slot, b: base, c: result, node)
    }
  }

  private mutating func emitList(_ items: [SyntaxNode.Item], _ node: Int) -> Int32 {
    var parts: [Int32] = [], operands: [Int32] = []
    for item in items {
      operands.append(emit(item.node))
      parts += [operands[operands.count - 1], item.isOptional ? 1 : 0]
    }
    return addMany(.list, parts, count: items.count, node, from: operands)
  }

  private mutating func emitMap(_ entries: [SyntaxNode.Entry], _ node: Int) -> Int32 {
    var parts: [Int32] = [], operands: [Int32] = []
    for entry in entries {
      operands += [emit(entry.key), emit(entry.value)]
      parts += operands.suffix(2) + [entry.isOptional ? 1 : 0]
    }
    return addMany(.map, parts, count: entries.count, node, from: operands)
  }

  private mutating func emit(_ resolution: Resolution, _ node: Int) -> Int32 {
    switch resolution {
    case .variable(let name): return add(.variable, a: self.name(name), node)
    case .anyOf(let names):
      if names.count == 1 { return add(.variable, a: name(names[0]), node) }
      candidates.append(names)
      return add(.anyOf, a: Int32(candidates.count - 1), node)
    case .local(let slot): return add(.local, a: Int32(slot), node)
    case .constant(let value): return constant(value, node)
    case .missing(let name): return add(.missing, a: self.name(name), node)
    case .call(let overloads, let arguments):
      if case .operation(let operation, let operands) = tree[node].kind,
        overloads.allSatisfy({ $0.isIntrinsic })
      {
        return emit(operation, operands, node)
      }
      if case .negation(let operand) = tree[node].kind, overloads.allSatisfy({ $0.isIntrinsic }) {
        let operand = emit(operand)
        return add(.negate, a: operand, node, from: [operand])
      }
      sites.append(CallSite(name: overloads.first?.name ?? "", overloads: overloads))
      let site = Int32(sites.count - 1)
      let parts = arguments.map { emit($0) }
      return addMany(.call, parts, count: parts.count, c: site, node, from: parts)
    }
  }

  private mutating func emit(_ operation: Operation, _ operands: [Int], _ node: Int) -> Int32 {
    let parts = operands.map { emit($0) }
    switch operation {
    case .and: return addMany(.and, parts, count: parts.count, node, from: parts)
    case .or: return addMany(.or, parts, count: parts.count, node, from: parts)
    case .not: return add(.not, a: parts[0], node, from: parts)
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .isIn, .add, .subtract, .multiply,
      .divide, .remainder:
      return add(Self.code(operation), a: parts[0], b: parts[1], node, from: parts)
    }
  }

  private static func code(_ operation: Operation) -> Instruction.Code {
    switch operation {
    case .or: .or
    case .and: .and
    case .equal: .equal
    case .notEqual: .notEqual
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    case .isIn: .isIn
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .remainder: .remainder
    case .not: .not
    }
  }

  private mutating func emit(_ comprehension: Comprehension, _ node: Int) -> Int32 {
    let range = emit(comprehension.range)
    let slot = depth
    depth += Int32(comprehension.variables.count)
    let filter = comprehension.filter.map { emit($0) }
    let body = emit(comprehension.body)
    depth -= Int32(comprehension.variables.count)
    comprehensions.append(
      CompiledComprehension(
        kind: comprehension.kind, range: range, slot: slot, hasSecond: comprehension.variables.count == 2,
        filter: filter, body: body))
    return add(.comprehension, a: Int32(comprehensions.count - 1), node)
  }

  // MARK: Parts

  private mutating func constant(_ value: Operand, _ node: Int) -> Int32 {
    constants.append(value)
    let index = add(.constant, a: Int32(constants.count - 1), node)
    isConstant[Int(index)] = true
    return index
  }

  private mutating func name(_ name: String) -> Int32 {
    if let known = names.firstIndex(of: name) { return Int32(known) }
    names.append(name)
    return Int32(names.count - 1)
  }

  /// - Parameter operands: the steps it depends on; it is constant where there are some and all are.
  private mutating func add(
    _ code: Instruction.Code, a: Int32, b: Int32 = 0, c: Int32 = 0, _ node: Int, from operands: [Int32] = []
  ) -> Int32 {
    let mark = tree[node].mark
    instructions.append(
      Instruction(code: code, a: a, b: b, c: c, start: Int32(mark.lowerBound), end: Int32(mark.upperBound)))
    isConstant.append(!operands.isEmpty && operands.allSatisfy { isConstant[Int($0)] })
    return Int32(instructions.count - 1)
  }

  private mutating func addMany(
    _ code: Instruction.Code, _ parts: [Int32], count: Int, c: Int32 = 0, _ node: Int, from operands: [Int32]
  ) -> Int32 {
    let first = Int32(children.count)
    children += parts
    return add(code, a: first, b: Int32(count), c: c, node, from: operands)
  }
}

extension Overload {
  var isIntrinsic: Bool {
    if case .intrinsic = implementation { true } else { false }
  }
}
