import Values

/// What a text stands for: the formats of structural schemas.
package enum TextFormat: String, Sendable, CaseIterable {
  case cidr, ip, ipv4, ipv6, date
  case dateTime = "date-time"
  case duration, quantity, email, uri, hostname
  case dnsLabel = "dns-label"

  /// For messages: `a CIDR block`.
  package var phrase: String {
    switch self {
    case .cidr: "a CIDR block"
    case .ip: "an IP address"
    case .ipv4: "an IPv4 address"
    case .ipv6: "an IPv6 address"
    case .date: "a date"
    case .dateTime: "a date and time"
    case .duration: "a duration"
    case .quantity: "a quantity"
    case .email: "an e-mail address"
    case .uri: "a URI"
    case .hostname: "a host name"
    case .dnsLabel: "a DNS label"
    }
  }

  /// An example, for hints.
  package var example: String {
    switch self {
    case .cidr: "10.0.0.0/16"
    case .ip, .ipv4: "10.0.0.1"
    case .ipv6: "2001:db8::1"
    case .date: "2027-03-01"
    case .dateTime: "2027-03-01T12:00:00Z"
    case .duration: "1h30m"
    case .quantity: "8Gi"
    case .email: "ana@acme.test"
    case .uri: "https://acme.test/path"
    case .hostname: "db.acme.test"
    case .dnsLabel: "team-a"
    }
  }

  package func matches(_ text: String) -> Bool {
    switch self {
    case .cidr: CIDRBlock(text) != nil
    case .ip: IPAddress(text) != nil
    case .ipv4: IPAddress(text)?.version == 4
    case .ipv6: IPAddress(text)?.version == 6
    case .date: FormatRules.isDate(Array(text.utf8)[...])
    case .dateTime: FormatRules.isDateTime(Array(text.utf8)[...])
    case .duration: FormatRules.isDuration(Array(text.utf8)[...])
    case .quantity: Quantity(text) != nil
    case .email: FormatRules.isEmail(text)
    case .uri: FormatRules.isURI(text)
    case .hostname: FormatRules.isHostname(text)
    case .dnsLabel: FormatRules.isLabel(text[...]) && !text.utf8.contains { (0x41...0x5A).contains($0) }
    }
  }
}

/// How the formats are written.
private enum FormatRules {
  typealias Bytes = ArraySlice<UInt8>

  static func isDate(_ text: Bytes) -> Bool {
    let text = Array(text)
    guard text.count == 10, text[4] == 0x2D, text[7] == 0x2D, let year = number(text[0..<4]),
      let month = number(text[5..<7]), let day = number(text[8..<10])
    else { return false }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return (1...12).contains(month) && (1...lengths[month - 1]).contains(day)
  }

  /// RFC 3339, with `Z` or an offset.
  static func isDateTime(_ text: Bytes) -> Bool {
    let text = Array(text)
    guard text.count >= 20, isDate(text[0..<10]), text[10] | 0x20 == UInt8(ascii: "t"), text[13] == 0x3A,
      text[16] == 0x3A, let hour = number(text[11..<13]), let minute = number(text[14..<16]),
      let second = number(text[17..<19]), hour < 24, minute < 60, second <= 60
    else { return false }
    var rest = text[19...]
    if rest.first == 0x2E {
      let digits = rest.dropFirst().prefix(while: isDigit)
      guard !digits.isEmpty else { return false }
      rest = rest.dropFirst(1 + digits.count)
    }
    if rest.count == 1 { return rest.first.map { $0 | 0x20 == UInt8(ascii: "z") } ?? false }
    let zone = Array(rest)
    guard zone.count == 6, zone[0] == 0x2B || zone[0] == 0x2D, zone[3] == 0x3A, let hours = number(zone[1..<3]),
      let minutes = number(zone[4..<6])
    else { return false }
    return hours < 24 && minutes < 60
  }

  /// `1h30m`, `500ms`, as CEL and Go write them.
  static func isDuration(_ text: Bytes) -> Bool {
    var rest = text
    if rest.first == 0x2D { rest = rest.dropFirst() }
    if rest.elementsEqual([UInt8(ascii: "0")]) { return true }
    guard !rest.isEmpty else { return false }
    let units = ["ns", "us", "ms", "s", "m", "h"].map { Array($0.utf8) }
    while !rest.isEmpty {
      let whole = rest.prefix(while: isDigit)
      rest = rest.dropFirst(whole.count)
      var fraction: Bytes = []
      if rest.first == 0x2E {
        fraction = rest.dropFirst().prefix(while: isDigit)
        rest = rest.dropFirst(1 + fraction.count)
      }
      let unit = rest.prefix { !isDigit($0) && $0 != 0x2E }
      guard !whole.isEmpty || !fraction.isEmpty, units.contains(Array(unit)) else { return false }
      rest = rest.dropFirst(unit.count)
    }
    return true
  }

  static func isEmail(_ text: String) -> Bool {
    let halves = text.split(separator: "@", omittingEmptySubsequences: false)
    guard halves.count == 2, !halves[0].isEmpty, halves[0].utf8.count <= 64 else { return false }
    let isPlain = halves[0].utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"()<>[]:;,\\\"".utf8.contains($0) }
    return isPlain && isHostname(String(halves[1]))
  }

  static func isURI(_ text: String) -> Bool {
    guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return false }
    let scheme = text.utf8[..<colon], rest = text.utf8[text.utf8.index(after: colon)...]
    guard let first = scheme.first, isLetter(first), !rest.isEmpty else { return false }
    return scheme.allSatisfy { isLetter($0) || isDigit($0) || "+-.".utf8.contains($0) }
      && rest.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"<>\"{}|\\^`".utf8.contains($0) }
  }

  static func isHostname(_ text: String) -> Bool {
    guard (1...253).contains(text.utf8.count) else { return false }
    return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy(isLabel)
  }

  static func isLabel(_ text: Substring) -> Bool {
    guard (1...63).contains(text.utf8.count), text.utf8.first != 0x2D, text.utf8.last != 0x2D else { return false }
    return text.utf8.allSatisfy { isLetter($0) || isDigit($0) || $0 == 0x2D }
  }

  private static func number(_ digits: Bytes) -> Int? {
    digits.allSatisfy(isDigit) ? digits.reduce(0) { $0 * 10 + Int($1 - 0x30) } : nil
  }
  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}
