extension ExpressionType: CustomStringConvertible {
  /// CEL's notation: `map(string, list(int))`, `optional_type(int)`, `wrapper(string)`, an object by its name.
  package var description: String {
    switch self {
    case .dyn, .null, .bool, .int, .uint, .double, .string, .bytes: runtimeName
    case .timestamp: "timestamp"
    case .duration: "duration"
    case .list(let element): "list(\(element))"
    case .map(let key, let value): "map(\(key), \(value))"
    case .object(let object): object.name
    case .optional(let inner): "optional_type(\(inner))"
    case .nullable(let inner): "wrapper(\(inner))"
    case .type(let inner): "type(\(inner))"
    case .opaque(let name, let parameters):
      parameters.isEmpty ? name : "\(name)(\(parameters.map(\.description).joined(separator: ", ")))"
    case .parameter(let name): name
    case .variable: "dyn"
    case .error: "error"
    }
  }

  /// Reads CEL's notation; nil where the text has no such form. A name that is no type of CEL is a type
  /// parameter where it is one capital letter, else a type of a library.
  package init?(notation: String) {
    var reader = TypeReader(rest: Substring(notation))
    guard let type = reader.type(), reader.rest.isEmpty else { return nil }
    self = type
  }
}

private struct TypeReader {
  var rest: Substring

  private static let names: [String: ExpressionType] = [
    "dyn": .dyn, "null_type": .null, "null": .null, "bool": .bool, "int": .int, "uint": .uint, "double": .double,
    "string": .string, "bytes": .bytes, "timestamp": .timestamp, "duration": .duration, "error": .error,
    "google.protobuf.Timestamp": .timestamp, "google.protobuf.Duration": .duration,
    "google.protobuf.Any": .dyn, "google.protobuf.Value": .dyn, "google.protobuf.ListValue": .list(.dyn),
    "google.protobuf.Struct": .map(.string, .dyn), "google.protobuf.BoolValue": .nullable(.bool),
    "google.protobuf.Int32Value": .nullable(.int), "google.protobuf.Int64Value": .nullable(.int),
    "google.protobuf.UInt32Value": .nullable(.uint), "google.protobuf.UInt64Value": .nullable(.uint),
    "google.protobuf.FloatValue": .nullable(.double), "google.protobuf.DoubleValue": .nullable(.double),
    "google.protobuf.StringValue": .nullable(.string), "google.protobuf.BytesValue": .nullable(.bytes),
    "list": .list(.dyn), "map": .map(.dyn, .dyn), "type": .type(.dyn), "optional_type": .optional(.dyn),
  ]

  mutating func type() -> ExpressionType? {
    let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." || $0 == "-" || $0 == "/" }
    guard !name.isEmpty else { return nil }
    rest = rest[name.endIndex...]
    guard rest.first == "(" else {
      if let known = Self.names[String(name)] { return known }
      let isParameter = name.count == 1 && name.first?.isUppercase == true
      return isParameter ? .parameter(String(name)) : .opaque(String(name))
    }
    guard let parameters = parameters() else { return nil }
    switch (name, parameters.count) {
    case ("list", 1): return .list(parameters[0])
    case ("map", 2): return .map(parameters[0], parameters[1])
    case ("optional_type", 1), ("optional", 1): return .optional(parameters[0])
    case ("wrapper", 1): return .nullable(parameters[0])
    case ("type", 1): return .type(parameters[0])
    default: return .opaque(String(name), parameters)
    }
  }

  private mutating func parameters() -> [ExpressionType]? {
    var found: [ExpressionType] = []
    rest = rest.dropFirst()
    while rest.first != ")" {
      if !found.isEmpty {
        guard rest.first == "," else { return nil }
        rest = rest.dropFirst().drop { $0 == " " }
      }
      guard let next = type() else { return nil }
      found.append(next)
    }
    rest = rest.dropFirst()
    return found
  }
}
