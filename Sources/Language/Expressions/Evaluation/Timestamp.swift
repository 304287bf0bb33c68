/// A moment: seconds and nanoseconds since 1970 in UTC, from the year 1 to the year 9999.
/// https://github.com/google/cel-spec/blob/master/doc/langdef.md#abstract-types
package struct Timestamp: Hashable, Sendable, Comparable {
  package let seconds: Int64
  /// 0 to 999,999,999, counted forward also before 1970.
  package let nanoseconds: Int32

  static let earliest: Int64 = -62_135_596_800
  static let latest: Int64 = 253_402_300_799

  /// Nil outside the years 1 to 9999.
  package init?(seconds: Int64, nanoseconds: Int64 = 0) {
    let carry = nanoseconds >= 0 ? nanoseconds / 1_000_000_000 : (nanoseconds - 999_999_999) / 1_000_000_000
    let (sum, overflow) = seconds.addingReportingOverflow(carry)
    guard !overflow, sum >= Self.earliest, sum <= Self.latest else { return nil }
    self.seconds = sum
    self.nanoseconds = Int32(nanoseconds - carry * 1_000_000_000)
  }

  package static func < (left: Timestamp, right: Timestamp) -> Bool {
    (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
  }

  /// The moment this many nanoseconds later; nil outside the years 1 to 9999.
  package func adding(nanoseconds other: Int64) -> Timestamp? {
    Timestamp(
      seconds: seconds + other / 1_000_000_000, nanoseconds: Int64(nanoseconds) + other % 1_000_000_000)
  }

  /// Nanoseconds from another moment to this one; nil where they do not fit 64 bits (292 years).
  package func nanoseconds(since other: Timestamp) -> Int64? {
    let (product, overflow) = (seconds - other.seconds).multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, tooLarge) = product.addingReportingOverflow(Int64(nanoseconds) - Int64(other.nanoseconds))
    return overflow || tooLarge ? nil : sum
  }
}
