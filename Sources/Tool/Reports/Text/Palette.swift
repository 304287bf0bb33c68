import Resources

/// Colours of a report; plain where the stream has none. The text means the same without them.
package struct Palette: Sendable {
  package enum Paint: String, Sendable {
    case bold = "1", faint = "2", red = "31", green = "32", yellow = "33", cyan = "36"
  }

  package let isColored: Bool

  package init(isColored: Bool) { self.isColored = isColored }
  package static let plain = Palette(isColored: false)

  package func callAsFunction(_ text: String, _ paint: Paint?) -> String {
    guard isColored, let paint, !text.isEmpty else { return text }
    return "\u{1B}[\(paint.rawValue)m\(text)\u{1B}[0m"
  }

  package func paint(_ action: Action) -> Paint? {
    switch action {
    case .noop: nil
    case .create: .green
    case .update: .yellow
    case .replace, .createThenDelete, .delete, .forget: .red
    case .adopt, .move: .cyan
    }
  }
}
