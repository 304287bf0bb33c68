import Diagnostics
import Values

/// A text with `${…}` in it, or a single `${…}` whose value keeps its kind.
package struct Template: Sendable {
  /// The text as authored.
  package let source: String
  package init(source: String) { self.source = source }
}
