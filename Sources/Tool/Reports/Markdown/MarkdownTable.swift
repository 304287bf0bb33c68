/// Writes a table of Markdown, its cells kept to one line.
enum MarkdownTable {
  /// Nothing where there are no rows. Columns that are empty in every row are left out.
  static func lines(_ titles: [String], _ rows: [[String]]) -> [String] {
    guard !rows.isEmpty else { return [] }
    let kept = titles.indices.filter { column in rows.contains { !$0[column].isEmpty } }
    func line(_ cells: [String]) -> String {
      "|" + kept.map { cells[$0].isEmpty ? " |" : " \(escape(cells[$0])) |" }.joined()
    }
    return [line(titles), "|" + String(repeating: "---|", count: kept.count)] + rows.map(line)
  }

  /// Text in the typewriter face; `text` may itself have backticks.
  static func code(_ text: String) -> String {
    let flat = text.split { $0 == "\n" || $0 == "\r\n" }.joined(separator: " ")
    guard !flat.isEmpty else { return "" }
    return flat.contains("`") ? "`` \(flat) ``" : "`\(flat)`"
  }

  /// A pipe ends a cell, even within code.
  private static func escape(_ text: String) -> String {
    var escaped = ""
    for character in text {
      switch character {
      case "|": escaped += "\\|"
      case "\n", "\r\n": escaped += " "
      default: escaped.append(character)
      }
    }
    return escaped
  }
}
