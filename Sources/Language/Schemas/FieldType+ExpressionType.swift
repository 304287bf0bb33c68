import Expressions

extension FieldType {
  /// The type of its values in expressions. `name` names objects in messages: `aws/Vpc`.
  package func expressionType(named name: String) -> ExpressionType {
    switch self {
    case .string: .string
    case .int: .int
    case .double: .double
    case .bool: .bool
    case .any: .dyn
    case .list(let element, _): .list(element.expressionType(named: name))
    case .map(let element): .map(.string, element.expressionType(named: name))
    case .object(let schema):
      .object(
        ObjectType(
          name: name,
          fields: Dictionary(
            schema.fields.map { ($0.name, $0.type.expressionType(named: "\(name).\($0.name)")) },
            uniquingKeysWith: { first, _ in first })))
    }
  }
}
