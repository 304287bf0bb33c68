import Diagnostics
import Values

/// What a node stands for, as far as that is decided before it is evaluated.
enum Resolution {
  /// A declared variable by its whole name.
  case variable(String)
  /// One of these names, whichever has a value: nothing is declared.
  case anyOf([String])
  /// The variable of a macro, by its slot.
  case local(Int)
  case constant(Operand)
  /// The overloads that may fit, and what is passed: the receiver first, where there is one.
  case call([Overload], arguments: [Int])
  /// A function that does not exist, where nothing is checked.
  case missing(String)
}

/// Finds the type of every node and what its names stand for.
struct Checker {
  let tree: SyntaxTree
  let environment: ExpressionEnvironment
  var types: [ExpressionType]
  var resolutions: [Resolution?]
  var problems: [ExpressionProblem] = []
  var unifier = Unifier()
  /// The variables of the macros around the present place, innermost last; the index is the slot.
  var locals: [(name: String, type: ExpressionType)] = []
  /// The most slots in use at once.
  var slotCount = 0
  private let hasQualifiedVariables: Bool

  init(_ tree: SyntaxTree, in environment: ExpressionEnvironment) {
    self.tree = tree
    self.environment = environment
    types = Array(repeating: .dyn, count: tree.nodes.count)
    resolutions = Array(repeating: nil, count: tree.nodes.count)
    hasQualifiedVariables = environment.variables.keys.contains { $0.utf8.contains(UInt8(ascii: ".")) }
  }

  var isLenient: Bool { environment.isLenient }

  mutating func run(expecting wanted: ExpressionType?) {
    let found = check(tree.root)
    if let wanted, !unifier.admit([found], to: [wanted]), !isLenient {
      let node = tree[tree.root]
      problems.append(
        ExpressionProblem(
          .resultType, "the expression gives \(phrase(found)), and \(wanted.phrase) is needed here", node.range,
          hint: wanted == .bool ? "compare it with something: `… == …`, `has(…)`, `size(…) > 0`" : nil))
    }
    for index in types.indices { types[index] = unifier.closed(types[index]) }
  }

  /// The type of a node, noted for it.
  @discardableResult
  mutating func check(_ node: Int) -> ExpressionType {
    let type = type(of: node)
    types[node] = type
    return type
  }

  private mutating func type(of node: Int) -> ExpressionType {
    switch tree[node].kind {
    case .broken: return .error
    case .literal(let value): return Self.type(of: value)
    case .reference(let reference): return environment.referenceType?(reference) ?? .dyn
    case .identifier(let name, let isRooted): return identifier(name, isRooted: isRooted, node)
    case .select(let base, let field, let isOptional):
      if let type = qualified(node) { return type }
      return selection(base, field, isOptional: isOptional, isTest: false, node)
    case .test(let base, let field):
      _ = selection(base, field, isOptional: false, isTest: true, node)
      return .bool
    case .index(let base, let index, let isOptional): return indexed(base, index, isOptional: isOptional, node)
    case .call(let name, let receiver, let arguments): return call(name, receiver, arguments, node)
    case .operation(let operation, let operands): return operated(operation, operands, node)
    case .negation(let operand): return overloaded(Operation.negation, [operand], isMethod: false, node)
    case .conditional(let condition, let first, let second):
      require(condition, .bool, "the condition of `? :`")
      let types = [check(first), check(second)]
      return unifier.joined(types[0], types[1])
    case .list(let items): return list(items)
    case .map(let entries): return map(entries)
    case .comprehension(let comprehension): return self.comprehension(comprehension, node)
    case .bind(let name, let value, let body):
      let type = check(value)
      return withLocals([(name, type)]) { checker in checker.check(body) }
    case .optionalMap(let base, let name, let body, let isFlat):
      return optionalMap(base, name, body, isFlat: isFlat)
    }
  }

  static func type(of value: Operand) -> ExpressionType {
    switch value {
    case .null: .null
    case .bool: .bool
    case .int: .int
    case .uint: .uint
    case .double: .double
    case .string: .string
    case .bytes: .bytes
    case .timestamp: .timestamp
    case .duration: .duration
    case .type(let name): .type(ExpressionType.named[name] ?? .opaque(name))
    case .list, .map, .optional, .opaque, .value, .unknown, .failed: .dyn
    }
  }

  // MARK: Names

  private mutating func identifier(_ name: String, isRooted: Bool, _ node: Int) -> ExpressionType {
    if !isRooted, let slot = locals.lastIndex(where: { $0.name == name }) {
      resolutions[node] = .local(slot)
      return locals[slot].type
    }
    let candidates = isRooted ? [name] : environment.candidates(name)
    if let type = declared(candidates, node) { return type }
    switch environment.checking {
    case .openNames, .none:
      resolutions[node] = .anyOf(candidates)
      return .dyn
    case .strict:
      report(.unknownName, "nothing is called `\(name)` here", node, hint: hint(forName: name, node))
      return .error
    }
  }

  /// A variable, type or constant with one of these names.
  private mutating func declared(_ candidates: [String], _ node: Int) -> ExpressionType? {
    for name in candidates {
      if let type = environment.variables[name] {
        resolutions[node] = .variable(name)
        return type
      }
      if let type = environment.functions.types[name] {
        resolutions[node] = .constant(.type(type.runtimeName))
        return .type(type)
      }
      if let constant = environment.functions.constants[name] {
        resolutions[node] = .constant(constant)
        return Self.type(of: constant)
      }
    }
    return nil
  }

  /// A whole chain `a.b.c` that is declared under that name.
  private mutating func qualified(_ node: Int) -> ExpressionType? {
    guard let (name, isRooted) = chain(node) else { return nil }
    let candidates = isRooted ? [name] : environment.candidates(name)
    return declared(candidates, node)
  }

  /// The text of a chain of plain names that could be declared; nil where its first name is a macro's variable.
  func chain(_ node: Int) -> (name: String, isRooted: Bool)? {
    var parts: [String] = []
    var current = node
    while true {
      switch tree[current].kind {
      case .select(let base, let field, false):
        parts.append(field)
        current = base
      case .identifier(let root, let isRooted):
        if !isRooted, locals.contains(where: { $0.name == root }) { return nil }
        guard hasQualifiedVariables || environment.variables[root] == nil else { return nil }
        parts.append(root)
        return (parts.reversed().joined(separator: "."), isRooted)
      case .broken, .literal, .reference, .select, .test, .index, .call, .operation, .negation, .conditional, .list,
        .map, .comprehension, .bind, .optionalMap:
        return nil
      }
    }
  }

  mutating func withLocals(
    _ added: [(String, ExpressionType)], _ body: (inout Checker) -> ExpressionType
  ) -> ExpressionType {
    locals += added.map { (name: $0.0, type: $0.1) }
    slotCount = max(slotCount, locals.count)
    let type = body(&self)
    locals.removeLast(added.count)
    return type
  }

  // MARK: Problems

  mutating func report(
    _ code: DiagnosticCode, _ message: String, _ node: Int, range: Range<Int>? = nil, hint: String? = nil
  ) {
    guard !isLenient, problems.count < ExpressionLimits.problems else { return }
    problems.append(ExpressionProblem(code, message, range ?? tree[node].mark, hint: hint))
  }

  private func hint(forName name: String, _ node: Int) -> String? {
    let types = environment.functions.types.keys
    let names = Array(environment.variables.keys) + locals.map(\.name) + types
    if let hint = Suggestion.hint(for: name, among: names.sorted()) { return hint }
    if environment.functions.overloads[name] != nil { return "it is a function: `\(name)(…)`" }
    for variable in environment.variables.keys.sorted() {
      guard case .object(let object) = environment.variables[variable], object.fields[name] != nil else { continue }
      return "did you mean `\(variable).\(name)`?"
    }
    if environment.readsManifests {
      return "a reference reads `aws.Vpc[\"name\"].id`; write `$${` for a literal `${`"
    }
    let known = environment.variables.keys.sorted()
    return known.isEmpty || known.count > 16 ? nil : "there are: \(known.joined(separator: ", "))"
  }

  func phrase(_ type: ExpressionType) -> String { unifier.closed(type).phrase }
}

extension ExpressionType {
  /// The type in the words of a message.
  package var phrase: String {
    switch self {
    case .null: return "null"
    case .dyn, .error, .variable: return "any value"
    case .nullable(let inner): return "\(inner.phrase) or null"
    case .object(let object): return "`\(object.name)`"
    case .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .list, .map, .optional, .type,
      .opaque, .parameter:
      let name = description
      let isVowel = "aeio".contains(name.prefix(1)) && !name.isEmpty
      return "\(isVowel ? "an" : "a") `\(name)`"
    }
  }
}
