import Values

/// Where a secret is kept: a manifest names the place, and its value is read just before it is written.
package struct SecretReference: Hashable, Sendable {
  package enum Place: Hashable, Sendable {
    /// A variable of the process's environment.
    case environment(String)
    /// A file: absolute, or relative to the estate's folder and then not outside of it.
    case file(String)
    /// What a program prints: its words as a shell splits them, without a shell.
    case command(String)
    /// A secret in the secret manager of a target, by name or full id; a key of it where it holds a JSON object.
    case secretManager(String, key: String?)
  }

  package var place: Place
  /// The target whose secret manager is asked; nil for that of the resource.
  package var target: TargetName?

  package init(_ place: Place, target: TargetName? = nil) {
    self.place = place
    self.target = target
  }

  /// The words under `valueFrom`.
  package static let words = ["env", "file", "command", "secretManager"]

  /// As under `valueFrom`; nil where the value says not exactly one place.
  package init?(_ value: Value) {
    guard value.kind == .map, value.count == 1, let entry = value.entries.first(where: { _ in true }) else {
      return nil
    }
    let text = entry.value.string.flatMap { $0.isEmpty ? nil : $0 }
    switch (entry.key, text) {
    case ("env", let name?): self.init(.environment(name))
    case ("file", let path?): self.init(.file(path))
    case ("command", let line?): self.init(.command(line))
    case ("secretManager", let name?): self.init(.secretManager(name, key: nil))
    case ("secretManager", nil):
      guard let name = entry.value["name"]?.string, !name.isEmpty,
        entry.value.keys.allSatisfy({ ["name", "key", "target"].contains($0) })
      else { return nil }
      self.init(
        .secretManager(name, key: entry.value["key"]?.string),
        target: entry.value["target"]?.string.map { TargetName($0) })
    default: return nil
    }
  }

  /// The same as written.
  package var value: Value {
    switch place {
    case .environment(let name): return ["env": .string(name)]
    case .file(let path): return ["file": .string(path)]
    case .command(let line): return ["command": .string(line)]
    case .secretManager(let name, let key):
      let parts: [(String, Value)?] = [
        ("name", .string(name)), key.map { ("key", .string($0)) }, target.map { ("target", .string($0.text)) },
      ]
      return ["secretManager": .map(parts.compactMap { $0 })]
    }
  }

  /// For messages: names the place, never what is in it.
  package var phrase: String {
    switch place {
    case .environment(let name): "the environment variable `\(name)`"
    case .file(let path): "the file `\(path)`"
    case .command(let line): "the command `\(line.prefix { !$0.isWhitespace })`"
    case .secretManager(let name, _): "the secret `\(name)`"
    }
  }
}
