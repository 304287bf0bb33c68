/// The configuration files of AWS's own tools: sections of `key = value` lines.
///
/// `#` and `;` begin comments, at the start of a line or after a space; indented lines belong to the key above and say
/// nothing here (`s3 =` followed by settings of transfers).
package struct INIFile: Sendable, Equatable {
  package private(set) var sections: [String: [String: String]] = [:]

  package init(_ text: String) {
    var section: String?
    for line in text.split(whereSeparator: \.isNewline) {
      guard let first = line.first, !first.isWhitespace, first != "#", first != ";" else { continue }
      if first == "[" {
        section = Self.sectionName(line)
        if let section { sections[section, default: [:]].merge([:]) { $1 } }
      } else if let section, let equals = line.firstIndex(of: "=") {
        let key = Self.trimmed(line[..<equals]).lowercased()
        sections[section, default: [:]][key] = Self.value(line[line.index(after: equals)...])
      }
    }
  }

  /// `[profile dev]` is `profile dev`, with single spaces; nil for a broken line.
  private static func sectionName(_ line: Substring) -> String? {
    guard let close = line.firstIndex(of: "]") else { return nil }
    let words = line[line.index(after: line.startIndex)..<close].split(whereSeparator: \.isWhitespace)
    return words.isEmpty ? nil : words.joined(separator: " ")
  }

  private static func value(_ text: Substring) -> String {
    var end = text.endIndex
    for mark in [" #", " ;", "\t#", "\t;"] {
      if let range = text.firstRange(of: mark) { end = min(end, range.lowerBound) }
    }
    return trimmed(text[..<end])
  }

  private static func trimmed(_ text: Substring) -> String {
    let start = text.drop { $0.isWhitespace }
    guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(start[...last])
  }
}
