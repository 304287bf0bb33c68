import Diagnostics

/// What is wrong with an expression, before it is known where its text stands.
struct ExpressionProblem: Error {
  var code: DiagnosticCode
  var message: String
  /// Bytes in the whole text: the template's, or the expression's own.
  var range: Range<Int>
  var hint: String?

  init(_ code: DiagnosticCode, _ message: String, _ range: Range<Int>, hint: String? = nil) {
    self.code = code
    self.message = message
    self.range = range
    self.hint = hint
  }

  /// The problem at its place; the underline ends with the line.
  func diagnostic(in source: String, locate: (Int) -> SourcePosition?) -> Diagnostic {
    let text = source.utf8.dropFirst(range.lowerBound).prefix(range.count).prefix { $0 != 0x0A }
    return .error(
      code, message, at: locate(range.lowerBound), length: max(1, text.filter { $0 & 0xC0 != 0x80 }.count),
      hint: hint)
  }
}
