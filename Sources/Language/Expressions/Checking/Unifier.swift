/// Finds out whether a type fits another and what the type parameters between them stand for.
/// https://github.com/google/cel-spec/blob/master/doc/langdef.md#gradual-type-checking
struct Unifier {
  /// What each variable stands for so far.
  private(set) var bindings: [ExpressionType?] = []

  mutating func fresh() -> ExpressionType {
    bindings.append(nil)
    return .variable(bindings.count - 1)
  }

  /// The parameters of an overload as fresh variables.
  mutating func instance(_ types: [ExpressionType]) -> [ExpressionType] {
    var known: [String: ExpressionType] = [:]
    return types.map { instance($0, &known) }
  }

  private mutating func instance(_ type: ExpressionType, _ known: inout [String: ExpressionType]) -> ExpressionType {
    switch type {
    case .parameter(let name):
      if let variable = known[name] { return variable }
      let variable = fresh()
      known[name] = variable
      return variable
    case .list(let element): return .list(instance(element, &known))
    case .map(let key, let value): return .map(instance(key, &known), instance(value, &known))
    case .optional(let inner): return .optional(instance(inner, &known))
    case .type(let inner): return .type(instance(inner, &known))
    case .nullable(let inner): return .nullable(instance(inner, &known))
    case .opaque(let name, let parameters) where !parameters.isEmpty:
      var instances: [ExpressionType] = []
      for parameter in parameters { instances.append(instance(parameter, &known)) }
      return .opaque(name, instances)
    case .dyn, .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .object, .opaque,
      .variable, .error:
      return type
    }
  }

  /// The type with everything known put in, variables included where they are still open.
  func resolved(_ type: ExpressionType) -> ExpressionType {
    switch type {
    case .variable(let index): bindings[index].map(resolved) ?? type
    case .list(let element): .list(resolved(element))
    case .map(let key, let value): .map(resolved(key), resolved(value))
    case .optional(let inner): .optional(resolved(inner))
    case .type(let inner): .type(resolved(inner))
    case .nullable(let inner): .nullable(resolved(inner))
    case .opaque(let name, let parameters): .opaque(name, parameters.map(resolved))
    case .dyn, .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .object, .parameter,
      .error:
      type
    }
  }

  /// The type in which what is still open is `dyn`.
  func closed(_ type: ExpressionType) -> ExpressionType {
    switch type {
    case .variable(let index): bindings[index].map(closed) ?? .dyn
    case .list(let element): .list(closed(element))
    case .map(let key, let value): .map(closed(key), closed(value))
    case .optional(let inner): .optional(closed(inner))
    case .type(let inner): .type(closed(inner))
    case .nullable(let inner): .nullable(closed(inner))
    case .opaque(let name, let parameters): .opaque(name, parameters.map(closed))
    case .dyn, .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .object, .parameter,
      .error:
      type
    }
  }

  /// The variable's present meaning, or the type itself, one level deep.
  func shallow(_ type: ExpressionType) -> ExpressionType {
    var type = type
    while case .variable(let index) = type, let bound = bindings[index] { type = bound }
    return type
  }

  /// Whether all fit; otherwise nothing is bound.
  mutating func admit(_ arguments: [ExpressionType], to parameters: [ExpressionType]) -> Bool {
    let before = bindings
    for (argument, parameter) in zip(arguments, parameters) where !admit(argument, to: parameter) {
      bindings = before
      return false
    }
    return true
  }

  /// Whether a value of one type may stand where another is wanted; binds variables on both sides.
  mutating func admit(_ given: ExpressionType, to wanted: ExpressionType) -> Bool {
    let given = shallow(given), wanted = shallow(wanted)
    switch (wanted, given) {
    case (.variable(let a), .variable(let b)) where a == b: return true
    case (.variable(let index), _): return bind(index, given)
    case (_, .variable(let index)): return bind(index, wanted)
    case (.dyn, _), (_, .dyn), (.error, _), (_, .error): return true
    case (.nullable(let inner), .null), (.null, .nullable(let inner)): return inner != .null
    case (.nullable(let a), .nullable(let b)): return admit(b, to: a)
    case (.nullable(let inner), _): return admit(given, to: inner)
    case (_, .nullable(let inner)): return admit(inner, to: wanted)
    case (.object, .null), (.null, .object), (.timestamp, .null), (.null, .timestamp), (.duration, .null),
      (.null, .duration), (.opaque, .null), (.null, .opaque):
      return true
    case (.list(let a), .list(let b)), (.optional(let a), .optional(let b)): return admit(b, to: a)
    // Types of any values can be compared.
    case (.type, .type): return true
    case (.map(let a, let c), .map(let b, let d)): return admit(b, to: a) && admit(d, to: c)
    case (.map(let key, let value), .object(let object)), (.object(let object), .map(let key, let value)):
      return admit(.string, to: key) && admit(Self.common(object), to: value)
    case (.object(let a), .object(let b)): return a == b || a.isOpen || b.isOpen
    case (.opaque(let a, let c), .opaque(let b, let d)): return a == b && c.count == d.count && admit(d, to: c)
    case (.parameter(let a), .parameter(let b)): return a == b
    default: return wanted == given
    }
  }

  /// What the values of an object have in common.
  private static func common(_ object: ObjectType) -> ExpressionType {
    guard !object.isOpen, let first = object.fields.values.first else { return .dyn }
    return object.fields.values.allSatisfy { $0 == first } ? first : .dyn
  }

  private mutating func bind(_ index: Int, _ type: ExpressionType) -> Bool {
    guard !contains(type, index) else { return false }
    bindings[index] = type
    return true
  }

  private func contains(_ type: ExpressionType, _ index: Int) -> Bool {
    switch type {
    case .variable(let other): other == index || bindings[other].map { contains($0, index) } ?? false
    case .list(let inner), .optional(let inner), .type(let inner), .nullable(let inner): contains(inner, index)
    case .map(let key, let value): contains(key, index) || contains(value, index)
    case .opaque(_, let parameters): parameters.contains { contains($0, index) }
    case .dyn, .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .object, .parameter,
      .error:
      false
    }
  }

  /// The type of what may be either: the more general of the two, `dyn` where neither fits the other.
  mutating func joined(_ left: ExpressionType, _ right: ExpressionType) -> ExpressionType {
    let a = resolved(left), b = resolved(right)
    if case .error = a { return b }
    if case .error = b { return a }
    if case .null = a, case .nullable = b { return b }
    if isMoreGeneral(b, than: a), admit([a], to: [b]) { return b }
    if admit([b], to: [a]) { return a }
    return admit([a], to: [b]) ? b : .dyn
  }

  /// Whether `dyn` stands in one where the other says more.
  private func isMoreGeneral(_ wide: ExpressionType, than narrow: ExpressionType) -> Bool {
    switch (wide, narrow) {
    case (.dyn, .dyn): false
    case (.dyn, _): true
    case (.list(let a), .list(let b)), (.optional(let a), .optional(let b)): isMoreGeneral(a, than: b)
    case (.map(let a, let c), .map(let b, let d)): isMoreGeneral(a, than: b) || isMoreGeneral(c, than: d)
    case (.nullable, .nullable): false
    case (.nullable, _): true
    default: false
    }
  }
}
