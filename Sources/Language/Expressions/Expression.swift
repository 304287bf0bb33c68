import Diagnostics
import Values

/// The syntax tree of one `${…}`. Offsets are bytes in the template's text.
package indirect enum Expression: Sendable {
  case literal(Value)
  /// A maximal chain that reads another manifest.
  case reference(Reference)
  case member(Expression, String, offset: Int)
  case index(Expression, Expression, offset: Int)
  case list([Expression])
  case map([MapEntry])

  package struct MapEntry: Sendable {
    package var key: Expression
    package var value: Expression
    package var offset: Int
  }
}

extension Expression {
  /// What the expression reads, in source order, with repetitions.
  func collectReferences(_ found: inout [Reference]) {
    switch self {
    case .literal: break
    case .reference(let reference): found.append(reference)
    case .member(let base, _, _): base.collectReferences(&found)
    case .index(let base, let index, _):
      base.collectReferences(&found)
      index.collectReferences(&found)
    case .list(let items): for item in items { item.collectReferences(&found) }
    case .map(let entries):
      for entry in entries {
        entry.key.collectReferences(&found)
        entry.value.collectReferences(&found)
      }
    }
  }
}

/// What is wrong with an expression, before it is known where its text stands.
struct ExpressionProblem: Error {
  var code: DiagnosticCode
  var message: String
  /// Bytes in the template's text.
  var range: Range<Int>
  var hint: String?

  init(_ code: DiagnosticCode, _ message: String, _ range: Range<Int>, hint: String? = nil) {
    self.code = code
    self.message = message
    self.range = range
    self.hint = hint
  }
}
