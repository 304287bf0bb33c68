import Applying
import Diagnostics

/// A few lines at the bottom of a terminal that are drawn again and again while lines scroll by above them.
///
/// A value that gives the bytes to write; whoever holds it writes them in order. `finish` leaves the terminal clean.
package struct LiveView: Sendable {
  /// Steps shown by name; the rest are counted.
  static let rows = 6
  /// A terminal that does not say how wide it is.
  static let defaultWidth = 80

  private let palette: Palette
  private let width: Int
  private var drawn = 0

  package init(_ palette: Palette, width: Int?) {
    self.palette = palette
    self.width = max(width ?? Self.defaultWidth, 20)
  }

  /// Lines that scroll by, with the view drawn anew below them.
  package mutating func text(_ lines: [String], _ progress: ApplyProgress, at now: Duration) -> String {
    let view = rows(progress, at: now)
    let text = erased() + lines.map { $0 + "\n" }.joined() + view.map { $0 + "\n" }.joined()
    drawn = view.count
    return text
  }

  /// Takes the view away.
  package mutating func finish() -> String {
    let text = erased()
    drawn = 0
    return text
  }

  /// Back to the view's first line, and everything from there on erased.
  private func erased() -> String { drawn == 0 ? "" : "\u{1B}[\(drawn)A\r\u{1B}[J" }

  private func rows(_ progress: ApplyProgress, at now: Duration) -> [String] {
    let oldest = progress.running.sorted { ($0.value.since, $0.key) < ($1.value.since, $1.key) }
    var rows = oldest.prefix(Self.rows).map { _, state in
      let note = state.note.isEmpty ? "" : " (\(state.note))"
      let doing = OperationText.doing(state.facts.operation), elapsed = OperationText.elapsed(now - state.since)
      return "  \(doing) \(state.facts.address)\(note) \(elapsed)"
    }
    if oldest.count > Self.rows { rows.append("  and \(oldest.count - Self.rows) more") }
    let failed = progress.failures > 0 ? ", \(progress.failures) failed" : ""
    rows.append("  \(progress.finished) of \(progress.total) steps done\(failed)")
    return rows.map { palette(cut($0), .faint) }
  }

  /// One row must stay one row: longer text would wrap and spoil the way back.
  private func cut(_ text: String) -> String {
    let safe = TerminalText.escaped(text)
    guard TerminalText.width(of: safe) >= width else { return safe }
    var cut = "", used = 0
    for scalar in safe.unicodeScalars {
      used += TerminalText.width(of: scalar)
      guard used < width - 1 else { break }
      cut.unicodeScalars.append(scalar)
    }
    return cut + "…"
  }
}
