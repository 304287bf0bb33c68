/// A type of the Common Expression Language, as declared or as inferred.
///
/// `description` writes CEL's notation (`map(string, list(int))`), `init(notation:)` reads it.
package indirect enum ExpressionType: Hashable, Sendable {
  /// Any value; what is done with it is checked when it is evaluated.
  case dyn
  case null, bool, int, uint, double, string, bytes, timestamp, duration
  case list(ExpressionType)
  /// Keys are bool, int, uint or string.
  case map(ExpressionType, ExpressionType)
  /// A map whose fields are declared, such as the spec of a kind.
  case object(ObjectType)
  case optional(ExpressionType)
  /// The type or null: CEL's wrapper types.
  case nullable(ExpressionType)
  /// The type of a type: `int` alone is a value of `type(int)`.
  case type(ExpressionType)
  /// A type of a library: `net.IP`. Parameters are rare.
  case opaque(String, [ExpressionType])
  /// A type parameter of an overload: `T` in `list(T)`.
  case parameter(String)
  /// Stands for a type still looked for while checking; never leaves the checker.
  case variable(Int)
  /// The type of what was already reported; fits everywhere.
  case error

  /// A type of a library without parameters.
  package static func opaque(_ name: String) -> ExpressionType { .opaque(name, []) }
}

/// A map with declared fields. Two are equal when their names and fields are.
package final class ObjectType: Sendable {
  /// Names the type in messages, such as `aws/Vpc` or `spec of Network`.
  package let name: String
  package let fields: [String: ExpressionType]
  /// Fields beside the declared ones are allowed, and `dyn`.
  package let isOpen: Bool

  package init(name: String, fields: [String: ExpressionType], isOpen: Bool = false) {
    self.name = name
    self.fields = fields
    self.isOpen = isOpen
  }

  package subscript(field: String) -> ExpressionType? { fields[field] ?? (isOpen ? .dyn : nil) }
}

extension ObjectType: Hashable {
  package static func == (left: ObjectType, right: ObjectType) -> Bool {
    left === right || left.name == right.name && left.isOpen == right.isOpen && left.fields == right.fields
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension ExpressionType {
  /// The name that `type(x)` gives at run time: parameters are not known there.
  package var runtimeName: String {
    switch self {
    case .dyn, .error, .variable: "dyn"
    case .null: "null_type"
    case .bool: "bool"
    case .int: "int"
    case .uint: "uint"
    case .double: "double"
    case .string: "string"
    case .bytes: "bytes"
    case .timestamp: "google.protobuf.Timestamp"
    case .duration: "google.protobuf.Duration"
    case .list: "list"
    case .map, .object: "map"
    case .optional: "optional_type"
    case .nullable(let inner): inner.runtimeName
    case .type: "type"
    case .opaque(let name, _), .parameter(let name): name
    }
  }

  /// The types with a name that stands for them in an expression: `int`, `google.protobuf.Duration`.
  package static let named: [String: ExpressionType] = [
    "bool": .bool, "int": .int, "uint": .uint, "double": .double, "string": .string, "bytes": .bytes,
    "null_type": .null, "list": .list(.dyn), "map": .map(.dyn, .dyn), "type": .type(.dyn), "dyn": .dyn,
    "google.protobuf.Timestamp": .timestamp, "google.protobuf.Duration": .duration,
    "optional_type": .optional(.dyn),
  ]

  /// True where the value itself is only known at run time.
  var isDynamic: Bool {
    switch self {
    case .dyn, .error: true
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .list, .map, .object,
      .optional, .nullable, .type, .opaque, .parameter, .variable:
      false
    }
  }
}
