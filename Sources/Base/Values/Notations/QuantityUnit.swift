/// The unit of a quantity as powers of ten and two.
struct QuantityUnit {
  let ten: Int
  let two: Int
  let form: Quantity.Form

  private static let decimals: [(suffix: String, power: Int)] = [
    ("n", -9), ("u", -6), ("m", -3), ("", 0), ("k", 3), ("M", 6), ("G", 9), ("T", 12), ("P", 15), ("E", 18),
  ]
  private static let binaries: [(suffix: String, power: Int)] = [
    ("", 0), ("Ki", 10), ("Mi", 20), ("Gi", 30), ("Ti", 40), ("Pi", 50), ("Ei", 60),
  ]

  /// nil for no unit that there is.
  init?(_ text: String) {
    if let unit = Self.decimals.first(where: { $0.suffix == text }) {
      (ten, two, form) = (unit.power, 0, .decimal)
    } else if let unit = Self.binaries.first(where: { $0.suffix == text }) {
      (ten, two, form) = (0, unit.power, .binary)
    } else if text.utf8.first == UInt8(ascii: "e") || text.utf8.first == UInt8(ascii: "E"),
      let exponent = Int(text.dropFirst()), exponent.magnitude <= Quantity.exponent
    {
      (ten, two, form) = (exponent, 0, .exponent)
    } else {
      return nil
    }
  }

  static func suffix(ten power: Int) -> String { decimals.first { $0.power == power }?.suffix ?? "" }
  static func suffix(two power: Int) -> String { binaries.first { $0.power == power }?.suffix ?? "" }
}
