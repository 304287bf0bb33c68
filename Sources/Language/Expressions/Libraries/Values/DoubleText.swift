/// Doubles in decimal, exactly and without a locale.
package enum DoubleText {
  /// The most digits after the point.
  package static let precision = 1_000

  /// `NaN`, `Infinity` or `-Infinity`; nil for a finite number.
  package static func special(_ value: Double) -> String? {
    if value.isNaN { return "NaN" }
    return value.isInfinite ? value < 0 ? "-Infinity" : "Infinity" : nil
  }

  /// The shortest digits that read back as the same number, without exponent: `1e21` is `1000000000000000000000`.
  package static func shortest(_ value: Double) -> String {
    if let special = special(value) { return special }
    let halves = value.magnitude.description.split(separator: "e")
    let exponent = halves.count > 1 ? Int(halves[1]) ?? 0 : 0
    let point = halves[0].split(separator: ".")
    let whole = String(point[0]), fraction = point.count > 1 && point[1] != "0" ? String(point[1]) : ""
    var digits = whole + fraction
    var place = whole.utf8.count + exponent
    if place <= 0 {
      digits = String(repeating: "0", count: 1 - place) + digits
      place = 1
    }
    digits += String(repeating: "0", count: max(0, place - digits.utf8.count))
    let tail = digits.dropFirst(place)
    let head = digits.prefix(place).drop { $0 == "0" }
    let text = (head.isEmpty ? "0" : head) + (tail.isEmpty ? "" : "." + tail)
    return (value.sign == .minus ? "-" : "") + text
  }

  /// `%.3f`: as many digits after the point, halves to even. A finite number.
  package static func fixed(_ value: Double, _ precision: Int) -> String {
    let expansion = Expansion(value.magnitude).rounded(places: precision)
    let text = expansion.text(places: precision)
    return value.sign == .minus ? "-\(text)" : text
  }

  /// `%.3e`: one digit before the point, as many after it, an exponent of at least two digits. A finite number.
  package static func scientific(_ value: Double, _ precision: Int) -> String {
    var expansion = Expansion(value.magnitude)
    if !expansion.isZero {
      expansion = expansion.rounded(places: precision - expansion.magnitude)
    }
    let exponent = expansion.isZero ? 0 : expansion.magnitude
    let digits = expansion.leading(precision + 1)
    let mantissa = digits.prefix(1) + (precision > 0 ? "." + digits.dropFirst() : "")
    let power = String(exponent.magnitude)
    let sign = value.sign == .minus ? "-" : ""
    return "\(sign)\(mantissa)e\(exponent < 0 ? "-" : "+")\(power.utf8.count < 2 ? "0" : "")\(power)"
  }

  /// All decimal digits of a double: every one has finitely many.
  private struct Expansion {
    /// 0 to 9, the highest first, none of them leading zeros.
    var digits: [UInt8]
    /// How many digits stand after the point; negative where zeros are left out before it.
    var scale: Int

    var isZero: Bool { digits.isEmpty }
    /// The power of ten of the first digit.
    var magnitude: Int { digits.count - 1 - scale }

    init(_ value: Double) {
      (digits, scale) = ([], 0)
      guard value > 0 else { return }
      let shift = Int(value.exponent) - value.significandWidth
      let mantissa = value.significandBitPattern | (value.isNormal ? 1 << UInt64(Double.significandBitCount) : 0)
      // The value is the significand's trailing-zero-free integer times a power of two.
      let whole = mantissa >> UInt64(mantissa.trailingZeroBitCount)
      var limbs: [UInt32] = [UInt32(truncatingIfNeeded: whole % 1_000_000_000)]
      var rest = whole / 1_000_000_000
      while rest > 0 {
        limbs.append(UInt32(rest % 1_000_000_000))
        rest /= 1_000_000_000
      }
      // 2⁻ⁿ is 5ⁿ / 10ⁿ.
      for _ in 0..<shift.magnitude { Self.multiply(&limbs, by: shift < 0 ? 5 : 2) }
      scale = max(0, -shift)
      digits = Self.digits(limbs)
    }

    private static func multiply(_ limbs: inout [UInt32], by factor: UInt64) {
      var carry: UInt64 = 0
      for index in limbs.indices {
        let product = UInt64(limbs[index]) * factor + carry
        limbs[index] = UInt32(product % 1_000_000_000)
        carry = product / 1_000_000_000
      }
      if carry > 0 { limbs.append(UInt32(carry)) }
    }

    private static func digits(_ limbs: [UInt32]) -> [UInt8] {
      var found: [UInt8] = []
      for limb in limbs {
        var rest = limb
        for _ in 0..<9 {
          found.append(UInt8(rest % 10))
          rest /= 10
        }
      }
      while found.last == 0 { found.removeLast() }
      return found.reversed()
    }

    /// With no more than `places` digits after the point (negative: before it), halves to even.
    func rounded(places: Int) -> Expansion {
      guard scale > places else { return self }
      var result = self
      let kept = digits.count - (scale - places)
      result.scale = places
      result.digits = kept > 0 ? Array(digits[..<kept]) : []
      guard kept >= 0, isUp(from: kept) else { return result }
      var index = kept - 1
      while index >= 0, result.digits[index] == 9 {
        result.digits[index] = 0
        index -= 1
      }
      if index >= 0 { result.digits[index] += 1 } else { result.digits.insert(1, at: 0) }
      return result
    }

    private func isUp(from place: Int) -> Bool {
      guard digits[place] == 5, digits[(place + 1)...].allSatisfy({ $0 == 0 }) else { return digits[place] > 5 }
      return place > 0 && digits[place - 1] % 2 == 1
    }

    /// With exactly `places` digits after the point; there must not be more.
    func text(places: Int) -> String {
      var all = digits + [UInt8](repeating: 0, count: max(0, places - scale))
      if all.count <= places { all = [UInt8](repeating: 0, count: places + 1 - all.count) + all }
      let text = String(decoding: all.map { $0 + 0x30 }, as: UTF8.self)
      return text.dropLast(places) + (places > 0 ? "." + text.suffix(places) : "")
    }

    /// The first digits, filled with zeros.
    func leading(_ count: Int) -> String {
      let found = digits.prefix(count) + [UInt8](repeating: 0, count: max(0, count - digits.count))
      return String(decoding: found.map { $0 + 0x30 }, as: UTF8.self)
    }
  }
}
