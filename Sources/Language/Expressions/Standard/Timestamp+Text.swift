/// Moments as text, RFC 3339: `2026-03-01T10:20:30.5Z`.
extension Timestamp {
  /// In UTC, with as many digits of the second as are needed.
  package var text: String {
    let date = civil(offset: 0)
    let day = "\(Self.digits(date.year, 4))-\(Self.digits(date.month, 2))-\(Self.digits(date.day, 2))"
    let time = "\(Self.digits(date.hour, 2)):\(Self.digits(date.minute, 2)):\(Self.digits(date.second, 2))"
    return "\(day)T\(time)\(TimeSpan.fraction(Int64(nanoseconds)))Z"
  }

  private static func digits(_ value: Int, _ count: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
  }

  /// Reads RFC 3339 with any offset; nil where the text has no such form.
  package init?(_ text: String) {
    var reader = MomentReader(bytes: Array(text.utf8))
    guard let moment = reader.moment() else { return nil }
    self = moment
  }

  /// A date and time of day.
  struct Civil {
    var year: Int
    /// 1 to 12.
    var month: Int
    /// 1 to 31.
    var day: Int
    var hour: Int
    var minute: Int
    var second: Int
    /// 0 for the first of January.
    var dayOfYear: Int
    /// 0 for Sunday.
    var dayOfWeek: Int
  }

  /// The date and time at an offset from UTC in seconds.
  func civil(offset: Int64) -> Civil {
    let local = seconds + offset
    let day = local >= 0 ? local / 86_400 : (local - 86_399) / 86_400
    let second = Int(local - day * 86_400)
    let (year, month, dayOfMonth) = Self.date(day: Int(day))
    let first = Self.day(year: year, month: 1, day: 1)
    return Civil(
      year: year, month: month, day: dayOfMonth, hour: second / 3_600, minute: second / 60 % 60,
      second: second % 60, dayOfYear: Int(day) - first, dayOfWeek: ((Int(day) + 4) % 7 + 7) % 7)
  }

  /// Days since 1970 of a date in the Gregorian calendar.
  /// https://howardhinnant.github.io/date_algorithms.html
  static func day(year: Int, month: Int, day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func date(day: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = day + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }
}

private struct MomentReader {
  let bytes: [UInt8]
  var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func moment() -> Timestamp? {
    guard let year = number(4), take("-"), let month = number(2), take("-"), let day = number(2),
      take("T") || take("t"), let hour = number(2), take(":"), let minute = number(2), take(":"),
      let second = number(2), (1...12).contains(month), day >= 1, day <= Self.days(year, month), hour < 24,
      minute < 60, second < 60, let nanoseconds = fraction(), let offset = offset(), position == bytes.count
    else { return nil }
    let days = Timestamp.day(year: year, month: month, day: day)
    let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - offset
    return Timestamp(seconds: Int64(seconds), nanoseconds: Int64(nanoseconds))
  }

  private static func days(_ year: Int, _ month: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private mutating func take(_ sign: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: sign) else { return false }
    position += 1
    return true
  }

  private mutating func number(_ count: Int) -> Int? {
    guard position + count <= bytes.count else { return nil }
    var value = 0
    for byte in bytes[position..<position + count] {
      guard Lexer.isDigit(byte) else { return nil }
      value = value * 10 + Int(byte - 0x30)
    }
    position += count
    return value
  }

  private mutating func fraction() -> Int? {
    guard take(".") else { return 0 }
    var value = 0, count = 0
    while position < bytes.count, Lexer.isDigit(bytes[position]) {
      if count < 9 { value = value * 10 + Int(bytes[position] - 0x30) }
      count += 1
      position += 1
    }
    guard count > 0 else { return nil }
    for _ in 0..<max(0, 9 - count) { value *= 10 }
    return value
  }

  /// Seconds east of UTC.
  private mutating func offset() -> Int? {
    if take("Z") || take("z") { return 0 }
    let isWest = take("-")
    guard isWest || take("+"), let hours = number(2), take(":"), let minutes = number(2), hours < 24, minutes < 60
    else { return nil }
    return (hours * 3_600 + minutes * 60) * (isWest ? -1 : 1)
  }
}

/// Spans of time as text: `1h30m`, `2.5s`; written in seconds.
package enum TimeSpan {
  /// The seconds with as many digits as are needed: `90s`, `-0.25s`.
  package static func text(_ nanoseconds: Int64) -> String {
    let magnitude = nanoseconds.magnitude
    let sign = nanoseconds < 0 ? "-" : ""
    return "\(sign)\(magnitude / 1_000_000_000)\(fraction(Int64(magnitude % 1_000_000_000)))s"
  }

  /// `.5`, or nothing for none.
  static func fraction(_ nanoseconds: Int64) -> String {
    guard nanoseconds > 0 else { return "" }
    var digits = String(1_000_000_000 + nanoseconds).dropFirst()
    while digits.last == "0" { digits = digits.dropLast() }
    return ".\(digits)"
  }

  private static let units: [(name: String, nanoseconds: Double)] = [
    ("ns", 1), ("us", 1e3), ("µs", 1e3), ("μs", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9),
  ]

  /// Reads numbers with units, as Go writes them: `-1h2m3.5s`; nil where the text has no such form or is beyond 292
  /// years.
  package static func nanoseconds(_ text: String) -> Int64? {
    var rest = Substring(text)
    let isNegative = rest.first == "-"
    if isNegative || rest.first == "+" { rest = rest.dropFirst() }
    if rest == "0" { return 0 }
    guard !rest.isEmpty else { return nil }
    var total: Int64 = 0
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
      rest = rest[digits.endIndex...]
      let name = rest.prefix { !($0.isASCII && $0.isNumber) && $0 != "." }
      rest = rest[name.endIndex...]
      guard let unit = units.first(where: { $0.name == name }), let part = part(digits, Int64(unit.nanoseconds)) else {
        return nil
      }
      let (sum, overflow) = total.addingReportingOverflow(isNegative ? -part : part)
      guard !overflow else { return nil }
      total = sum
    }
    return total
  }

  private static func part(_ digits: Substring, _ unit: Int64) -> Int64? {
    let halves = digits.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = halves.first, digits.contains(where: { $0 != "." }) else { return nil }
    guard let value = whole.isEmpty ? 0 : Int64(whole) else { return nil }
    let (product, overflow) = value.multipliedReportingOverflow(by: unit)
    guard !overflow else { return nil }
    var scale = unit, rest: Int64 = 0
    for digit in halves.count > 1 ? halves[1] : "" {
      guard let number = digit.wholeNumberValue else { return nil }
      rest += Int64(number) * scale / 10
      scale /= 10
    }
    let (sum, tooLarge) = product.addingReportingOverflow(rest)
    return tooLarge ? nil : sum
  }
}
