/// A point of wall time: nanoseconds since 1970-01-01T00:00:00Z, from the year 1677 to 2262.
package struct Instant: Hashable, Comparable, Sendable {
  package var nanoseconds: Int64

  @inlinable package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
  /// - Precondition: the time lies before the year 2262.
  package init(milliseconds: Int64) { nanoseconds = milliseconds * 1_000_000 }
  /// - Precondition: the time lies before the year 2262.
  package init(seconds: Int64) { nanoseconds = seconds * 1_000_000_000 }

  package static let epoch = Instant(nanoseconds: 0)

  /// Whole milliseconds since 1970, rounded down.
  package var milliseconds: Int64 { nanoseconds.quotientRoundedDown(by: 1_000_000) }
  /// Whole seconds since 1970, rounded down.
  package var seconds: Int64 { nanoseconds.quotientRoundedDown(by: 1_000_000_000) }

  package static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }

  package static func + (instant: Instant, duration: Duration) -> Instant {
    Instant(nanoseconds: instant.nanoseconds + duration.wholeNanoseconds)
  }

  package static func - (instant: Instant, duration: Duration) -> Instant {
    Instant(nanoseconds: instant.nanoseconds - duration.wholeNanoseconds)
  }

  package static func - (later: Instant, earlier: Instant) -> Duration {
    .nanoseconds(later.nanoseconds - earlier.nanoseconds)
  }
}

extension Duration {
  /// The duration in nanoseconds, limited to what 64 bits hold (292 years).
  package var wholeNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let limit: Int64 = seconds < 0 ? .min : .max
    guard !overflow else { return limit }
    let (sum, sumOverflow) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
    return sumOverflow ? limit : sum
  }

  /// The duration in milliseconds, rounded towards zero.
  package var wholeMilliseconds: Int64 { wholeNanoseconds / 1_000_000 }
  /// The duration in seconds with its fraction.
  package var inSeconds: Double { Double(wholeNanoseconds) / 1e9 }
}

extension Int64 {
  func quotientRoundedDown(by divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
