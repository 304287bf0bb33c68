/// What an expression may cost: far above anything written by hand, far below what could harm.
package enum ExpressionLimits {
  /// Bytes of one template's or expression's text.
  package static let sourceBytes = 262_144
  /// Nesting of lists, maps, indices, arguments and parentheses.
  package static let depth = 64
  /// Height of the syntax tree: a chain of operators or members counts one each.
  package static let height = 256
  /// Operands of one chain of `&&` or `||`, items of one list, entries of one map, arguments of one call.
  package static let width = 16_384
  /// `${…}` parts in one text.
  package static let parts = 1_024
  /// Bytes of a text put together from its parts, or by an expression.
  package static let resultBytes = 1_048_576
  /// Units of work of one evaluation.
  package static let cost = 10_000_000
  /// Syntax errors reported of one expression.
  package static let problems = 16
}
