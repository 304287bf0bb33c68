import Diagnostics

extension Checker {
  /// `base.field`, `base.?field` and `has(base.field)`.
  mutating func selection(
    _ base: Int, _ field: String, isOptional: Bool, isTest: Bool, _ node: Int
  ) -> ExpressionType {
    let given = check(base)
    let type = unifier.shallow(given)
    if case .optional(let inner) = type {
      return .optional(member(field, of: unifier.shallow(inner), node))
    }
    let found = member(field, of: type, node)
    return isOptional ? .optional(found) : found
  }

  private mutating func member(_ field: String, of type: ExpressionType, _ node: Int) -> ExpressionType {
    switch type {
    case .dyn, .variable: return .dyn
    case .error: return .error
    case .map(let key, let value):
      guard unifier.admit([.string], to: [key]) else {
        report(
          .operandType, "the keys of \(phrase(type)) are no strings", node,
          hint: "write `[…]` with \(phrase(key)) in it")
        return .error
      }
      return value
    case .object(let object):
      if let found = object[field] { return found }
      report(
        .missingMember, "`\(object.name)` has no field `\(field)`", node,
        hint: Self.hint(for: field, in: object))
      return .error
    case .nullable(let inner): return member(field, of: inner, node)
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .list, .optional, .type, .opaque,
      .parameter:
      let isFunction = environment.functions.overloads[field]?.contains { $0.isMethod } ?? false
      report(
        .operandType, "\(phrase(type)) has no fields", node,
        hint: isFunction ? "`\(field)` is a function: `.\(field)()`" : nil)
      return .error
    }
  }

  private static func hint(for field: String, in object: ObjectType) -> String? {
    if let hint = Suggestion.hint(for: field, among: object.fields.keys.sorted()) { return hint }
    let names = object.fields.keys.sorted()
    guard !names.isEmpty else { return nil }
    return "it has: \(names.prefix(16).joined(separator: ", "))\(names.count > 16 ? ", …" : "")"
  }

  /// `base[index]` and `base[?index]`.
  mutating func indexed(_ base: Int, _ index: Int, isOptional: Bool, _ node: Int) -> ExpressionType {
    let given = check(base)
    let type = unifier.shallow(given)
    let key = check(index)
    if case .optional(let inner) = type {
      return .optional(item(of: unifier.shallow(inner), key, index, node))
    }
    let found = item(of: type, key, index, node)
    return isOptional ? .optional(found) : found
  }

  private mutating func item(
    of type: ExpressionType, _ key: ExpressionType, _ index: Int, _ node: Int
  ) -> ExpressionType {
    switch type {
    case .dyn, .variable: return .dyn
    case .error: return .error
    case .list(let element):
      fit(key, .int, index, "the index of a list")
      return element
    case .map(let wanted, let value):
      fit(key, wanted, index, "the key of \(phrase(type))")
      return value
    case .object(let object):
      fit(key, .string, index, "the key of \(phrase(type))")
      guard case .literal(.string(let field)) = tree[index].kind else { return .dyn }
      if let found = object[field] { return found }
      report(
        .missingMember, "`\(object.name)` has no field `\(field)`", index, hint: Self.hint(for: field, in: object))
      return .error
    case .nullable(let inner): return item(of: inner, key, index, node)
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .optional, .type, .opaque,
      .parameter:
      report(.operandType, "\(phrase(type)) has no items", node)
      return .error
    }
  }

  /// Reports where a type does not fit.
  mutating func fit(_ given: ExpressionType, _ wanted: ExpressionType, _ node: Int, _ what: String) {
    guard !unifier.admit([given], to: [wanted]) else { return }
    report(
      .operandType, "\(what) is \(phrase(wanted)), not \(phrase(given))", node, range: tree[node].range)
  }

  /// Checks a node and reports where its type does not fit.
  mutating func require(_ node: Int, _ wanted: ExpressionType, _ what: String) {
    fit(check(node), wanted, node, what)
  }

  // MARK: Literals

  mutating func list(_ items: [SyntaxNode.Item]) -> ExpressionType {
    var element: ExpressionType?
    for item in items {
      var type = check(item.node)
      if item.isOptional { type = unwrapped(type, item.node) }
      element = element.map { unifier.joined($0, type) } ?? type
    }
    return .list(element ?? unifier.fresh())
  }

  mutating func map(_ entries: [SyntaxNode.Entry]) -> ExpressionType {
    var key: ExpressionType?
    var value: ExpressionType?
    for entry in entries {
      let keyType = check(entry.key)
      checkKey(keyType, entry.key)
      var valueType = check(entry.value)
      if entry.isOptional { valueType = unwrapped(valueType, entry.value) }
      key = key.map { unifier.joined($0, keyType) } ?? keyType
      value = value.map { unifier.joined($0, valueType) } ?? valueType
    }
    return .map(key ?? unifier.fresh(), value ?? unifier.fresh())
  }

  private mutating func checkKey(_ type: ExpressionType, _ node: Int) {
    switch unifier.shallow(type) {
    case .bool, .int, .uint, .string, .dyn, .error, .variable, .nullable: return
    case .null, .double, .bytes, .timestamp, .duration, .list, .map, .object, .optional, .type, .opaque, .parameter:
      report(
        .operandType, "the key of a map is a string, an integer or a bool, not \(phrase(type))", node,
        range: tree[node].range)
    }
  }

  /// What stands behind `?` is an optional.
  private mutating func unwrapped(_ type: ExpressionType, _ node: Int) -> ExpressionType {
    switch unifier.shallow(type) {
    case .optional(let inner): return inner
    case .dyn: return .dyn
    case .error: return .error
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .list, .map, .object, .nullable,
      .type, .opaque, .parameter, .variable:
      report(
        .operandType, "what stands behind `?` is an optional, not \(phrase(type))", node, range: tree[node].range)
      return .error
    }
  }
}
