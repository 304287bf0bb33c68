import ProviderKit
import Schemas
import Values

/// What a service refuses at its door: unknown and computed fields, wrong types, texts that are not allowed.
enum InputCheck {
  /// Why the fields of a new object are refused; nil where they are fine.
  static func problem(creating fields: Value, _ schema: Schema) -> Refusal? {
    for entry in fields.entries {
      guard let field = schema[entry.key] else {
        return .invalid(entry.key, "the type has no field `\(entry.key)`")
      }
      if let problem = problem(entry.value, field, entry.key) { return problem }
    }
    return missing(fields, schema, prefix: "")
  }

  /// Why a new value of a field is refused. `path` names it in messages.
  static func problem(_ value: Value, _ field: Field, _ path: String) -> Refusal? {
    if field.marks.contains(.computed) { return .invalid(path, "`\(path)` is set by the service") }
    if value.isNull { return nil }
    if let problem = mismatch(value, field.type, path) { return problem }
    guard !field.allowed.isEmpty else { return nil }
    let texts = value.kind == .list ? value.elements.map(\.spelling) : [value.spelling]
    guard let text = texts.first(where: { !field.allowed.contains($0) }) else { return nil }
    let shown = value.isSensitive ? "the value" : "`\(text)`"
    return .invalid(path, "\(shown) is not allowed for `\(path)`")
  }

  private static func mismatch(_ value: Value, _ type: FieldType, _ path: String) -> Refusal? {
    let isFine =
      switch type {
      case .any: true
      case .string: value.kind == .string
      case .int: value.kind == .int
      case .double: value.kind == .double || value.kind == .int
      case .bool: value.kind == .bool
      case .list: value.kind == .list
      case .map, .object: value.kind == .map
      }
    guard isFine else { return .invalid(path, "`\(path)` must be a \(type.description)") }
    switch type {
    case .any, .string, .int, .double, .bool: return nil
    case .list(let element, _):
      return first(value.elements.enumerated().map { ($1, "\(path)[\($0)]") }) { mismatch($0, element, $1) }
    case .map(let element):
      return first(value.entries.map { ($0.value, "\(path).\($0.key)") }) { mismatch($0, element, $1) }
    case .object(let schema): return objectProblem(value, schema, path)
    }
  }

  private static func objectProblem(_ value: Value, _ schema: Schema, _ path: String) -> Refusal? {
    for entry in value.entries {
      let name = "\(path).\(entry.key)"
      guard let field = schema[entry.key] else { return .invalid(name, "there is no field `\(name)`") }
      if let problem = problem(entry.value, field, name) { return problem }
    }
    return missing(value, schema, prefix: path + ".")
  }

  private static func missing(_ value: Value, _ schema: Schema, prefix: String) -> Refusal? {
    for field in schema.fields where field.marks.contains(.required) && !field.marks.contains(.late) {
      // An object's secret is not kept, so that an edit of its neighbours does not carry it.
      if !prefix.isEmpty, field.marks.contains(.sensitive) { continue }
      guard let found = value[field.name], !found.isNull else {
        return .invalid(prefix + field.name, "`\(prefix)\(field.name)` is required")
      }
    }
    return nil
  }

  private static func first(
    _ items: [(Value, String)], _ check: (Value, String) -> Refusal?
  ) -> Refusal? {
    for (value, path) in items {
      if let problem = check(value, path) { return problem }
    }
    return nil
  }
}

/// Why the pretend service says no; nothing has happened.
struct Refusal: Error {
  var reason: ProviderError.Reason
  /// In the words of AWS, which most readers know.
  var code: String
  var message: String

  static func invalid(_ field: String, _ message: String) -> Refusal {
    Refusal(reason: .invalid(field: field), code: "InvalidParameterValue", message: message)
  }
}
