import Values

/// Reads the settings of a target and collects what is wrong with them.
package struct SettingsReader {
  package private(set) var problems: [TargetProblem] = []

  package init() {}

  /// nil where the setting is missing, and where it is no text.
  package mutating func text(_ map: Value, _ key: String, _ path: ValuePath, orNumber: Bool = false) -> String? {
    guard let value = map[key], !value.isNull else { return nil }
    if let text = value.string { return text }
    if orNumber, value.kind == .int { return value.spelling }
    if value.kind != .unknown { problem(path.appending(key), "`\(key)` is a text") }
    return nil
  }

  /// Empty where the setting is missing.
  package mutating func texts(_ map: Value, _ key: String, _ path: ValuePath) -> [String] {
    guard let value = map[key], !value.isNull else { return [] }
    let texts = value.elements.compactMap(\.string)
    if value.kind != .list || texts.count != value.count {
      problem(path.appending(key), "`\(key)` is a list of texts")
    }
    return texts
  }

  package mutating func check(_ map: Value, _ path: ValuePath, allowed: [String]) {
    for key in map.keys where !allowed.contains(key) {
      problem(path.appending(key), "unknown setting `\(key)`", "one of \(allowed.joined(separator: ", "))")
    }
  }

  /// The halves of `credentials`: one mapping without halves serves both, and `write` serves for a missing `read`.
  package mutating func halves<Half>(
    _ spec: Value, none: Half, _ read: (inout SettingsReader, Value, ValuePath) -> Half
  ) -> (read: Half, write: Half) {
    guard let credentials = spec["credentials"], !credentials.isNull else { return (none, none) }
    let path = ValuePath().appending("credentials")
    guard credentials["read"] != nil || credentials["write"] != nil else {
      let both = read(&self, credentials, path)
      return (both, both)
    }
    check(credentials, path, allowed: ["read", "write"])
    return (
      read(&self, credentials["read"] ?? credentials["write"] ?? .null, path.appending("read")),
      read(&self, credentials["write"] ?? .null, path.appending("write"))
    )
  }

  package mutating func problem(_ path: ValuePath, _ message: String, _ hint: String? = nil) {
    problems.append(TargetProblem(path: path, message: message, hint: hint))
  }
}
