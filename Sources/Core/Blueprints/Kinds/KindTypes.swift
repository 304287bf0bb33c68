import Expressions
import Resources
import Schemas

/// The types of what a blueprint's expressions read.
struct KindTypes {
  let kinds: KindCatalog
  /// References are followed so far; beyond that anything goes.
  private static let depthLimit = 3

  init(_ kinds: KindCatalog) { self.kinds = kinds }

  func spec(of kind: Kind) -> ExpressionType { spec(of: kind, depth: 0) }

  private func spec(of kind: Kind, depth: Int) -> ExpressionType {
    .object(object("the spec of \(kind.name.kind)", kind.schema, depth))
  }

  private func object(_ name: String, _ schema: Schema, _ depth: Int) -> ObjectType {
    let fields = schema.fields.map { ($0.name, type($0.type, $0.rules, "\(name), \($0.name)", depth)) }
    return ObjectType(name: name, fields: Dictionary(fields, uniquingKeysWith: { first, _ in first }))
  }

  private func type(_ type: FieldType, _ rules: FieldRules?, _ name: String, _ depth: Int) -> ExpressionType {
    if let rules, !rules.kinds.isEmpty { return reference(rules.kinds, depth + 1) }
    switch type {
    case .string: return .string
    case .int: return .int
    case .double: return .double
    case .bool: return .bool
    case .any: return .dyn
    case .list(let element, _): return .list(self.type(element, rules?.element, name, depth))
    case .map(let element): return .map(.string, self.type(element, rules?.element, name, depth))
    case .object(let schema): return .object(object(name, schema, depth))
    }
  }

  /// The manifest that a reference names.
  private func reference(_ names: [String], _ depth: Int) -> ExpressionType {
    var fields: [String: ExpressionType] = [
      "name": .string, "kind": .string, "target": Self.target, "spec": .dyn, "outputs": .dyn,
    ]
    if names.count == 1, let kind = kinds[names[0]] {
      fields["outputs"] = .object(
        ObjectType(
          name: "the outputs of \(kind.name.kind)",
          fields: Dictionary(kind.outputNames.map { ($0, .dyn) }, uniquingKeysWith: { first, _ in first })))
      if depth < Self.depthLimit { fields["spec"] = spec(of: kind, depth: depth) }
    }
    return .object(ObjectType(name: "a reference to \(names.joined(separator: " or "))", fields: fields))
  }

  static let target = ExpressionType.object(
    ObjectType(
      name: "the target", fields: ["name": .string, "provider": .string, "serves": .list(.string)], isOpen: true))
  static let metadata = ExpressionType.object(ObjectType(name: "the metadata", fields: ["name": .string]))

  // MARK: Resources

  /// A resource of a type: its fields and `id`.
  static func resource(_ type: ResourceType) -> ExpressionType {
    guard case .object(let object) = plain(type.schema, type.name.text) else { return .dyn }
    var fields = object.fields
    fields["id"] = .string
    return .object(ObjectType(name: type.name.text, fields: fields))
  }

  private static func plain(_ schema: Schema, _ name: String) -> ExpressionType {
    let fields = schema.fields.map { ($0.name, plain($0.type, "\(name).\($0.name)")) }
    return .object(ObjectType(name: name, fields: Dictionary(fields, uniquingKeysWith: { first, _ in first })))
  }

  private static func plain(_ type: FieldType, _ name: String) -> ExpressionType {
    switch type {
    case .string: .string
    case .int: .int
    case .double: .double
    case .bool: .bool
    case .any: .dyn
    case .list(let element, _): .list(plain(element, name))
    case .map(let element): .map(.string, plain(element, name))
    case .object(let schema): plain(schema, name)
    }
  }
}

extension FieldType {
  /// What is wrong where an expression of this type stands here; nil where it fits.
  func misfit(_ type: ExpressionType) -> (message: String, hint: String?)? {
    if admits(type) { return nil }
    return ("the field takes \(phrase), and the expression gives \(type.phrase)", conversion(of: type))
  }

  /// How people mend what they meet first: numbers in texts, texts that are numbers, one item instead of a list.
  private func conversion(of type: ExpressionType) -> String? {
    switch (self, type) {
    case (_, .nullable(let inner)), (_, .optional(let inner)): conversion(of: inner)
    case (.string, .int), (.string, .uint), (.string, .double), (.string, .bool): "write `string(…)` around it"
    case (.int, .string), (.int, .double): "write `int(…)` around it"
    case (.double, .string): "write `double(…)` around it"
    case (.bool, .string): "write `… == \"true\"` behind it"
    case (.list(let element, _), _) where element.admits(type): "write `[…]` around it"
    case (_, .list(let item)) where admits(item): "take one of its items: `…[0]`"
    default: nil
    }
  }

  /// Whether an expression of this type may stand here, as far as types can tell. Null and an absent optional leave a
  /// field out.
  func admits(_ type: ExpressionType) -> Bool {
    switch (self, type) {
    case (_, .optional(let inner)), (_, .nullable(let inner)): admits(inner)
    case (.any, _), (_, .dyn), (_, .error), (_, .null), (_, .parameter), (_, .variable): true
    case (.string, .string), (.string, .timestamp), (.string, .duration), (.string, .opaque), (.string, .bytes): true
    case (.int, .int), (.int, .uint), (.double, .double), (.double, .int), (.double, .uint), (.bool, .bool): true
    case (.list(let element, _), .list(let other)): element.admits(other)
    case (.map(let element), .map(_, let other)): element.admits(other)
    case (.map(let element), .object(let object)): object.fields.values.allSatisfy { element.admits($0) }
    case (.object, .map): true
    case (.object(let schema), .object(let object)):
      object.fields.allSatisfy { name, type in schema[name].map { $0.type.admits(type) } ?? false }
    case (.string, _), (.int, _), (.double, _), (.bool, _), (.list, _), (.map, _), (.object, _): false
    }
  }
}
