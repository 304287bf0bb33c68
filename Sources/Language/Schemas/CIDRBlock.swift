/// A block of IPv4 or IPv6 addresses (RFC 4632, RFC 4291), compared by network and prefix length.
package struct CIDRBlock: Hashable, Sendable {
  /// 4 or 6.
  package let version: Int
  /// The first address, as a number.
  package let network: UInt128
  package let prefix: Int

  /// Reads `10.0.0.7/16` or `2001:db8::/32`; bits beyond the prefix are dropped. nil for anything else.
  package init?(_ text: String) {
    let halves = text.utf8.split(separator: UInt8(ascii: "/"), maxSplits: 1, omittingEmptySubsequences: false)
    guard halves.count == 2, let prefix = Self.number(halves[1], limit: 128) else { return nil }
    if let address = Self.version4(halves[0]), prefix <= 32 {
      version = 4
      network = UInt128(prefix == 0 ? 0 : address & (UInt32.max << UInt32(32 - prefix)))
    } else if let address = Self.version6(halves[0]) {
      version = 6
      network = prefix == 0 ? 0 : address & (UInt128.max << UInt128(128 - prefix))
    } else {
      return nil
    }
    self.prefix = prefix
  }

  /// Decimal without a leading zero, at most 3 digits.
  private static func number(_ digits: Substring.UTF8View, limit: Int) -> Int? {
    guard (1...3).contains(digits.count), digits.count == 1 || digits.first != UInt8(ascii: "0") else {
      return nil
    }
    var value = 0
    for digit in digits {
      guard (0x30...0x39).contains(digit) else { return nil }
      value = value * 10 + Int(digit - 0x30)
    }
    return value <= limit ? value : nil
  }

  private static func version4(_ text: Substring.UTF8View) -> UInt32? {
    let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var address: UInt32 = 0
    for part in parts {
      guard let byte = number(part, limit: 255) else { return nil }
      address = address << 8 | UInt32(byte)
    }
    return address
  }

  private static func version6(_ text: Substring.UTF8View) -> UInt128? {
    let groups = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard groups.count >= 3, groups.count <= 9 else { return nil }
    let string = String(Substring(text))
    guard let gap = string.firstRange(ofDoubleColon: ()) else {
      return groups.count == 8 ? words(groups).flatMap { $0.count == 8 ? join($0) : nil } : nil
    }
    let head = string[..<gap.lowerBound].utf8, tail = string[gap.upperBound...].utf8
    guard tail.first != UInt8(ascii: ":"),
      let left = words(
        head.isEmpty ? [] : head.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)),
      let right = words(
        tail.isEmpty ? [] : tail.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)),
      left.count + right.count < 8
    else { return nil }
    return join(left + [UInt16](repeating: 0, count: 8 - left.count - right.count) + right)
  }

  private static func words(_ groups: [Substring.UTF8View]) -> [UInt16]? {
    var found: [UInt16] = []
    for group in groups {
      guard (1...4).contains(group.count), let word = UInt16(Substring(group), radix: 16),
        group.first != UInt8(ascii: "+")
      else { return nil }
      found.append(word)
    }
    return found
  }

  private static func join(_ words: [UInt16]) -> UInt128 { words.reduce(0) { $0 << 16 | UInt128($1) } }
}

extension String {
  fileprivate func firstRange(ofDoubleColon: ()) -> Range<String.Index>? {
    var index = startIndex
    while index < endIndex {
      let after = utf8.index(after: index)
      if utf8[index] == UInt8(ascii: ":"), after < endIndex, utf8[after] == UInt8(ascii: ":") {
        return index..<utf8.index(after: after)
      }
      index = after
    }
    return nil
  }
}
