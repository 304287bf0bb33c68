/// What a template may cost: far above anything written by hand, far below what could harm.
package enum ExpressionLimits {
  /// Bytes of one template's text.
  package static let sourceBytes = 262_144
  /// Nesting of lists, maps, indices and parentheses.
  package static let depth = 64
  /// `${…}` parts in one text.
  package static let parts = 1_024
  /// Bytes of a text put together from its parts.
  package static let resultBytes = 1_048_576
}
