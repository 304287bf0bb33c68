/// An IPv4 or IPv6 address (RFC 4291).
package struct IPAddress: Hashable, Sendable {
  /// 4 or 6.
  package let version: Int
  /// The address as a number of 32 or 128 bits.
  package let number: UInt128

  package init(version: Int, number: UInt128) {
    self.version = version
    self.number = number
  }

  /// Reads `10.0.0.7` or `2001:db8::1`. nil for anything else: zones, octets with leading zeros, and an IPv4 address
  /// mapped into IPv6 with dots. Mapped in hexadecimal (`::ffff:c0a8:1`) it is the IPv4 address.
  package init?(_ text: String) {
    self.init(text.utf8[...])
  }

  init?(_ text: Substring.UTF8View) {
    if text.contains(UInt8(ascii: ":")) {
      guard let address = Self.version6(text) else { return nil }
      let isMapped = address >> 32 == 0xFFFF
      guard !isMapped || !text.contains(UInt8(ascii: ".")) else { return nil }
      self.init(version: isMapped ? 4 : 6, number: isMapped ? address & 0xFFFF_FFFF : address)
    } else {
      guard let address = Self.version4(text) else { return nil }
      self.init(version: 4, number: UInt128(address))
    }
  }

  /// Decimal without a leading zero, at most 3 digits.
  static func decimal(_ digits: Substring.UTF8View, limit: Int) -> Int? {
    guard (1...3).contains(digits.count), digits.count == 1 || digits.first != UInt8(ascii: "0") else {
      return nil
    }
    var value = 0
    for digit in digits {
      guard ASCII.isDigit(digit) else { return nil }
      value = value * 10 + Int(digit - 0x30)
    }
    return value <= limit ? value : nil
  }

  private static func version4(_ text: Substring.UTF8View) -> UInt32? {
    let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var address: UInt32 = 0
    for part in parts {
      guard let byte = decimal(part, limit: 255) else { return nil }
      address = address << 8 | UInt32(byte)
    }
    return address
  }

  private static func version6(_ text: Substring.UTF8View) -> UInt128? {
    // At most eight groups; `::` stands for at least one of them.
    let groups = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard (3...9).contains(groups.count) else { return nil }
    guard let gap = groups.dropFirst().dropLast().firstIndex(where: \.isEmpty) else {
      return words(groups).flatMap { $0.count == 8 ? join($0) : nil }
    }
    let head = groups[..<gap], tail = groups[(gap + 1)...]
    // An empty group at either end belongs to a `::` that stands there.
    let isLeading = gap == 1 && head[0].isEmpty, isTrailing = gap == groups.count - 2 && tail[gap + 1].isEmpty
    guard let left = words(isLeading ? [] : Array(head), isEnd: false),
      let right = words(isTrailing ? [] : Array(tail)),
      left.count + right.count < 8
    else { return nil }
    return join(left + [UInt16](repeating: 0, count: 8 - left.count - right.count) + right)
  }

  /// Hexadecimal groups; at the end of the address the last may be an IPv4 address, which is two.
  private static func words(_ groups: [Substring.UTF8View], isEnd: Bool = true) -> [UInt16]? {
    var found: [UInt16] = []
    for (index, group) in groups.enumerated() {
      if isEnd, index == groups.count - 1, group.contains(UInt8(ascii: ".")) {
        guard let address = version4(group) else { return nil }
        found += [UInt16(address >> 16), UInt16(truncatingIfNeeded: address)]
        continue
      }
      guard (1...4).contains(group.count) else { return nil }
      var word: UInt16 = 0
      for byte in group {
        guard let digit = Hexadecimal.value(of: byte) else { return nil }
        word = word << 4 | UInt16(digit)
      }
      found.append(word)
    }
    return found
  }

  private static func join(_ words: [UInt16]) -> UInt128 { words.reduce(0) { $0 << 16 | UInt128($1) } }
}

extension IPAddress {
  package var width: Int { version == 4 ? 32 : 128 }

  package var isUnspecified: Bool { number == 0 }
  package var isLoopback: Bool { version == 4 ? number >> 24 == 127 : number == 1 }
  package var isMulticast: Bool { version == 4 ? number >> 28 == 0xE : number >> 120 == 0xFF }
  package var isLinkLocalUnicast: Bool { version == 4 ? number >> 16 == 0xA9FE : number >> 118 == 0x3FA }
  package var isLinkLocalMulticast: Bool {
    version == 4 ? number >> 8 == 0xE00000 : (number >> 112) & 0xFF0F == 0xFF02
  }

  /// Private and unique local addresses are global unicast as well.
  package var isGlobalUnicast: Bool {
    if version == 4, number == 0xFFFF_FFFF { return false }
    return !isUnspecified && !isLoopback && !isMulticast && !isLinkLocalUnicast
  }
}

extension IPAddress: CustomStringConvertible {
  /// The canonical text (RFC 5952).
  package var description: String {
    if version == 4 {
      return [24, 16, 8, 0].map { String(UInt8(truncatingIfNeeded: number >> UInt128($0))) }.joined(separator: ".")
    }
    let words = (0..<8).map { UInt16(truncatingIfNeeded: number >> UInt128(112 - 16 * $0)) }
    func text(_ range: Range<Int>) -> String {
      words[range].map { String($0, radix: 16) }.joined(separator: ":")
    }
    let gap = Self.longestZeros(words)
    return gap.isEmpty ? text(0..<8) : "\(text(0..<gap.lowerBound))::\(text(gap.upperBound..<8))"
  }

  /// The first of the longest runs of at least two zeros; empty where there is none.
  private static func longestZeros(_ words: [UInt16]) -> Range<Int> {
    var longest = 0..<0
    var start = 0
    for index in 0...words.count where index == words.count || words[index] != 0 {
      if index - start > max(1, longest.count) { longest = start..<index }
      start = index + 1
    }
    return longest
  }
}
