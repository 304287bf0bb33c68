/// The core schema of YAML 1.2 (section 10.3.2): what a plain scalar means.
enum ScalarResolver {
  enum Meaning {
    case null, yes, no, int, double, string
    /// A string that YAML 1.1 readers take for a Boolean.
    case ambiguousWord
  }

  static func meaning(of text: UnsafeBufferPointer<UInt8>) -> Meaning {
    guard let first = text.first else { return .null }
    switch first {
    case 0x30...0x39, 0x2D, 0x2B, 0x2E: return number(text)
    case 0x7E: return text.count == 1 ? .null : .string
    case 0x6E, 0x4E, 0x74, 0x54, 0x66, 0x46, 0x79, 0x59, 0x6F, 0x4F:
      return text.count <= 5 ? word(text) : .string
    default: return .string
    }
  }

  private static func word(_ text: UnsafeBufferPointer<UInt8>) -> Meaning {
    guard isCased(text) else { return .string }
    var packed: UInt64 = 0
    for byte in text { packed = packed << 8 | UInt64(byte | 0x20) }
    switch packed {
    case 0x6E75_6C6C: return .null
    case 0x7472_7565: return .yes
    case 0x66_616C_7365: return .no
    case 0x79, 0x6E, 0x7965_73, 0x6E6F, 0x6F6E, 0x6F_6666: return .ambiguousWord
    default: return .string
    }
  }

  /// All lower, all upper, or the first letter upper.
  private static func isCased(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let rest = text.dropFirst()
    let isLower = rest.allSatisfy { (0x61...0x7A).contains($0) }
    let isUpper = rest.allSatisfy { (0x41...0x5A).contains($0) }
    return isLower || isUpper && (0x41...0x5A).contains(text[0])
  }

  static func number(_ text: UnsafeBufferPointer<UInt8>) -> Meaning {
    var index = 0
    let hasSign = text[0] == 0x2D || text[0] == 0x2B
    if hasSign { index = 1 }
    guard index < text.count else { return .string }
    if text[index] == 0x2E, index + 1 < text.count, text[index + 1] &- 0x30 > 9 {
      return special(text, hasSign: hasSign)
    }
    if !hasSign, text.count > 2, text[0] == 0x30, text[1] == 0x78 || text[1] == 0x6F { return based(text) }
    let whole = digits(text, &index)
    guard index < text.count else { return whole > 0 ? .int : .string }
    var fraction = 0
    if text[index] == 0x2E {
      index += 1
      fraction = digits(text, &index)
    }
    guard whole + fraction > 0 else { return .string }
    if index < text.count, text[index] | 0x20 == 0x65 {
      index += 1
      if index < text.count, text[index] == 0x2D || text[index] == 0x2B { index += 1 }
      guard digits(text, &index) > 0 else { return .string }
    }
    return index == text.count ? .double : .string
  }

  private static func digits(_ text: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> Int {
    let start = index
    while index < text.count, text[index] &- 0x30 <= 9 { index &+= 1 }
    return index - start
  }

  private static func based(_ text: UnsafeBufferPointer<UInt8>) -> Meaning {
    let isHexadecimal = text[1] == 0x78
    let fits = text.dropFirst(2).allSatisfy { byte in
      switch byte {
      case 0x30...0x37: true
      case 0x38...0x39, 0x41...0x46, 0x61...0x66: isHexadecimal
      default: false
      }
    }
    return fits ? .int : .string
  }

  private static func special(_ text: UnsafeBufferPointer<UInt8>, hasSign: Bool) -> Meaning {
    let name = String(decoding: text.dropFirst(hasSign ? 1 : 0), as: UTF8.self)
    switch name {
    case ".inf", ".Inf", ".INF": return .double
    case ".nan", ".NaN", ".NAN": return hasSign ? .string : .double
    default: return .string
    }
  }
}
