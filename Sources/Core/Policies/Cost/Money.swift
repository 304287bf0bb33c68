/// Amounts of US dollars as text.
package enum Money {
  /// `$1,234.50`, `-$3.00`.
  package static func text(_ amount: Double) -> String {
    let cents = cents(amount)
    return (cents < 0 ? "-$" : "$") + digits(cents.magnitude)
  }

  /// `+$65.70`, `-$3.00`, `$0.00`.
  package static func change(_ amount: Double) -> String { (cents(amount) > 0 ? "+" : "") + text(amount) }

  /// `$0.0004`: as many digits as it takes.
  package static func unitPrice(_ amount: Double) -> String {
    let text = "\(amount)"
    guard let dot = text.firstIndex(of: "."), !text.contains("e") else { return "$\(text)" }
    let decimals = text[text.index(after: dot)...]
    return "$\(text[..<dot])." + decimals + String(repeating: "0", count: max(0, 2 - decimals.count))
  }

  /// Rounded to whole cents.
  static func cents(_ amount: Double) -> Int {
    guard amount.isFinite, amount.magnitude < 1e15 else { return 0 }
    return Int((amount * 100).rounded())
  }

  private static func digits(_ cents: UInt) -> String {
    var whole = "\(cents / 100)"
    var grouped = ""
    while whole.count > 3 {
      grouped = ",\(whole.suffix(3))" + grouped
      whole.removeLast(3)
    }
    let rest = cents % 100
    return whole + grouped + "." + (rest < 10 ? "0" : "") + "\(rest)"
  }
}
