import Diagnostics
import Values

extension Parser {
  /// `f(x, y)` or `a.f(x, y)` at its parenthesis; macros are understood here.
  mutating func call(_ name: String, on receiver: Int?, _ mark: Range<Int>) -> Int {
    let start = receiver.map { tree[$0].range.lowerBound } ?? mark.lowerBound
    let isMacro = environment.hasMacros && Self.bindsNames(name, hasReceiver: receiver != nil)
    let outerLocals = locals.count
    let arguments = arguments(bindingNames: isMacro)
    locals.removeLast(locals.count - outerLocals)
    let range = start..<previousEnd
    if environment.hasMacros, let macro = macro(name, receiver, arguments, range, mark) { return macro }
    let children = arguments + (receiver.map { [$0] } ?? [])
    return add(.call(name, receiver: receiver, arguments: arguments), range, mark: mark, above: children)
  }

  private static let comprehensions: Set<String> = [
    "all", "exists", "exists_one", "existsOne", "map", "filter", "transformList", "transformMap",
    "transformMapEntry", "sortBy",
  ]

  /// Whether the first arguments are names that the others may use.
  private static func bindsNames(_ name: String, hasReceiver: Bool) -> Bool {
    hasReceiver && (comprehensions.contains(name) || ["bind", "optMap", "optFlatMap"].contains(name))
  }

  private mutating func arguments(bindingNames: Bool) -> [Int] {
    advance()
    var found: [Int] = []
    var mayBind = bindingNames
    while token.kind != .closeParenthesis, token.kind != .end, admits(found.count, "a call") {
      if mayBind, let name = nameBeforeComma() {
        locals.append(name)
        found.append(add(.identifier(name, isRooted: false), token.range))
        advance()
      } else {
        mayBind = false
        found.append(expression())
      }
      if token.kind != .comma, token.kind != .closeParenthesis { recover("`,` or `)`") }
      guard token.kind == .comma else { break }
      advance()
      if token.kind == .closeParenthesis { unexpected("an argument") }
    }
    if token.kind == .closeParenthesis { advance() } else { unexpected("`,` or `)`") }
    return found
  }

  private func nameBeforeComma() -> String? {
    guard token.kind == .identifier else { return nil }
    var ahead = lexer
    let name = text(token.range)
    return ahead.next().kind == .comma && !["true", "false", "null"].contains(name) ? name : nil
  }

  // MARK: Macros

  /// The node of a macro; nil where the call is none.
  private mutating func macro(
    _ name: String, _ receiver: Int?, _ arguments: [Int], _ range: Range<Int>, _ mark: Range<Int>
  ) -> Int? {
    guard let receiver else {
      guard name == "has", arguments.count == 1 else { return nil }
      return presence(arguments[0], range, mark)
    }
    switch (name, arguments.count) {
    case ("bind", 3):
      guard case .identifier("cel", _) = tree[receiver].kind, !locals.contains("cel") else { return nil }
      guard let variable = variable(arguments[0]) else { return broken(range) }
      return add(
        .bind(variable, arguments[1], arguments[2]), range, mark: mark, above: [arguments[1], arguments[2]])
    case ("optMap", 2), ("optFlatMap", 2):
      guard let variable = variable(arguments[0]) else { return broken(range) }
      return add(
        .optionalMap(receiver, variable, arguments[1], isFlat: name == "optFlatMap"), range, mark: mark,
        above: [receiver, arguments[1]])
    default: return comprehension(name, receiver, arguments, range, mark)
    }
  }

  private mutating func comprehension(
    _ name: String, _ receiver: Int, _ arguments: [Int], _ range: Range<Int>, _ mark: Range<Int>
  ) -> Int? {
    guard let shape = Self.shape(name, arguments.count) else { return nil }
    var variables: [String] = []
    for argument in arguments.prefix(shape.variables) {
      guard let variable = variable(argument) else { return broken(range) }
      variables.append(variable)
    }
    if variables.count == 2, variables[0] == variables[1] {
      report(.macroArguments, "both variables are called `\(variables[0])`", tree[arguments[1]].range)
      return broken(range)
    }
    guard let body = arguments.last else { return nil }
    let comprehension = Comprehension(
      kind: shape.kind, range: receiver, variables: variables,
      filter: shape.isFiltered ? arguments[arguments.count - 2] : nil, body: body)
    return add(
      .comprehension(comprehension), range, mark: mark, above: [receiver] + arguments.dropFirst(shape.variables))
  }

  private struct Shape {
    let kind: Comprehension.Kind
    let variables: Int
    var isFiltered = false
  }

  private static func shape(_ name: String, _ count: Int) -> Shape? {
    switch (name, count) {
    case ("all", 2), ("all", 3): Shape(kind: .all, variables: count - 1)
    case ("exists", 2), ("exists", 3): Shape(kind: .exists, variables: count - 1)
    case ("exists_one", 2), ("existsOne", 2), ("exists_one", 3), ("existsOne", 3):
      Shape(kind: .existsOne, variables: count - 1)
    case ("filter", 2): Shape(kind: .filter, variables: 1)
    case ("map", 2), ("map", 3): Shape(kind: .map, variables: 1, isFiltered: count == 3)
    case ("sortBy", 2): Shape(kind: .sortBy, variables: 1)
    case ("transformList", 3), ("transformList", 4):
      Shape(kind: .transformList, variables: 2, isFiltered: count == 4)
    case ("transformMap", 3), ("transformMap", 4): Shape(kind: .transformMap, variables: 2, isFiltered: count == 4)
    case ("transformMapEntry", 3), ("transformMapEntry", 4):
      Shape(kind: .transformMapEntry, variables: 2, isFiltered: count == 4)
    default: nil
    }
  }

  private mutating func variable(_ node: Int) -> String? {
    if case .identifier(let name, false) = tree[node].kind { return name }
    if case .broken = tree[node].kind { return nil }
    report(.macroArguments, "a new name should stand here", tree[node].range, hint: "such as `items.all(x, x > 0)`")
    return nil
  }

  private mutating func presence(_ argument: Int, _ range: Range<Int>, _ mark: Range<Int>) -> Int {
    switch tree[argument].kind {
    case .select(let base, let name, false):
      return add(.test(base, name), range, mark: tree[argument].mark, above: [base])
    case .reference(let reference):
      return presence(of: reference, argument, range)
    case .broken: return broken(range)
    case .literal, .identifier, .select, .test, .index, .call, .operation, .negation, .conditional, .list, .map,
      .comprehension, .bind, .optionalMap:
      report(
        .macroArguments, "`has()` takes a field, such as `has(a.b)`", tree[argument].range,
        hint: "`\"key\" in map` asks for a key of any form")
      return broken(range)
    }
  }

  /// `has(aws.Vpc.main.tags.team)` asks what is above; of a field of the manifest itself only whether it reads.
  private mutating func presence(of reference: Reference, _ argument: Int, _ range: Range<Int>) -> Int {
    guard reference.path.segments.count > 1, case .key(let name)? = reference.path.segments.last else {
      let null = add(.literal(.null), range)
      return add(.operation(.notEqual, [argument, null]), range, above: [argument, null])
    }
    let above = Reference(subject: reference.subject, path: ValuePath(Array(reference.path.segments.dropLast())))
    if references.last == reference { references[references.count - 1] = above }
    tree.nodes[argument].kind = .reference(above)
    return add(.test(argument, name), range, mark: tree[argument].mark, above: [argument])
  }
}
