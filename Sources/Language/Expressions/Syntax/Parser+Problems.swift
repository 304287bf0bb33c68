import Diagnostics

extension Parser {
  /// Says what should stand in place of the present token.
  mutating func unexpected(_ wanted: String) {
    let found = text(token.range)
    switch token.kind {
    case .end:
      report(.expressionUnclosed, "the expression ends where \(wanted) should stand", token.range)
    case .invalid where isQuote(token):
      report(.expressionUnclosed, "the string is not closed", token.start..<token.start + 1)
    case .invalid:
      report(.expressionSyntax, "expected \(wanted), not `\(found)`", token.range, hint: Self.hint(for: found))
    case .identifier:
      report(.expressionSyntax, "expected \(wanted), not `\(found)`", token.range, hint: Self.hint(for: found))
    case .quotedIdentifier, .int, .uint, .double, .string, .bytes, .dot, .comma, .colon, .question, .openBracket,
      .closeBracket, .openParenthesis, .closeParenthesis, .openBrace, .closeBrace, .operation:
      report(.expressionSyntax, "expected \(wanted), not `\(found)`", token.range)
    }
  }

  /// What was probably meant by a word or sign of another language.
  private static func hint(for found: String) -> String? {
    switch found {
    case "=": "`==` compares"
    case "&", "and": "write `&&`"
    case "|", "or": "write `||`; a chain of calls has dots: `text.size()`"
    case "not": "write `!`"
    case "`": "a quoted field name stands after a dot: ``labels.`app.kubernetes.io/name` ``"
    case "$": "`${` stands around a whole expression, not inside it"
    default: nil
    }
  }

  mutating func unexpectedAfterExpression(from open: Int) {
    switch token.kind {
    case .end where problems.isEmpty:
      report(
        .expressionUnclosed, "`${` is not closed", open..<open + 2,
        hint: "add `}`, or write `$${` for a literal `${`")
    case .end: break
    case .colon:
      report(
        .expressionSyntax, "expected `}`, not `:`", token.range, hint: "write `$${` for a literal `${`")
    case .identifier, .quotedIdentifier, .int, .uint, .double, .string, .bytes, .dot, .comma, .question, .openBracket,
      .closeBracket, .openParenthesis, .closeParenthesis, .openBrace, .closeBrace, .operation, .invalid:
      unexpected("`}`")
    }
  }
}
