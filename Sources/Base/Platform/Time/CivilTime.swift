/// Date and time of day in UTC on the proleptic Gregorian calendar.
package struct CivilTime: Hashable, Sendable {
  package var year: Int
  /// 1 is January.
  package var month: Int
  package var day: Int
  package var hour: Int
  package var minute: Int
  /// 60 only for a leap second, which counts as the next minute's first.
  package var second: Int
  package var nanosecond: Int

  /// nil where a part lies outside its range or the time outside the years 1678 to 2261.
  package init?(
    year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0, nanosecond: Int = 0
  ) {
    guard (1678...2261).contains(year), (1...12).contains(month), day >= 1,
      day <= Self.days(in: month, of: year),
      (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second),
      (0...999_999_999).contains(nanosecond)
    else { return nil }
    self.year = year
    self.month = month
    self.day = day
    self.hour = hour
    self.minute = minute
    self.second = second
    self.nanosecond = nanosecond
  }

  package init(_ instant: Instant) {
    let seconds = instant.seconds
    let days = seconds.quotientRoundedDown(by: 86_400)
    let time = Int(seconds - days * 86_400)
    (year, month, day) = Self.date(daysSince1970: Int(days))
    hour = time / 3600
    minute = time / 60 % 60
    second = time % 60
    nanosecond = Int(instant.nanoseconds - seconds * 1_000_000_000)
  }

  package var instant: Instant {
    let days = Self.daysSince1970(year: year, month: month, day: day)
    let seconds = Int64(days) * 86_400 + Int64(hour * 3600 + minute * 60 + second)
    return Instant(nanoseconds: seconds * 1_000_000_000 + Int64(nanosecond))
  }

  /// 0 is Sunday.
  package var weekday: Int {
    let days = Self.daysSince1970(year: year, month: month, day: day)
    return ((days + 4) % 7 + 7) % 7
  }

  private static func days(in month: Int, of year: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
  }

  // Both conversions count in eras of 400 years from 1 March, so that the leap day comes last:
  // https://howardhinnant.github.io/date_algorithms.html
  private static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  private static func date(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
  }
}
