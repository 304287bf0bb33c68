import Platform

/// The date form of HTTP header fields: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7).
package enum HTTPDate {
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
  private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]

  /// nil for any other form; the obsolete two are not sent by servers of today.
  package static func parse(_ text: String) -> Instant? {
    let parts = text.split(separator: " ")
    guard parts.count == 6, parts[5] == "GMT", let day = Int(parts[1]), let year = Int(parts[3]),
      let month = months.firstIndex(of: String(parts[2]))
    else { return nil }
    let clock = parts[4].split(separator: ":").map { Int($0) }
    guard clock.count == 3, let hour = clock[0], let minute = clock[1], let second = clock[2] else {
      return nil
    }
    return CivilTime(year: year, month: month + 1, day: day, hour: hour, minute: minute, second: second)?
      .instant
  }

  package static func format(_ instant: Instant) -> String {
    let time = CivilTime(instant)
    let clock = [time.hour, time.minute, time.second].map(twoDigits).joined(separator: ":")
    return "\(days[time.weekday]), \(twoDigits(time.day)) \(months[time.month - 1]) \(time.year) \(clock) GMT"
  }

  private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
