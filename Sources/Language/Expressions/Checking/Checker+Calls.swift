import Diagnostics

extension Checker {
  mutating func call(_ name: String, _ receiver: Int?, _ arguments: [Int], _ node: Int) -> ExpressionType {
    guard let receiver else {
      for candidate in environment.candidates(name) where environment.functions.overloads[candidate] != nil {
        return overloaded(candidate, arguments, isMethod: false, node)
      }
      return missing(name, [], arguments, node)
    }
    if let (namespace, isRooted) = chain(receiver) {
      let candidates = isRooted ? [namespace] : environment.candidates(namespace)
      for candidate in candidates where environment.functions.overloads["\(candidate).\(name)"] != nil {
        return overloaded("\(candidate).\(name)", arguments, isMethod: false, node)
      }
      if environment.functions.namespaces.contains(namespace), environment.variables[namespace] == nil {
        return missing("\(namespace).\(name)", [], arguments, node)
      }
    }
    if let overloads = environment.functions.overloads[name], overloads.contains(where: \.isMethod) {
      return overloaded(name, [receiver] + arguments, isMethod: true, node)
    }
    return missing(name, [receiver], arguments, node)
  }

  /// A function that nobody declares.
  private mutating func missing(_ name: String, _ receiver: [Int], _ arguments: [Int], _ node: Int) -> ExpressionType {
    for node in receiver { check(node) }
    let earlier = problems.count
    for argument in arguments { check(argument) }
    resolutions[node] = .missing(name)
    if receiver.contains(where: { types[$0] == .error }) { return .error }
    // A macro gone wrong: the names that it would have bound are not to blame.
    if Self.macros.contains(where: { Suggestion.nearest(to: name, among: [$0]) != nil }) {
      problems.removeLast(problems.count - earlier)
    }
    report(.unknownFunction, "there is no function `\(name)`", node, hint: hint(forFunction: name, receiver, arguments))
    return isLenient ? .dyn : .error
  }

  private func hint(forFunction name: String, _ receiver: [Int], _ arguments: [Int]) -> String? {
    if environment.functions.overloads[name] != nil {
      return receiver.isEmpty ? "write `value.\(name)(…)`" : "write `\(name)(…)` with the value as its argument"
    }
    if Self.isMacro(name) {
      return receiver.isEmpty
        ? "write `items.\(name)(x, …)`" : "`\(name)` takes a new name and an expression: `\(name)(x, …)`"
    }
    let isMethod = !receiver.isEmpty
    let names = environment.functions.overloads.filter { $0.value.contains { $0.isMethod == isMethod } }.keys
    return Suggestion.hint(for: name, among: (names + (isMethod ? Self.macros : ["has"])).sorted())
      ?? receiver.first.flatMap { methods(of: types[$0]) }
  }

  /// What a value of a type can be asked, where that is known and short enough to be told.
  private func methods(of type: ExpressionType) -> String? {
    guard !type.isDynamic else { return nil }
    let names = environment.functions.overloads.filter { _, overloads in
      overloads.contains { overload in
        var trial = unifier
        return overload.isMethod && !overload.parameter(0).isGeneric && !overload.parameter(0).isDynamic
          && trial.admit([type], to: [overload.parameter(0)])
      }
    }.keys.sorted()
    guard !names.isEmpty else { return nil }
    let shown = names.prefix(16).map { "`\($0)`" }.joined(separator: ", ")
    return "\(phrase(type)) has: \(shown)\(names.count > 16 ? ", …" : "")"
  }

  private static let macros = [
    "all", "exists", "exists_one", "filter", "map", "optFlatMap", "optMap", "sortBy", "transformList",
    "transformMap",
  ]

  private static func isMacro(_ name: String) -> Bool { macros.contains(name) }

  mutating func operated(_ operation: Operation, _ operands: [Int], _ node: Int) -> ExpressionType {
    switch operation {
    case .and, .or:
      for operand in operands { require(operand, .bool, "an operand of `\(operation.rawValue)`") }
      return .bool
    case .not, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .isIn, .add, .subtract, .multiply,
      .divide, .remainder:
      return overloaded(operation.name, operands, isMethod: false, node)
    }
  }

  /// Finds the overloads that the arguments fit.
  mutating func overloaded(_ name: String, _ arguments: [Int], isMethod: Bool, _ node: Int) -> ExpressionType {
    let given = arguments.map { check($0) }
    let all = environment.functions.overloads[name] ?? []
    let shaped = all.filter { $0.isMethod == isMethod && $0.admits(count: arguments.count) }
    guard !isLenient else {
      resolutions[node] = shaped.isEmpty ? .missing(name) : .call(shaped, arguments: arguments)
      return .dyn
    }
    var fitting: [Overload] = []
    var result: ExpressionType?
    for overload in shaped {
      guard let type = fit(given, overload) else { continue }
      fitting.append(overload)
      result = result.map { unifier.resolved($0) == unifier.resolved(type) ? $0 : .dyn } ?? type
    }
    resolutions[node] = .call(fitting, arguments: arguments)
    readPattern(fitting, arguments)
    if let result { return result }
    if !given.contains(.error) { reportMismatch(name, all, given, arguments, isMethod: isMethod, node) }
    return .error
  }

  /// A pattern that is written out is compiled now, so that what is wrong with it is told now.
  private mutating func readPattern(_ overloads: [Overload], _ arguments: [Int]) {
    guard let place = overloads.first?.patternPlace, case .literal(let pattern) = tree[arguments[place]].kind else {
      return
    }
    do throws(EvaluationError) {
      _ = try RegularExpression.compiled(pattern)
    } catch {
      report(.evaluationFailed, error.message, arguments[place], range: tree[arguments[place]].range)
    }
  }

  /// The result's type where the arguments fit.
  private mutating func fit(_ given: [ExpressionType], _ overload: Overload) -> ExpressionType? {
    let wanted = given.indices.map { overload.parameter($0) }
    guard overload.isGeneric else { return unifier.admit(given, to: wanted) ? overload.result : nil }
    let types = unifier.instance(wanted + [overload.result])
    return unifier.admit(given, to: Array(types.dropLast())) ? types[types.count - 1] : nil
  }

  private mutating func reportMismatch(
    _ name: String, _ all: [Overload], _ given: [ExpressionType], _ arguments: [Int], isMethod: Bool, _ node: Int
  ) {
    let words = given.map { phrase($0) }
    if let operation = Operation.allCases.first(where: { $0.name == name }) {
      let message =
        given.count == 1
        ? "`\(operation.rawValue)` does not take \(words[0])"
        : "`\(operation.rawValue)` does not take \(words[0]) and \(words[1])"
      return report(.operandType, message, node, hint: Self.hint(for: operation, given.map { unifier.closed($0) }))
    }
    if name == Operation.negation { return report(.operandType, "`-` does not take \(words[0])", node) }
    if !all.contains(where: { $0.isMethod == isMethod }) {
      return report(.operandType, "`\(name)` is called on a value", node, hint: "write `value.\(name)(…)`")
    }
    let signatures = all.map(\.signature)
    let hint = "it is called as \(signatures.prefix(4).map { "`\($0)`" }.joined(separator: ", "))"
    let passed = isMethod ? Array(words.dropFirst()) : words
    let taken = passed.isEmpty ? "no argument" : passed.joined(separator: ", ")
    let on = isMethod ? " of \(words[0])" : ""
    report(.operandType, "`\(name)`\(on) does not take \(taken)", node, hint: hint)
  }

  /// Numbers of different kinds, and texts made of numbers, are what people meet first.
  private static func hint(for operation: Operation, _ given: [ExpressionType]) -> String? {
    guard given.count == 2 else { return nil }
    let numbers: [ExpressionType] = [.int, .uint, .double]
    if numbers.contains(given[0]), numbers.contains(given[1]) { return "convert one: `double(…)`, `int(…)`" }
    if operation == .add, given.contains(.string), numbers.contains(where: given.contains) {
      return "write `string(…)` around the number"
    }
    if operation == .equal || operation == .notEqual { return "they can never be equal; `dyn(…)` compares anyway" }
    return nil
  }

  // MARK: Macros

  mutating func comprehension(_ comprehension: Comprehension, _ node: Int) -> ExpressionType {
    let given = check(comprehension.range)
    let range = unifier.shallow(given)
    let (first, second) = variables(of: range, comprehension)
    var added = [(comprehension.variables[0], comprehension.variables.count == 1 ? first.single : first.key)]
    if comprehension.variables.count == 2 { added.append((comprehension.variables[1], second)) }
    return withLocals(added) { checker in
      if let filter = comprehension.filter { checker.require(filter, .bool, "the condition of `map`") }
      return checker.result(comprehension, item: first)
    }
  }

  private mutating func result(_ comprehension: Comprehension, item: (single: ExpressionType, key: ExpressionType))
    -> ExpressionType
  {
    switch comprehension.kind {
    case .all, .exists, .existsOne:
      require(comprehension.body, .bool, "the condition of `\(comprehension.kind.rawValue)`")
      return .bool
    case .filter:
      require(comprehension.body, .bool, "the condition of `filter`")
      return .list(item.single)
    case .map, .transformList: return .list(check(comprehension.body))
    case .transformMap: return .map(item.key, check(comprehension.body))
    case .transformMapEntry:
      let type = check(comprehension.body)
      fit(type, .map(unifier.fresh(), unifier.fresh()), comprehension.body, "the result of `transformMapEntry`")
      return type
    case .sortBy:
      check(comprehension.body)
      return .list(item.single)
    }
  }

  /// What one variable stands for, and what the first and the second of two.
  private mutating func variables(of range: ExpressionType, _ comprehension: Comprehension)
    -> ((single: ExpressionType, key: ExpressionType), ExpressionType)
  {
    switch range {
    case .list(let element): return ((element, .int), element)
    case .map(let key, let value): return ((key, key), value)
    case .object: return ((.string, .string), .dyn)
    case .dyn, .variable: return ((.dyn, .dyn), .dyn)
    case .nullable(let inner): return variables(of: inner, comprehension)
    case .error: return ((.error, .error), .error)
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .optional, .type, .opaque,
      .parameter:
      let name = comprehension.kind.rawValue
      report(
        .operandType, "`\(name)` goes through a list or a map, not \(phrase(range))", comprehension.range,
        range: tree[comprehension.range].range)
      return ((.error, .error), .error)
    }
  }

  mutating func optionalMap(_ base: Int, _ name: String, _ body: Int, isFlat: Bool) -> ExpressionType {
    let inner = unifier.fresh()
    require(base, .optional(inner), "what `\(isFlat ? "optFlatMap" : "optMap")` maps")
    let type = withLocals([(name, inner)]) { checker in checker.check(body) }
    guard isFlat else { return .optional(type) }
    fit(type, .optional(unifier.fresh()), body, "the result of `optFlatMap`")
    return type
  }
}

extension ExpressionType {
  var isGeneric: Bool {
    switch self {
    case .parameter: true
    case .list(let inner), .optional(let inner), .type(let inner), .nullable(let inner): inner.isGeneric
    case .map(let key, let value): key.isGeneric || value.isGeneric
    case .opaque(_, let parameters): parameters.contains { $0.isGeneric }
    case .dyn, .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .object, .variable,
      .error:
      false
    }
  }
}
