/// How numbers are spelled: JSON's forms, and those of YAML's core schema (`0x1F`, `0o17`, `+1`, `.5`,
/// `.inf`).
@usableFromInline package enum Number {
  /// The value of an integer's spelling; nil where it does not fit 64 bits.
  @usableFromInline package static func integer(_ spelling: UnsafeBufferPointer<UInt8>) -> Int64? {
    var digits = spelling[...]
    let isNegative = digits.first == 0x2D
    if isNegative || digits.first == 0x2B { digits = digits.dropFirst() }
    var radix: Int64 = 10
    if digits.count > 2, digits.first == 0x30 {
      let mark = digits[digits.startIndex + 1]
      if mark == 0x78 { radix = 16 } else if mark == 0x6F { radix = 8 }
      if radix != 10 { digits = digits.dropFirst(2) }
    }
    guard !digits.isEmpty else { return nil }
    var value: Int64 = 0
    for byte in digits {
      guard let digit = Hexadecimal.value(of: byte), Int64(digit) < radix else { return nil }
      let (product, tooLarge) = value.multipliedReportingOverflow(by: radix)
      let (sum, overflow) =
        isNegative
        ? product.subtractingReportingOverflow(Int64(digit)) : product.addingReportingOverflow(Int64(digit))
      guard !tooLarge, !overflow else { return nil }
      value = sum
    }
    return value
  }

  /// The value of a double's spelling; YAML spells what JSON cannot: `.inf`, `-.inf`, `.nan`.
  package static func double(_ spelling: String) -> Double? {
    switch spelling.lowercased() {
    case ".inf", "+.inf": return .infinity
    case "-.inf": return -.infinity
    case ".nan": return .nan
    default: return Double(spelling.last == "." ? String(spelling.dropLast()) : spelling)
    }
  }

  /// An integer of any length in plain decimal digits: without `+`, leading zeros, `0x` and `0o`.
  package static func decimal(_ spelling: String) -> String {
    var digits = Substring(spelling)
    let isNegative = digits.first == "-"
    if isNegative || digits.first == "+" { digits = digits.dropFirst() }
    let magnitude: String
    if digits.hasPrefix("0x") {
      magnitude = decimal(digits.dropFirst(2), radix: 16)
    } else if digits.hasPrefix("0o") {
      magnitude = decimal(digits.dropFirst(2), radix: 8)
    } else {
      magnitude = String(digits.drop { $0 == "0" })
    }
    guard !magnitude.isEmpty else { return "0" }
    return isNegative ? "-" + magnitude : magnitude
  }

  /// Long multiplication, for integers beyond 64 bits.
  private static func decimal(_ digits: Substring, radix: Int) -> String {
    var places: [Int] = []
    for byte in digits.utf8 {
      var carry = Int(Hexadecimal.value(of: byte) ?? 0)
      for index in places.indices {
        let sum = places[index] * radix + carry
        places[index] = sum % 10
        carry = sum / 10
      }
      while carry > 0 {
        places.append(carry % 10)
        carry /= 10
      }
    }
    return places.reversed().map(String.init).joined()
  }

  /// True where the spelling is a JSON number as it stands.
  static func isJSON(_ spelling: UnsafeBufferPointer<UInt8>) -> Bool {
    var index = 0
    func digits() -> Bool {
      let start = index
      while index < spelling.count, spelling[index] &- 0x30 < 10 { index &+= 1 }
      return index > start
    }
    if index < spelling.count, spelling[index] == 0x2D { index &+= 1 }
    if index < spelling.count, spelling[index] == 0x30 { index &+= 1 } else if !digits() { return false }
    if index < spelling.count, spelling[index] == 0x2E {
      index &+= 1
      guard digits() else { return false }
    }
    if index < spelling.count, spelling[index] | 0x20 == 0x65 {
      index &+= 1
      if index < spelling.count, spelling[index] == 0x2B || spelling[index] == 0x2D { index &+= 1 }
      guard digits() else { return false }
    }
    return index == spelling.count
  }
}
