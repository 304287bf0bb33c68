/// Offsets from UTC by name.
enum TimeZones {
  /// Seconds east of UTC; nil for an unknown zone.
  static func offset(of zone: String, at moment: Timestamp) -> Int64? {
    if zone.isEmpty || zone == "UTC" || zone == "Z" || zone == "GMT" { return 0 }
    return fixed(zone)
  }

  /// `+02:00`, `-02:30`, `01:00`.
  private static func fixed(_ zone: String) -> Int64? {
    var rest = Substring(zone)
    let isWest = rest.first == "-"
    if isWest || rest.first == "+" { rest = rest.dropFirst() }
    let parts = rest.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }), let hours = Int64(parts[0]),
      let minutes = Int64(parts[1]), (0..<24).contains(hours), (0..<60).contains(minutes)
    else { return nil }
    return (hours * 3_600 + minutes * 60) * (isWest ? -1 : 1)
  }
}
