/// A whole number from zero on, of any length, in decimal limbs: exact where a quantity outgrows 64 bits.
struct DecimalNatural: Hashable, Sendable {
  /// Nine decimal digits each, the lowest first; no zero at the end.
  private(set) var limbs: [UInt32]

  static let base: UInt64 = 1_000_000_000
  static let digitsOfLimb = 9

  init(_ value: UInt64) {
    limbs = []
    var rest = value
    while rest > 0 {
      limbs.append(UInt32(rest % Self.base))
      rest /= Self.base
    }
  }

  /// ASCII digits alone.
  init(digits: some BidirectionalCollection<UInt8>) {
    limbs = []
    var scale: UInt32 = 1
    var limb: UInt32 = 0
    for digit in digits.reversed() {
      limb += UInt32(digit - 0x30) * scale
      scale *= 10
      if scale == UInt32(Self.base) {
        limbs.append(limb)
        (scale, limb) = (1, 0)
      }
    }
    limbs.append(limb)
    trim()
  }

  private init(limbs: [UInt32]) {
    self.limbs = limbs
    trim()
  }

  var isZero: Bool { limbs.isEmpty }

  private mutating func trim() {
    while limbs.last == 0 { limbs.removeLast() }
  }

  mutating func multiply(by factor: UInt32) {
    var carry: UInt64 = 0
    for index in limbs.indices {
      let product = UInt64(limbs[index]) * UInt64(factor) + carry
      limbs[index] = UInt32(product % Self.base)
      carry = product / Self.base
    }
    while carry > 0 {
      limbs.append(UInt32(carry % Self.base))
      carry /= Self.base
    }
    trim()
  }

  /// Times ten to the power of `exponent`.
  mutating func shift(by exponent: Int) {
    guard !isZero else { return }
    for _ in 0..<(exponent % Self.digitsOfLimb) { multiply(by: 10) }
    limbs.insert(contentsOf: repeatElement(0, count: exponent / Self.digitsOfLimb), at: 0)
  }

  /// Divided by ten to the power of `exponent`; true where digits other than zero fell away.
  mutating func unshift(by exponent: Int) -> Bool {
    let whole = min(exponent / Self.digitsOfLimb, limbs.count)
    var isInexact = limbs[..<whole].contains { $0 != 0 }
    limbs.removeFirst(whole)
    for _ in 0..<(exponent % Self.digitsOfLimb) where !isZero {
      if divide(by: 10) != 0 { isInexact = true }
    }
    return isInexact
  }

  /// Leaves the quotient and returns the remainder. Not for zero.
  mutating func divide(by divisor: UInt64) -> UInt64 {
    var remainder: UInt128 = 0
    for index in limbs.indices.reversed() {
      let part = remainder * UInt128(Self.base) + UInt128(limbs[index])
      limbs[index] = UInt32(part / UInt128(divisor))
      remainder = part % UInt128(divisor)
    }
    trim()
    return UInt64(remainder)
  }

  /// nil where it does not fit.
  var word: UInt64? {
    var value: UInt64 = 0
    for limb in limbs.reversed() {
      let (product, tooLarge) = value.multipliedReportingOverflow(by: Self.base)
      let (sum, overflow) = product.addingReportingOverflow(UInt64(limb))
      guard !tooLarge, !overflow else { return nil }
      value = sum
    }
    return value
  }

  var digits: String {
    guard let highest = limbs.last else { return "0" }
    var text = String(highest)
    for limb in limbs.dropLast().reversed() {
      let part = String(limb)
      text += String(repeating: "0", count: Self.digitsOfLimb - part.utf8.count) + part
    }
    return text
  }

  static func + (left: DecimalNatural, right: DecimalNatural) -> DecimalNatural {
    var sum: [UInt32] = []
    var carry: UInt64 = 0
    for index in 0..<max(left.limbs.count, right.limbs.count) {
      let total = UInt64(left.limb(index)) + UInt64(right.limb(index)) + carry
      sum.append(UInt32(total % base))
      carry = total / base
    }
    if carry > 0 { sum.append(UInt32(carry)) }
    return DecimalNatural(limbs: sum)
  }

  /// `right` must not be greater.
  static func - (left: DecimalNatural, right: DecimalNatural) -> DecimalNatural {
    var difference: [UInt32] = []
    var borrow: UInt64 = 0
    for index in left.limbs.indices {
      let taken = UInt64(right.limb(index)) + borrow
      let limb = UInt64(left.limbs[index])
      borrow = limb < taken ? 1 : 0
      difference.append(UInt32(limb + borrow * base - taken))
    }
    precondition(borrow == 0, "a natural number was taken from a smaller one")
    return DecimalNatural(limbs: difference)
  }

  static func * (left: DecimalNatural, right: DecimalNatural) -> DecimalNatural {
    var sum = DecimalNatural(0)
    for (place, limb) in right.limbs.enumerated() {
      var part = left
      part.multiply(by: limb)
      part.shift(by: place * digitsOfLimb)
      sum = sum + part
    }
    return sum
  }

  static func < (left: DecimalNatural, right: DecimalNatural) -> Bool {
    guard left.limbs.count == right.limbs.count else { return left.limbs.count < right.limbs.count }
    for index in left.limbs.indices.reversed() where left.limbs[index] != right.limbs[index] {
      return left.limbs[index] < right.limbs[index]
    }
    return false
  }

  private func limb(_ index: Int) -> UInt32 { index < limbs.count ? limbs[index] : 0 }
}
