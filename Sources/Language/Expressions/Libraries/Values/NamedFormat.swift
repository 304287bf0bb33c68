import Values

/// The formats that Kubernetes knows by name. What is wrong is worded as Kubernetes words it.
package enum NamedFormat: String, CaseIterable, Hashable, Sendable {
  case dns1123Label, dns1123Subdomain, dns1035Label, qualifiedName
  case dns1123LabelPrefix, dns1123SubdomainPrefix, dns1035LabelPrefix
  case labelValue, uri, uuid, byte, date, datetime

  /// What is wrong with a text; empty where nothing is.
  package func problems(_ text: String) -> [String] {
    switch self {
    case .dns1123Label: NameRules.label(text)
    case .dns1123LabelPrefix: NameRules.label(NameRules.completed(text))
    case .dns1123Subdomain: NameRules.subdomain(text)
    case .dns1123SubdomainPrefix: NameRules.subdomain(NameRules.completed(text))
    case .dns1035Label: NameRules.label1035(text)
    case .dns1035LabelPrefix: NameRules.label1035(NameRules.completed(text))
    case .qualifiedName: NameRules.qualified(text)
    case .labelValue: NameRules.labelValue(text)
    case .uri: Self.uri(text)
    case .uuid: TextForms.isUUID(text) ? [] : ["does not match the UUID format"]
    case .byte: TextForms.isBase64(text) ? [] : ["invalid base64"]
    case .date: TextForms.isDate(text.utf8[...]) ? [] : ["invalid date"]
    case .datetime: TextForms.isDateTime(text) ? [] : ["invalid datetime"]
    }
  }

  private static func uri(_ text: String) -> [String] {
    do throws(WebAddress.Problem) {
      _ = try WebAddress(text)
      return []
    } catch {
      return [error.message]
    }
  }
}

/// Names of Kubernetes objects, labels and DNS.
private enum NameRules {
  private static let labelPattern = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
  private static let namePattern = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
  private static let labelBytes = 63
  private static let subdomainBytes = 253

  /// A prefix may end in a dash: with something after it, is it a name?
  static func completed(_ prefix: String) -> String {
    guard prefix.utf8.count > 1, prefix.utf8.last == UInt8(ascii: "-") else { return prefix }
    return String(decoding: prefix.utf8.dropLast(2) + [UInt8(ascii: "a")], as: UTF8.self)
  }

  static func label(_ text: String) -> [String] {
    var problems = tooLong(text, labelBytes)
    if isLabel(text.utf8[...]) { return problems }
    if isSubdomain(text) {
      problems.append("must not contain dots")
    } else {
      problems.append(
        mismatch(
          "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start "
            + "and end with an alphanumeric character", labelPattern, "my-name", "123-abc"))
    }
    return problems
  }

  static func subdomain(_ text: String) -> [String] {
    let problems = tooLong(text, subdomainBytes)
    if isSubdomain(text) { return problems }
    return problems + [
      mismatch(
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must "
          + "start and end with an alphanumeric character", "\(labelPattern)(\\.\(labelPattern))*", "example.com")
    ]
  }

  static func label1035(_ text: String) -> [String] {
    let problems = tooLong(text, labelBytes)
    if isLabel(text.utf8[...]), let first = text.utf8.first, !ASCII.isDigit(first) { return problems }
    return problems + [
      mismatch(
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic "
          + "character, and end with an alphanumeric character", "[a-z]([-a-z0-9]*[a-z0-9])?", "my-name", "abc-123")
    ]
  }

  static func qualified(_ text: String) -> [String] {
    let mismatch = mismatch(
      "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
        + "character", namePattern, "MyName", "my.name", "123-abc")
    let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map {
      String(Substring($0))
    }
    guard parts.count <= 2, let name = parts.last else {
      return [
        "a qualified name \(mismatch) with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
      ]
    }
    var problems: [String] = []
    if parts.count == 2 {
      problems = (parts[0].isEmpty ? ["must be non-empty"] : subdomain(parts[0])).map { "prefix part \($0)" }
    }
    problems += (name.isEmpty ? ["must be non-empty"] : tooLong(name, labelBytes)).map { "name part \($0)" }
    return isName(name) ? problems : problems + ["name part \(mismatch)"]
  }

  static func labelValue(_ text: String) -> [String] {
    let problems = tooLong(text, labelBytes)
    if text.isEmpty || isName(text) { return problems }
    return problems + [
      mismatch(
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must "
          + "start and end with an alphanumeric character", "(\(namePattern))?", "MyValue", "my_value", "12345")
    ]
  }

  private static func tooLong(_ text: String, _ limit: Int) -> [String] {
    text.utf8.count > limit ? ["must be no more than \(limit) characters"] : []
  }

  private static func mismatch(_ rule: String, _ pattern: String, _ examples: String...) -> String {
    let list = examples.map { "'\($0)', " }.joined(separator: " or ")
    return "\(rule) (e.g. \(list)regex used for validation is '\(pattern)')"
  }

  private static func isLabel(_ text: Substring.UTF8View) -> Bool {
    let isEnd: (UInt8) -> Bool = { ASCII.isDigit($0) || $0 &- 0x61 < 26 }
    guard let first = text.first, let last = text.last, isEnd(first), isEnd(last) else { return false }
    return text.allSatisfy { isEnd($0) || $0 == UInt8(ascii: "-") }
  }

  private static func isSubdomain(_ text: String) -> Bool {
    text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy(isLabel)
  }

  private static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, let last = text.utf8.last, ASCII.isAlphanumeric(first),
      ASCII.isAlphanumeric(last)
    else { return false }
    return text.utf8.allSatisfy { ASCII.isAlphanumeric($0) || "-_.".utf8.contains($0) }
  }
}

/// The forms of texts that OpenAPI names.
private enum TextForms {
  /// Dashes may be left out, each for itself.
  static func isUUID(_ text: String) -> Bool {
    var rest = text.utf8[...]
    for (index, count) in [8, 4, 4, 4, 12].enumerated() {
      if index > 0, rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
      let digits = rest.prefix(count)
      guard digits.count == count, digits.allSatisfy({ Hexadecimal.value(of: $0) != nil }) else { return false }
      rest = rest.dropFirst(count)
    }
    return rest.isEmpty
  }

  /// Padded, and not empty.
  static func isBase64(_ text: String) -> Bool {
    let body = text.utf8.reversed().drop { $0 == UInt8(ascii: "=") }
    let padding = text.utf8.count - body.count
    return !body.isEmpty && padding <= 2 && text.utf8.count % 4 == 0
      && body.allSatisfy { ASCII.isAlphanumeric($0) || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "/") }
  }

  static func isDate(_ text: Substring.UTF8View) -> Bool {
    let parts = text.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard parts.map(\.count) == [4, 2, 2], let year = number(parts[0]), let month = number(parts[1]),
      let day = number(parts[2]), (1...12).contains(month)
    else { return false }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    return (1...days).contains(day)
  }

  /// `2021-01-01T00:00:00Z`, with a fraction or an offset where wanted, `t` and `z` in either case.
  static func isDateTime(_ text: String) -> Bool {
    let halves = text.utf8.split(omittingEmptySubsequences: false) { $0 | 0x20 == UInt8(ascii: "t") }
    guard halves.count >= 2, isDate(halves[0]) else { return false }
    var time = halves[1]
    let clock = time.prefix(8).split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard clock.map(\.count) == [2, 2, 2], let hour = number(clock[0]), let minute = number(clock[1]),
      let second = number(clock[2]), hour < 24, minute < 60, second < 60
    else { return false }
    time = time.dropFirst(8)
    if let mark = time.first, !"zZ+-".utf8.contains(mark) {
      let digits = time.dropFirst().prefix(while: ASCII.isDigit)
      guard !digits.isEmpty else { return false }
      time = time.dropFirst(1 + digits.count)
    }
    if time.count == 1, let mark = time.first { return mark | 0x20 == UInt8(ascii: "z") }
    guard let sign = time.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return false }
    let offset = time.dropFirst().split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    return offset.map(\.count) == [2, 2] && offset.allSatisfy { number($0) != nil }
  }

  private static func number(_ digits: Substring.UTF8View) -> Int? {
    digits.allSatisfy(ASCII.isDigit) ? Int(Substring(digits)) : nil
  }
}
