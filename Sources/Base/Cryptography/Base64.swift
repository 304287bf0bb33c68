/// Base64 (RFC 4648), with the standard alphabet or the one for URLs and file names.
package enum Base64 {
  package enum Alphabet: Sendable {
    /// `+` and `/`, padded with `=`.
    case standard
    /// `-` and `_`, without padding.
    case url
  }

  private static let digits: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

  package static func encode(_ bytes: [UInt8], _ alphabet: Alphabet = .standard) -> String {
    var digits = [UInt8](UnsafeBufferPointer(start: digits.utf8Start, count: 62))
    digits += alphabet == .standard ? [43, 47] : [45, 95]
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    var index = 0
    while index < bytes.count {
      let group = bytes[index..<min(index + 3, bytes.count)]
      let bits = group.reduce(0) { $0 << 8 | UInt32($1) } << (8 * UInt32(3 - group.count))
      for place in 0...group.count { text.append(digits[Int(bits >> (18 - 6 * UInt32(place)) & 63)]) }
      if alphabet == .standard { for _ in group.count..<3 { text.append(61) } }
      index += 3
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Padding may be left out and line breaks and blanks are skipped, as certificate and Kubernetes data have them;
  /// nil for any other character, for bits left over and for a wrong padding.
  package static func decode(_ text: String, _ alphabet: Alphabet = .standard) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count / 4 * 3)
    var bits: UInt32 = 0
    var count = 0
    var padding = 0
    for character in text.utf8 {
      if character == 10 || character == 13 || character == 32 || character == 9 { continue }
      if character == 61 {
        padding += 1
        continue
      }
      guard padding == 0, let value = value(character, alphabet) else { return nil }
      bits = bits << 6 | value
      count += 1
      if count % 4 == 0 {
        bytes += [UInt8(bits >> 16 & 255), UInt8(bits >> 8 & 255), UInt8(bits & 255)]
        bits = 0
      }
    }
    let rest = count % 4
    guard rest != 1, padding == 0 || padding == (4 - rest) % 4 else { return nil }
    if rest == 2, bits & 15 != 0 { return nil }
    if rest == 3, bits & 3 != 0 { return nil }
    if rest == 2 { bytes.append(UInt8(bits >> 4)) }
    if rest == 3 { bytes += [UInt8(bits >> 10), UInt8(bits >> 2 & 255)] }
    return bytes
  }

  private static func value(_ character: UInt8, _ alphabet: Alphabet) -> UInt32? {
    switch character {
    case 65...90: return UInt32(character) - 65
    case 97...122: return UInt32(character) - 71
    case 48...57: return UInt32(character) + 4
    default: break
    }
    switch alphabet {
    case .standard: return character == 43 ? 62 : character == 47 ? 63 : nil
    case .url: return character == 45 ? 62 : character == 95 ? 63 : nil
    }
  }
}
