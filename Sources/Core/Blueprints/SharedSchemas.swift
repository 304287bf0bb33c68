import Values

/// The parts that the schemas of a service's types have in common, such as the pods within all that runs them: each
/// stands once, under the name that the service gives it.
struct SharedSchemas {
  /// Beside the schemas that refer to it.
  static let file = "definitions.json"

  private var parts: [(name: String, value: Value)] = []
  /// By name, all forms that it has: in a few places the same name leaves fields out.
  private var forms: [String: [Value]] = [:]

  var isEmpty: Bool { parts.isEmpty }

  /// The file.
  var value: Value {
    [
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "$defs": .map(parts.sorted { $0.name < $1.name }.map { ($0.name, $0.value) }),
    ]
  }

  /// The schema with a reference in the place of every object that has a name.
  mutating func sharing(_ schema: Value) -> Value { rebuilt(schema, prefix: Self.file) }

  private mutating func rebuilt(_ value: Value, prefix: String) -> Value {
    switch value.kind {
    case .map:
      var entries: [(String, Value)] = []
      for entry in value.entries { entries.append((entry.key, shared(entry.value, prefix))) }
      return .map(entries)
    case .list:
      var items: [Value] = []
      for item in value.elements { items.append(shared(item, prefix)) }
      return .list(items)
    case .null, .bool, .int, .double, .string, .unknown: return value
    }
  }

  private mutating func shared(_ value: Value, _ prefix: String) -> Value {
    guard value.kind == .map, let title = value["title"]?.string, value["properties"]?.kind == .map else {
      return rebuilt(value, prefix: prefix)
    }
    // Within the file itself a reference names no file.
    return ["$ref": .string("\(prefix)#/$defs/\(name(title, of: rebuilt(value, prefix: "")))")]
  }

  /// The name under which a part stands: its own for its first form, with a number for others.
  private mutating func name(_ title: String, of part: Value) -> String {
    let known = forms[title] ?? []
    let position = known.firstIndex(of: part) ?? known.count
    let name = position == 0 ? title : "\(title)-\(position + 1)"
    guard position == known.count else { return name }
    forms[title, default: []].append(part)
    parts.append((name, part))
    return name
  }
}
