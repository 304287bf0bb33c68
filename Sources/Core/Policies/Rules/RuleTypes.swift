import Expressions
import Resources
import Schemas

/// The types of what rules read, so that a field that does not exist is found when a policy is loaded.
enum RuleTypes {
  static let target = ObjectType(
    name: "target", fields: ["name": .string, "provider": .string, "account": .string, "region": .string])

  /// A resource of `resources` and `referrers`: of any type.
  static let other = ObjectType(
    name: "resource",
    fields: [
      "address": .string, "type": .string, "target": .object(target), "after": .dyn, "references": .list(.string),
      "protected": .bool, "stateful": .bool,
    ])

  /// Amounts are absent where nothing is estimated.
  static let cost = ObjectType(name: "cost", fields: ["monthly": .double, "delta": .double])
  static let estateCost = ObjectType(
    name: "cost", fields: ["monthly": .double, "delta": .double, "notEstimated": .int])

  static let estate: [String: ExpressionType] = [
    "resources": .list(.object(other)), "cost": .object(estateCost), "environment": .string,
  ]

  static let manifest: [String: ExpressionType] = [
    "address": .string, "kind": .string, "apiVersion": .string, "metadata": .dyn, "spec": .dyn, "object": .dyn,
    "environment": .string,
  ]

  /// - Parameter type: nil for rules that look at several types, or at one that no provider has.
  static func resource(_ type: ResourceType?) -> [String: ExpressionType] {
    let fields: ExpressionType = type.map { .object(object($0.schema, name: $0.name.text)) } ?? .dyn
    return [
      "address": .string, "type": .string, "action": .string, "target": .object(target), "before": fields,
      "after": fields, "stateful": .bool, "protected": .bool, "cost": .object(cost),
      "resources": .list(.object(other)), "referrers": .list(.object(other)), "environment": .string,
    ]
  }

  /// What the expressions of a price read.
  static func price(_ type: ResourceType?) -> [String: ExpressionType] {
    resource(type).filter { ["after", "type", "target", "address"].contains($0.key) }
  }

  static func parameters(_ types: [String: FieldType]) -> ExpressionType {
    .object(
      ObjectType(
        name: "parameters",
        fields: types.mapValues { Self.type($0, name: "parameter") }))
  }

  /// What the service sets by itself is not among the wanted fields, and so cannot be read.
  private static func object(_ schema: Schema, name: String) -> ObjectType {
    var fields: [String: ExpressionType] = [:]
    for field in schema.fields where field.isWritable {
      fields[field.name] =
        field.equality == .jsonPolicy ? policy(field) : type(field.type, name: "\(name).\(field.name)")
    }
    return ObjectType(name: name, fields: fields)
  }

  private static func policy(_ field: Field) -> ExpressionType {
    if case .map = field.type { return .map(.string, .dyn) }
    return .dyn
  }

  private static func type(_ type: FieldType, name: String) -> ExpressionType {
    switch type {
    case .string: .string
    case .int: .int
    case .double: .double
    case .bool: .bool
    case .any: .dyn
    case .list(let element, _): .list(Self.type(element, name: name))
    case .map(let element): .map(.string, Self.type(element, name: name))
    case .object(let schema): .object(object(schema, name: name))
    }
  }
}

extension Field {
  /// True where users may write it, so that rules may read it.
  var isWritable: Bool { !marks.contains(.computed) || marks.contains(.optionalComputed) }
}
