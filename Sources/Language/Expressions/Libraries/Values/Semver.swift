import Values

/// A semantic version (https://semver.org, 2.0.0).
package struct Semver: Sendable {
  package let major: UInt64
  package let minor: UInt64
  package let patch: UInt64
  package let prerelease: [Identifier]
  /// After `+`; without part in any comparison.
  package let build: [String]

  /// A part of what stands after `-`. Numbers come before texts.
  package enum Identifier: Hashable, Sendable {
    case number(UInt64)
    case text(String)
  }

  /// nil for anything but `MAJOR.MINOR.PATCH`, with `-PRERELEASE` and `+BUILD` where wanted.
  package init?(_ text: String) {
    let parts = text.utf8.split(separator: UInt8(ascii: "."), maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, let major = Self.number(parts[0]), let minor = Self.number(parts[1]) else { return nil }
    let buildHalves = Self.halves(parts[2], at: UInt8(ascii: "+"))
    let halves = Self.halves(buildHalves.0, at: UInt8(ascii: "-"))
    guard let patch = Self.number(halves.0), let prerelease = Self.prerelease(halves.1),
      let build = Self.build(buildHalves.1)
    else { return nil }
    (self.major, self.minor, self.patch) = (major, minor, patch)
    (self.prerelease, self.build) = (prerelease, build)
  }

  /// Reads as well what is written loosely: with a `v` before it, without patch or minor, with leading zeros.
  package init?(normalizing text: String) {
    let text = text.utf8.first == UInt8(ascii: "v") ? text.dropFirst() : text[...]
    var parts = text.utf8.split(separator: UInt8(ascii: "."), maxSplits: 2, omittingEmptySubsequences: false)
      .map { part in
        let trimmed = part.drop { $0 == 0x30 }
        let isShort = part.count < 2 || trimmed.count == part.count
        let startsWithDigit = trimmed.first.map { ASCII.isDigit($0) } ?? false
        return isShort ? String(Substring(part)) : (startsWithDigit ? "" : "0") + String(Substring(trimmed))
      }
    if parts.count < 3 {
      guard let last = parts.last, !last.utf8.contains(where: { $0 == 0x2B || $0 == 0x2D }) else { return nil }
      parts += repeatElement("0", count: 3 - parts.count)
    }
    self.init(parts.joined(separator: "."))
  }

  private static func halves(_ text: Substring.UTF8View, at mark: UInt8) -> (Substring.UTF8View, Substring.UTF8View?) {
    guard let place = text.firstIndex(of: mark) else { return (text, nil) }
    return (text[..<place], text[text.index(after: place)...])
  }

  private static func number(_ digits: Substring.UTF8View) -> UInt64? {
    guard digits.allSatisfy(ASCII.isDigit), digits.count == 1 || digits.first != 0x30 else { return nil }
    return UInt64(Substring(digits))
  }

  private static func prerelease(_ text: Substring.UTF8View?) -> [Identifier]? {
    guard let text else { return [] }
    var found: [Identifier] = []
    for part in text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
      guard isIdentifier(part) else { return nil }
      if part.allSatisfy(ASCII.isDigit) {
        guard let number = number(part) else { return nil }
        found.append(.number(number))
      } else {
        found.append(.text(String(Substring(part))))
      }
    }
    return found
  }

  private static func build(_ text: Substring.UTF8View?) -> [String]? {
    guard let text else { return [] }
    let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return parts.allSatisfy(isIdentifier) ? parts.map { String(Substring($0)) } : nil
  }

  private static func isIdentifier(_ text: Substring.UTF8View) -> Bool {
    !text.isEmpty && text.allSatisfy { ASCII.isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
  }
}

extension Semver: Comparable, Hashable {
  package static func == (left: Semver, right: Semver) -> Bool {
    (left.major, left.minor, left.patch) == (right.major, right.minor, right.patch)
      && left.prerelease == right.prerelease
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine([major, minor, patch])
    hasher.combine(prerelease)
  }

  package static func < (left: Semver, right: Semver) -> Bool {
    let (a, b) = ((left.major, left.minor, left.patch), (right.major, right.minor, right.patch))
    guard a == b else { return a < b }
    // A version without prerelease comes after all of its prereleases.
    guard !left.prerelease.isEmpty, !right.prerelease.isEmpty else {
      return !left.prerelease.isEmpty && right.prerelease.isEmpty
    }
    return left.prerelease.lexicographicallyPrecedes(right.prerelease) { a, b in
      switch (a, b) {
      case (.number(let a), .number(let b)): a < b
      case (.text(let a), .text(let b)): a.utf8.lexicographicallyPrecedes(b.utf8)
      case (.number, .text): true
      case (.text, .number): false
      }
    }
  }
}

extension Semver: CustomStringConvertible {
  package var description: String {
    let labels = prerelease.map { identifier in
      switch identifier {
      case .number(let number): String(number)
      case .text(let text): text
      }
    }
    return "\(major).\(minor).\(patch)" + (labels.isEmpty ? "" : "-" + labels.joined(separator: "."))
      + (build.isEmpty ? "" : "+" + build.joined(separator: "."))
  }
}
