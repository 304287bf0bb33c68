/// What makes an object ours: written on the remote object itself, so that an inventory can be lost.
package struct Marker: Hashable, Sendable {
  package var scope: ScopeID
  package var address: Address
  package var incarnation: Incarnation
  /// Written only when true, so that protection survives a lost inventory.
  package var isProtected: Bool

  package init(scope: ScopeID, address: Address, incarnation: Incarnation = 1, isProtected: Bool = false) {
    self.scope = scope
    self.address = address
    self.incarnation = incarnation
    self.isProtected = isProtected
  }

  /// Keys of tags and annotations. The values obey IAM's tag alphabet, the narrowest of AWS.
  package static let scopeKey = "plumb.dev/scope"
  package static let addressKey = "plumb.dev/address"
  package static let protectKey = "plumb.dev/protect"

  /// `subnet[us-west-2a]` as `subnet:us-west-2a`, then `#2` for the second incarnation.
  package var addressText: String {
    Self.encode(address) + (incarnation == 1 ? "" : "@\(incarnation)")
  }

  /// The tags to write: scope, address, and protect when it holds.
  package var tags: [(key: String, value: String)] {
    [(Self.scopeKey, scope.description), (Self.addressKey, addressText)]
      + (isProtected ? [(Self.protectKey, "true")] : [])
  }

  /// True for keys that are Plumb's own and never part of a user's tags.
  package static func isOwn(_ key: String) -> Bool { key.hasPrefix("plumb.dev/") }

  /// Reads the marker back from tags or annotations; nil where the object carries none.
  package init?(tag: (String) -> String?) {
    guard let scope = tag(Self.scopeKey), let text = tag(Self.addressKey) else { return nil }
    let parts = scope.split(separator: "/", maxSplits: 1).map(String.init)
    guard let estate = parts.first else { return nil }
    guard !text.isEmpty else { return nil }
    let (encoded, incarnation) = Self.parts(text)
    self.init(
      scope: ScopeID(estate: estate, environment: parts.count > 1 ? parts[1] : nil), address: Self.decode(encoded),
      incarnation: incarnation, isProtected: tag(Self.protectKey) == "true")
  }

  /// A key may hold an `@` of its own, so only one with a number behind it ends the address.
  private static func parts(_ text: String) -> (address: String, incarnation: Incarnation) {
    guard let mark = text.lastIndex(of: "@"), let number = Incarnation(text[text.index(after: mark)...]) else {
      return (text, 1)
    }
    return (String(text[..<mark]), number)
  }

  static func encode(_ address: Address) -> String {
    guard address.text.last == "]" else { return address.text }
    return String(address.text.dropLast()).replacing("[", with: ":")
  }

  /// A role and its key follow the manifest's kind and name; the key may hold slashes and colons of its own.
  static func decode(_ text: String) -> Address {
    let depth = text.hasPrefix("kubernetes.") ? 3 : 2
    let parts = text.split(separator: "/", maxSplits: depth, omittingEmptySubsequences: false)
    guard parts.count > depth, let colon = parts[depth].firstIndex(of: ":") else { return Address(text) }
    let key = text[text.index(after: colon)...]
    return Address("\(text[..<colon])[\(key)]")
  }
}

extension String {
  /// The text with the first `mark` replaced.
  fileprivate func replacing(_ mark: Character, with other: Character) -> String {
    guard let index = firstIndex(of: mark) else { return self }
    return String(self[..<index]) + String(other) + String(self[self.index(after: index)...])
  }
}
