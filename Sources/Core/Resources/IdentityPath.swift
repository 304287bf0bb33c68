import Schemas
import Values

/// The parts of an id that is a path: `projects/{account}/global/networks/{name}`.
package struct IdentityPath: Sendable {
  package enum Part: Hashable, Sendable {
    case text(String)
    /// A written field, by its dotted path.
    case field(String)
    case account
  }

  package let parts: [Part]

  package init(_ pattern: String) {
    var parts: [Part] = []
    var rest = Substring(pattern)
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
      let name = String(rest[rest.index(after: open)..<close])
      parts.append(name == "account" ? .account : .field(name))
      rest = rest[rest.index(after: close)...]
    }
    if !rest.isEmpty { parts.append(.text(String(rest))) }
    self.parts = parts
  }

  /// The fields that the path is made of.
  package var fields: [String] {
    parts.compactMap { part in
      switch part {
      case .field(let name): name
      case .text, .account: nil
      }
    }
  }

  /// The path of an object with these fields; a field that is not written leaves its place empty.
  package func text(_ fields: Value, account: String) -> String {
    parts.map { part in
      switch part {
      case .text(let text): text
      case .account: account
      case .field(let name): fields[dotted: name]?.spelling ?? ""
      }
    }.joined()
  }

  /// The fields that a path of this form was made of, read from its end: only what the path begins with may hold
  /// slashes of its own. nil where the text has another form.
  package func fields(of text: String) -> [String: String]? {
    var found: [String: String] = [:]
    var rest = text[...]
    for index in parts.indices.reversed() {
      switch parts[index] {
      case .text(let literal):
        guard rest.hasSuffix(literal) else { return nil }
        rest = rest.dropLast(literal.count)
      case .account, .field:
        guard let value = Self.tail(of: rest, after: index == 0 ? nil : parts[index - 1]), !value.isEmpty else {
          return nil
        }
        if case .field(let name) = parts[index] { found[name] = String(value) }
        rest = rest.dropLast(value.count)
      }
    }
    return rest.isEmpty ? found : nil
  }

  /// What stands behind the last place of `literal`; all of it where nothing stands before.
  private static func tail(of text: Substring, after part: Part?) -> Substring? {
    guard case .text(let literal) = part, let last = literal.last else { return text }
    var end = text.endIndex
    while let place = text[..<end].lastIndex(of: last) {
      let after = text.index(after: place)
      if text[..<after].hasSuffix(literal) { return text[after...] }
      end = place
    }
    return nil
  }
}

extension Value {
  /// What stands at a path of keys: `metadata.name`.
  package subscript(dotted path: String) -> Value? {
    path.contains(".") ? path.split(separator: ".").reduce(self as Value?) { $0?[String($1)] } : self[path]
  }
}

extension ResourceType {
  /// True where these fields hold the natural key: nothing of it unknown, and nothing missing that must be written.
  package func holdsNaturalKey(_ fields: Value) -> Bool {
    var isWritten = false
    for name in identity.naturalKey {
      guard let part = fields[dotted: name], !part.isNull else {
        if schema[name]?.marks.contains(.required) ?? true { return false }
        continue
      }
      if part.containsUnknown { return false }
      isWritten = true
    }
    return isWritten
  }

  /// True where two objects with these fields would be named the same: all of the natural key is there, and equal.
  package func haveSameNaturalKey(_ left: Value, _ right: Value) -> Bool {
    !identity.naturalKey.isEmpty
      && identity.naturalKey.allSatisfy { name in
        guard let left = left[dotted: name], let right = right[dotted: name] else { return false }
        return schema[name]?.equal(left, right) ?? (left == right)
      }
  }
}
