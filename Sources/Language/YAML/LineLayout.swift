/// New layouts of a file's lines.
enum LineLayout {
  /// Without spaces at line ends, runs of empty lines, and empty lines at both ends.
  static func tidied(_ source: SourceLines) -> [String]? {
    var tidied: [String] = []
    var lastKept = -1
    for (number, line) in source.lines.enumerated() {
      let isVerbatim = source.verbatim.contains(number)
      let trimmed = isVerbatim ? line : trimEnd(line)
      if trimmed.isEmpty, !isVerbatim, tidied.isEmpty || tidied.last?.isEmpty == true { continue }
      tidied.append(trimmed)
      if isVerbatim || !trimmed.isEmpty { lastKept = tidied.count }
    }
    return Array(tidied.prefix(max(lastKept, 0)))
  }

  /// The same, and every level indented by two spaces; nil where the structure is not told by plain lines
  /// alone.
  static func indented(_ source: SourceLines) -> [String]? {
    var indenter = Indenter()
    var shifts: [Int: Int] = [:]
    var lines = source.lines
    var comments: [Int] = []
    for (number, line) in source.lines.enumerated() {
      let indent = line.utf8.prefix { $0 == 0x20 }.count
      let content = line.utf8.dropFirst(indent)
      if let owner = source.owner[number] {
        let shift = shifts[owner] ?? 0
        shifts[number] = shift
        if !content.isEmpty { lines[number] = moved(line, by: shift) }
      } else if content.first == 0x23 {
        comments.append(number)
      } else if !content.isEmpty {
        guard content.first != 0x09, !line.dropFirst(indent).hasPrefix("? ") else { return nil }
        let new = indenter.place(line, indent: indent)
        lines[number] = new.line
        shifts[number] = new.shift
        for comment in comments {
          lines[comment] = placed(lines[comment], above: indent, new.shift, indenter)
        }
        comments = []
      }
    }
    for comment in comments { lines[comment] = placed(lines[comment], above: -1, 0, indenter) }
    return tidied(SourceLines(lines.joined(separator: "\n")))
  }

  /// A comment goes with the line below where it stands as far in as that, else with the level it stands on.
  private static func placed(_ comment: String, above indent: Int, _ shift: Int, _ indenter: Indenter)
    -> String
  {
    let own = comment.utf8.prefix { $0 == 0x20 }.count
    return moved(comment, by: own == indent ? shift : indenter.shift(of: own))
  }

  private static func moved(_ line: String, by shift: Int) -> String {
    let indent = line.utf8.prefix { $0 == 0x20 }.count
    return String(repeating: " ", count: max(0, indent + shift)) + line.dropFirst(indent)
  }

  private static func trimEnd(_ line: String) -> String {
    String(decoding: line.utf8.reversed().drop { $0 == 0x20 || $0 == 0x09 }.reversed(), as: UTF8.self)
  }
}

/// Follows the levels of block maps and lists from line to line.
private struct Indenter {
  private var levels: [(old: Int, new: Int)] = []

  /// The line at its new place, and how far it moved.
  mutating func place(_ line: String, indent: Int) -> (line: String, shift: Int) {
    if indent == 0, ["---", "...", "%"].contains(where: line.hasPrefix) {
      levels = []
      return (line, 0)
    }
    let new = enter(indent)
    var prefix = String(repeating: " ", count: new)
    var rest = line.dropFirst(indent), column = indent, newColumn = new
    while rest.hasPrefix("- ") {
      let gap = rest.dropFirst().prefix { $0 == " " }.count
      rest = rest.dropFirst(1 + gap)
      guard let first = rest.first, first != "#" else {
        return (String(repeating: " ", count: new) + line.dropFirst(indent), new - indent)
      }
      column += 1 + gap
      newColumn += 2
      prefix += "- "
      levels.append((column, newColumn))
    }
    return (prefix + rest, new - indent)
  }

  /// How far a line of this indentation moves.
  func shift(of indent: Int) -> Int {
    levels.last { $0.old <= indent }.map { $0.new - $0.old } ?? 0
  }

  private mutating func enter(_ indent: Int) -> Int {
    while let last = levels.last, last.old > indent { levels.removeLast() }
    if let last = levels.last, last.old == indent { return last.new }
    let new = levels.last.map { $0.new + 2 } ?? 0
    levels.append((indent, new))
    return new
  }
}
