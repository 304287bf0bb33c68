/// A Kubernetes quantity: a decimal number with a unit, compared by value: `1000m` is `1`.
/// https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
package struct Quantity: Hashable, Sendable {
  /// In billionths, the finest unit there is.
  package let billionths: Int128

  /// nil where the text has no such form or does not fit.
  package init?(_ text: String) {
    var rest = Substring(text)
    let isNegative = rest.first == "-"
    if isNegative || rest.first == "+" { rest = rest.dropFirst() }
    let whole = rest.prefix { $0.isASCII && $0.isNumber }
    rest = rest.dropFirst(whole.count)
    var fraction = Substring()
    if rest.first == "." {
      fraction = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
      rest = rest.dropFirst(fraction.count + 1)
    }
    guard !whole.isEmpty || !fraction.isEmpty, let mantissa = Int128(whole + fraction),
      let unit = Self.unit(rest)
    else { return nil }
    guard let scaled = Self.scale(mantissa, ten: unit.ten + 9 - fraction.count, two: unit.two) else {
      return nil
    }
    billionths = isNegative ? -scaled : scaled
  }

  /// The unit as powers of ten and two.
  private static func unit(_ text: Substring) -> (ten: Int, two: Int)? {
    switch text {
    case "n": return (-9, 0)
    case "u": return (-6, 0)
    case "m": return (-3, 0)
    case "": return (0, 0)
    case "k": return (3, 0)
    case "M": return (6, 0)
    case "G": return (9, 0)
    case "T": return (12, 0)
    case "P": return (15, 0)
    case "E": return (18, 0)
    case "Ki": return (0, 10)
    case "Mi": return (0, 20)
    case "Gi": return (0, 30)
    case "Ti": return (0, 40)
    case "Pi": return (0, 50)
    case "Ei": return (0, 60)
    default:
      guard text.first == "e" || text.first == "E", let exponent = Int(text.dropFirst()), abs(exponent) <= 30
      else { return nil }
      return (exponent, 0)
    }
  }

  /// Fractions of a billionth round up, as Kubernetes does.
  private static func scale(_ mantissa: Int128, ten: Int, two: Int) -> Int128? {
    var value = mantissa
    for _ in 0..<two {
      let (doubled, overflow) = value.multipliedReportingOverflow(by: 2)
      if overflow { return nil }
      value = doubled
    }
    for _ in 0..<max(0, ten) {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      value = product
    }
    for _ in 0..<max(0, -ten) { value = value / 10 + (value % 10 == 0 ? 0 : 1) }
    return value
  }
}
