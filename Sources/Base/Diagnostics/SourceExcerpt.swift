/// One source line with an underline below, cut to a window where it is long.
struct SourceExcerpt {
  /// The printable line, and below it spaces and marks of the same width.
  let line: String
  let underline: String

  private static let tabWidth = 4
  private static let ellipsis = "…"

  /// - Parameters:
  ///   - column: counted from 1 in code points; one past the end of the line is allowed.
  ///   - limit: columns of the terminal the line may take.
  init(_ text: String, column: Int, length: Int, mark: Character, limit: Int) {
    let cells = Self.cells(text)
    let first = min(max(column - 1, 0), cells.count)
    let last = min(first + max(length, 1), cells.count)
    let window = Self.window(cells, around: first, limit: limit)
    let isCutLeft = window.lowerBound > 0, isCutRight = window.upperBound < cells.count
    line =
      (isCutLeft ? Self.ellipsis : "") + cells[window].map(\.text).joined()
      + (isCutRight ? Self.ellipsis : "")
    let before = cells[window.lowerBound..<first].reduce(isCutLeft ? 1 : 0) { $0 + $1.width }
    let marked = cells[first..<max(first, min(last, window.upperBound))].reduce(0) { $0 + $1.width }
    underline = String(repeating: " ", count: before) + String(repeating: mark, count: max(marked, 1))
  }

  /// One cell a code point, so that columns and cells agree.
  private static func cells(_ text: String) -> [(text: String, width: Int)] {
    var used = 0
    return text.unicodeScalars.map { scalar in
      var cell = (text: String(scalar), width: 1)
      if scalar == "\t" {
        cell.width = tabWidth - used % tabWidth
        cell.text = String(repeating: " ", count: cell.width)
      } else if TerminalText.mustEscape(scalar) {
        cell.text = TerminalText.escape(scalar)
        cell.width = cell.text.utf8.count
      } else {
        cell.width = TerminalText.width(of: scalar)
      }
      used += cell.width
      return cell
    }
  }

  /// The cells to show: all where they fit, else those around the marked one, two thirds of them after it.
  private static func window(
    _ cells: [(text: String, width: Int)], around position: Int, limit: Int
  ) -> Range<Int> {
    guard cells.reduce(0, { $0 + $1.width }) > limit else { return 0..<cells.count }
    var low = position, high = position, used = 2
    while low > 0, used + cells[low - 1].width <= limit / 3 {
      low -= 1
      used += cells[low].width
    }
    while high < cells.count, used + cells[high].width <= limit {
      used += cells[high].width
      high += 1
    }
    while low > 0, used + cells[low - 1].width <= limit {
      low -= 1
      used += cells[low].width
    }
    return low..<high
  }
}
