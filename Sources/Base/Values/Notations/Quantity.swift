/// A Kubernetes quantity: a decimal number with a unit, exact, compared by value: `1000m` is `1`.
/// https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
package struct Quantity: Sendable {
  /// How the number is spelled, which arithmetic keeps.
  package enum Form: Sendable { case decimal, binary, exponent }

  package let isNegative: Bool
  /// In billionths, the finest unit there is.
  let billionths: DecimalNatural
  package let form: Form

  /// The longest text that is read.
  package static let textBytes = 256
  /// The largest power of ten that `e` takes, up and down.
  package static let exponent = 256

  /// nil where the text has no such form.
  package init?(_ text: String) {
    var rest = Array(text.utf8)[...]
    guard rest.count <= Self.textBytes else { return nil }
    let sign = rest.first
    if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { rest = rest.dropFirst() }
    let whole = rest.prefix { ASCII.isDigit($0) }
    rest = rest.dropFirst(whole.count)
    var fraction: ArraySlice<UInt8> = []
    if rest.first == UInt8(ascii: ".") {
      fraction = rest.dropFirst().prefix { ASCII.isDigit($0) }
      rest = rest.dropFirst(fraction.count + 1)
    }
    guard !whole.isEmpty || !fraction.isEmpty, let unit = QuantityUnit(String(decoding: rest, as: UTF8.self))
    else { return nil }
    let mantissa = DecimalNatural(digits: Array(whole) + Array(fraction))
    let isNegative = sign == UInt8(ascii: "-")
    self.init(
      isNegative: isNegative, Self.scaled(mantissa, ten: unit.ten + 9 - fraction.count, two: unit.two, unit.form),
      unit.form)
  }

  package init(_ value: Int64) {
    var number = DecimalNatural(value.magnitude)
    number.shift(by: 9)
    self.init(isNegative: value < 0, number, .decimal)
  }

  private init(isNegative: Bool, _ billionths: DecimalNatural, _ form: Form) {
    self.isNegative = isNegative && !billionths.isZero
    self.billionths = billionths
    self.form = form
  }

  /// Fractions of a billionth round away from zero; binary quantities end at 2⁶³ - 1. Both as Kubernetes does.
  private static func scaled(_ mantissa: DecimalNatural, ten: Int, two: Int, _ form: Form) -> DecimalNatural {
    var value = mantissa
    for _ in 0..<(two / 10) { value.multiply(by: 1024) }
    if ten >= 0 {
      value.shift(by: ten)
    } else if value.unshift(by: -ten) {
      value = value + DecimalNatural(1)
    }
    guard form == .binary else { return value }
    var most = DecimalNatural(UInt64(Int64.max))
    most.shift(by: 9)
    return most < value ? most : value
  }

  /// False where arithmetic has made it larger than anything that can be read.
  package var isWithinLimits: Bool { billionths.limbs.count <= (Self.textBytes + Self.exponent) / 9 + 4 }

  /// -1, 0 or 1.
  package var sign: Int64 { billionths.isZero ? 0 : isNegative ? -1 : 1 }

  /// nil where it has a fraction or does not fit.
  package var integer: Int64? {
    var number = billionths
    guard !number.unshift(by: 9), let word = number.word else { return nil }
    if !isNegative { return Int64(exactly: word) }
    return word <= Int64.min.magnitude ? Int64(truncatingIfNeeded: 0 &- word) : nil
  }

  /// The nearest double; infinite where the quantity is beyond them.
  package var approximate: Double {
    let number = Double(billionths.digits + "e-9") ?? .infinity
    return isNegative ? -number : number
  }
}

extension Quantity: Hashable {
  package static func == (left: Quantity, right: Quantity) -> Bool {
    left.isNegative == right.isNegative && left.billionths == right.billionths
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(isNegative)
    hasher.combine(billionths)
  }
}

extension Quantity: Comparable {
  package static func < (left: Quantity, right: Quantity) -> Bool {
    guard left.isNegative == right.isNegative else { return left.isNegative }
    return left.isNegative ? right.billionths < left.billionths : left.billionths < right.billionths
  }
}

extension Quantity {
  /// The sum, spelled as `left` is.
  package static func + (left: Quantity, right: Quantity) -> Quantity {
    if left.isNegative == right.isNegative {
      return Quantity(isNegative: left.isNegative, left.billionths + right.billionths, left.form)
    }
    if left.billionths < right.billionths {
      return Quantity(isNegative: right.isNegative, right.billionths - left.billionths, left.form)
    }
    return Quantity(isNegative: left.isNegative, left.billionths - right.billionths, left.form)
  }

  package static prefix func - (value: Quantity) -> Quantity {
    Quantity(isNegative: !value.isNegative, value.billionths, value.form)
  }

  package static func * (left: Quantity, right: Int64) -> Quantity {
    Quantity(
      isNegative: left.isNegative != (right < 0), left.billionths * DecimalNatural(right.magnitude), left.form)
  }

  /// The quotient with `places` digits (at most 9) after the point, halves away from zero. Not for zero.
  package func divided(by divisor: Int64, places: Int) -> Quantity {
    precondition((0...9).contains(places), "a quantity has at most nine places")
    var quotient = billionths
    // Twice the value in units of half the last place, so that one more halves it and rounds.
    quotient.multiply(by: 2)
    _ = quotient.divide(by: divisor.magnitude)
    _ = quotient.unshift(by: 9 - places)
    quotient = quotient + DecimalNatural(1)
    _ = quotient.divide(by: 2)
    quotient.shift(by: 9 - places)
    return Quantity(isNegative: isNegative != (divisor < 0), quotient, form)
  }

  /// The whole part of the quotient. Not for zero.
  package func wholeDivided(by divisor: Int64) -> Quantity {
    var quotient = billionths
    _ = quotient.divide(by: divisor.magnitude)
    _ = quotient.unshift(by: 9)
    quotient.shift(by: 9)
    return Quantity(isNegative: isNegative != (divisor < 0), quotient, form)
  }
}

extension Quantity: CustomStringConvertible {
  /// The canonical text: no fraction, the largest unit that allows that, the unit's family as it was written.
  package var description: String {
    let number = billionths.isZero ? "0" : form == .binary ? binaryText ?? decimalText(.decimal) : decimalText(form)
    return isNegative ? "-\(number)" : number
  }

  private func decimalText(_ form: Form) -> String {
    var number = billionths
    var exponent = -9
    while exponent < 18 || form == .exponent {
      var next = number
      if next.unshift(by: 3) { break }
      number = next
      exponent += 3
    }
    return number.digits + (form == .exponent && exponent != 0 ? "e\(exponent)" : QuantityUnit.suffix(ten: exponent))
  }

  /// nil where the value is below 1024 or has a fraction.
  private var binaryText: String? {
    var number = billionths
    guard !number.unshift(by: 9), !(number < DecimalNatural(1024)) else { return nil }
    var power = 0
    while power < 60 {
      var next = number
      guard next.divide(by: 1024) == 0 else { break }
      number = next
      power += 10
    }
    return number.digits + QuantityUnit.suffix(two: power)
  }
}
