import Resources
import Schemas
import Values

/// The references to other objects that stand in a resource's fields.
struct Reference: Hashable {
  var type: TypeName
  var remote: String
  /// The field, for messages.
  var field: String
}

enum References {
  /// All that must exist in the account, each once; a text that cannot be an id of the referenced type is
  /// refused.
  static func of(_ fields: Value, _ schema: Schema, _ catalog: TypeCatalog, account: String) -> Result<
    [Reference], Refusal
  > {
    var found: [Reference] = []
    var refusal: Refusal?
    for entry in fields.entries {
      guard let field = schema[entry.key], !field.marks.contains(.computed) else { continue }
      collect(entry.value, field, entry.key) { name, text, path in
        guard let type = catalog[name] else { return }
        switch meaning(of: text, type, account: account) {
        case .object(let id): found.append(Reference(type: name, remote: id, field: path))
        case .elsewhere: break
        case .malformed:
          refusal = refusal ?? .invalid(path, "`\(text)` is no id of \(name)")
        }
      }
    }
    if let refusal { return .failure(refusal) }
    var seen: Set<String> = []
    return .success(found.filter { seen.insert("\($0.type.text) \($0.remote)").inserted })
  }

  private static func collect(
    _ value: Value, _ field: Field, _ path: String, _ note: (TypeName, String, String) -> Void
  ) {
    if let name = field.references { texts(value) { note(TypeName(name), $0, path) } }
    switch field.type {
    case .string, .int, .double, .bool, .any: break
    case .object(let schema): collect(value, schema, path, note)
    case .list(.object(let schema), _): for item in value.elements { collect(item, schema, path, note) }
    case .map(.object(let schema)): for entry in value.entries { collect(entry.value, schema, path, note) }
    case .list, .map: break
    }
  }

  private static func collect(
    _ value: Value, _ schema: Schema, _ path: String, _ note: (TypeName, String, String) -> Void
  ) {
    for entry in value.entries {
      guard let field = schema[entry.key] else { continue }
      collect(entry.value, field, "\(path).\(entry.key)", note)
    }
  }

  private static func texts(_ value: Value, _ note: (String) -> Void) {
    switch value.kind {
    case .string: note(value.spelling)
    case .list: for element in value.elements { texts(element, note) }
    case .map: for entry in value.entries where entry.value.kind == .string { note(entry.value.spelling) }
    case .null, .bool, .int, .double, .unknown: break
    }
  }

  private enum Meaning { case object(String), elsewhere, malformed }

  private static func meaning(of text: String, _ type: ResourceType, account: String) -> Meaning {
    if text.hasPrefix("arn:") {
      let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
      guard parts.count == 6 else { return .malformed }
      guard parts[4].isEmpty || parts[4] == account else { return .elsewhere }
      return .object(String(parts[5].split { $0 == "/" || $0 == ":" }.last ?? parts[5]))
    }
    if let pattern = type.identity.idPath {
      guard !text.contains("/") else { return .object(path(in: text)) }
      return named(text, pattern.replacing("{account}", with: account))
    }
    guard let prefix = type.identity.idPrefix, !text.hasPrefix(prefix) else { return .object(text) }
    return text == "local" || isForeignID(text) ? .elsewhere : .malformed
  }

  /// Some fields take an object's bare name where it can only be one: the rest of its path is the account's.
  private static func named(_ name: String, _ pattern: String) -> Meaning {
    guard let open = pattern.firstIndex(of: "{"), pattern.last == "}", pattern.count(where: { $0 == "{" }) == 1 else {
      return .object(name)
    }
    return .object(pattern[..<open] + name)
  }

  /// A link to an object ends in its path: `https://www.googleapis.com/compute/v1/projects/…`.
  private static func path(in text: String) -> String {
    guard text.hasPrefix("https://"), let start = text.firstRange(of: "/projects/") else { return text }
    return String(text[text.index(after: start.lowerBound)...])
  }

  /// An id of another type, `vgw-0123abcd`: a field may accept several types, of which the schema names one.
  private static func isForeignID(_ text: String) -> Bool {
    guard let dash = text.lastIndex(of: "-"), dash != text.startIndex else { return false }
    let digits = text[text.index(after: dash)...]
    return digits.count >= 8 && digits.allSatisfy(\.isHexDigit)
  }
}
