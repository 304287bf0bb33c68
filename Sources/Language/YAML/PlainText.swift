/// How a text is written so that it stays a text: plain, in double quotes, or as a block of lines.
enum PlainText {
  /// A value on one line.
  static func written(_ text: String) -> String { isPlain(text) ? text : quoted(text) }

  /// A key without its colon: as a value, but on a line of its own where readers stop looking for the colon.
  /// - Parameter indent: how far the line with the colon is indented then.
  static func key(_ text: String, indent: Int) -> String {
    let written = written(text)
    guard written.utf8.count > longestSimpleKey else { return written }
    return "? \(quoted(text))\n" + String(repeating: " ", count: indent)
  }

  /// YAML 1.2, section 7.4: at most 1,024 characters; escapes make a key longer than it reads.
  private static let longestSimpleKey = 1_000

  /// The header and lines of a literal block; nil where the text cannot be one or needs none.
  static func block(_ text: String) -> (header: String, lines: [Substring])? {
    guard text.utf8.contains(0x0A), text.utf8.first != 0x20, text.utf8.first != 0x0A else { return nil }
    guard text.unicodeScalars.allSatisfy({ $0 == "\n" || isPrintable($0) }) else { return nil }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let header: String
    if text.hasSuffix("\n\n") || text == "\n" {
      header = "|+"
      lines.removeLast()
    } else if text.hasSuffix("\n") {
      header = "|"
      lines.removeLast()
    } else {
      header = "|-"
    }
    // Lines of nothing but spaces are lost on people and on some editors.
    guard !lines.contains(where: { !$0.isEmpty && $0.utf8.allSatisfy { $0 == 0x20 } }) else { return nil }
    return (header, lines)
  }

  static func quoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case "\r": out += "\\r"
      case "\t": out += "\\t"
      default:
        if isPrintable(scalar) {
          out.unicodeScalars.append(scalar)
        } else {
          out += escape(scalar.value)
        }
      }
    }
    return out + "\""
  }

  private static func escape(_ code: UInt32) -> String {
    let digits = String(code, radix: 16)
    let (mark, width) = code < 0x100 ? ("x", 2) : code < 0x10000 ? ("u", 4) : ("U", 8)
    return "\\\(mark)" + String(repeating: "0", count: width - digits.utf8.count) + digits
  }

  /// Printable and no line break to any reader. U+FEFF would be taken for a byte order mark.
  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x10000...0x10FFFF:
      true
    default: false
    }
  }

  /// True where no reader takes the text for anything else and no character of it has a meaning.
  static func isPlain(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard let first = bytes.first, let last = bytes.last, bytes.count <= longestPlain else { return false }
    guard first != 0x20, last != 0x20, last != 0x3A, !startsSpecially(bytes) else { return false }
    guard text.unicodeScalars.allSatisfy(isPrintable) else { return false }
    for (index, byte) in bytes.enumerated() {
      let next = index + 1 < bytes.count ? bytes[index + 1] : 0
      if byte == 0x3A, next == 0x20 { return false }
      if byte == 0x20, next == 0x23 { return false }
    }
    return !isWord(text) && !looksLikeNumber(bytes) && !text.hasPrefix("---") && !text.hasPrefix("...")
  }

  private static let longestPlain = 4_096

  /// Indicators, and `<` and `=` for the merge and value keys of YAML 1.1.
  private static func startsSpecially(_ bytes: [UInt8]) -> Bool {
    switch bytes[0] {
    case 0x21, 0x22, 0x23, 0x25, 0x26, 0x27, 0x2A, 0x2C, 0x3E, 0x40, 0x5B, 0x5D, 0x60, 0x7B, 0x7C, 0x7D:
      return true
    case 0x2D, 0x3A, 0x3F: return bytes.count == 1 || bytes[1] == 0x20
    case 0x3C: return bytes == [0x3C, 0x3C]
    case 0x3D: return bytes.count == 1
    default: return false
    }
  }

  /// The words of both versions, in any case.
  private static func isWord(_ text: String) -> Bool {
    guard text.utf8.count <= 5 else { return false }
    switch text.lowercased() {
    case "null", "~", "true", "false", "yes", "no", "on", "off", "y", "n": return true
    default: return false
    }
  }

  /// Anything of digits and what numbers, dates and times to base 60 are made of; rather too much than too
  /// little.
  private static func looksLikeNumber(_ bytes: [UInt8]) -> Bool {
    switch bytes[0] {
    case 0x30...0x39, 0x2B, 0x2D, 0x2E: break
    default: return false
    }
    let name = bytes.drop { $0 == 0x2B || $0 == 0x2D }.map { $0 | 0x20 }
    if name == Array(".inf".utf8) || name == Array(".nan".utf8) { return true }
    if isAddress(bytes) { return false }
    return bytes.contains { (0x30...0x39).contains($0) }
      && bytes.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x2B, 0x2D, 0x2E, 0x5F, 0x3A, 0x20: true
        case 0x41...0x46, 0x61...0x66, 0x78, 0x6F, 0x54, 0x74, 0x5A, 0x7A: true
        default: false
        }
      }
  }

  /// Three points and digits alone: `10.0.0.1`, which no reader takes for a number.
  private static func isAddress(_ bytes: [UInt8]) -> Bool {
    bytes.count { $0 == 0x2E } == 3 && bytes.allSatisfy { $0 == 0x2E || (0x30...0x39).contains($0) }
  }
}
