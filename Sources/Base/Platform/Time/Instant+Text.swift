/// How many digits of a second `rfc3339` writes.
package enum SecondsFraction: Int, Sendable {
  case none = 0
  case milliseconds = 3
  case nanoseconds = 9
}

extension Instant: CustomStringConvertible {
  /// `2026-01-31T09:30:00.250Z`; without a fraction where it is zero.
  package var description: String {
    rfc3339(
      nanoseconds % 1_000_000_000 == 0 ? .none : nanoseconds % 1_000_000 == 0 ? .milliseconds : .nanoseconds)
  }

  /// RFC 3339 in UTC, the fraction cut off and not rounded.
  package func rfc3339(_ fraction: SecondsFraction = .none) -> String {
    let time = CivilTime(self)
    var text = digits(time.year, 4) + "-" + digits(time.month, 2) + "-" + digits(time.day, 2)
    text += "T" + digits(time.hour, 2) + ":" + digits(time.minute, 2) + ":" + digits(time.second, 2)
    if fraction != .none { text += "." + digits(time.nanosecond, 9).prefix(fraction.rawValue) }
    return text + "Z"
  }

  /// `20260131T093000Z`: the basic form of ISO 8601 that AWS signatures use.
  package var basicISO8601: String {
    let time = CivilTime(self)
    return basicDate + "T" + digits(time.hour, 2) + digits(time.minute, 2) + digits(time.second, 2) + "Z"
  }

  /// `20260131`.
  package var basicDate: String {
    let time = CivilTime(self)
    return digits(time.year, 4) + digits(time.month, 2) + digits(time.day, 2)
  }

  /// Reads RFC 3339 with any offset and up to nine digits of a second; nil for anything else.
  package init?(rfc3339 text: String) {
    var reader = DigitReader(text)
    guard let year = reader.number(4), reader.take("-"), let month = reader.number(2), reader.take("-"),
      let day = reader.number(2), reader.take("Tt "), let hour = reader.number(2), reader.take(":"),
      let minute = reader.number(2), reader.take(":"), let second = reader.number(2),
      let nanosecond = reader.fraction(), let offset = reader.offset(), reader.isAtEnd,
      let time = CivilTime(
        year: year, month: month, day: day, hour: hour, minute: minute, second: second, nanosecond: nanosecond
      )
    else { return nil }
    self = time.instant - .seconds(offset)
  }
}

private func digits(_ number: Int, _ width: Int) -> String {
  let text = String(number)
  return text.utf8.count >= width ? text : String(repeating: "0", count: width - text.utf8.count) + text
}

private struct DigitReader {
  private var rest: Substring.UTF8View

  init(_ text: String) { rest = text[...].utf8 }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func number(_ count: Int) -> Int? {
    var value = 0
    for _ in 0..<count {
      guard let byte = rest.first, (48...57).contains(byte) else { return nil }
      value = value * 10 + Int(byte - 48)
      rest.removeFirst()
    }
    return value
  }

  mutating func take(_ oneOf: String) -> Bool {
    guard let byte = rest.first, oneOf.utf8.contains(byte) else { return false }
    rest.removeFirst()
    return true
  }

  /// Nanoseconds; 0 where no fraction is written.
  mutating func fraction() -> Int? {
    guard take(".") else { return 0 }
    var value = 0
    var count = 0
    while let digit = number(1) {
      guard count < 9 else { return nil }
      value = value * 10 + digit
      count += 1
    }
    guard count > 0 else { return nil }
    for _ in count..<9 { value *= 10 }
    return value
  }

  /// Seconds east of UTC.
  mutating func offset() -> Int? {
    if take("Zz") { return 0 }
    let isWest = rest.first == UInt8(ascii: "-")
    guard take("+-"), let hour = number(2), hour < 24, take(":"), let minute = number(2), minute < 60 else {
      return nil
    }
    return (hour * 3600 + minute * 60) * (isWest ? -1 : 1)
  }
}
