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
}
