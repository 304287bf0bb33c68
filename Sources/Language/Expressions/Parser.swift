import Diagnostics
import Values

/// Reads one expression by recursive descent. The first problem ends it; the template goes on after the `}`.
struct Parser {
  let bytes: UnsafeBufferPointer<UInt8>
  var lexer: Lexer
  var token: Token
  /// Where the token before the present one ended, so that `a-b` and `a - b` can be told apart.
  var previousEnd: Int
  private var depth = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) {
    self.bytes = bytes
    lexer = Lexer(bytes: bytes, position: offset)
    previousEnd = offset
    token = lexer.next()
  }

  /// Reads `expression }` and returns the offset after the brace.
  mutating func embedded(from open: Int) throws(ExpressionProblem) -> (Expression, end: Int) {
    if token.kind == .closeBrace {
      throw ExpressionProblem(
        .expressionSyntax, "`${}` holds no expression", open..<token.end,
        hint: "write `$${` for a literal `${`")
    }
    let expression = try expression()
    guard token.kind == .closeBrace else { throw afterExpression(from: open) }
    return (expression, token.end)
  }

  mutating func expression() throws(ExpressionProblem) -> Expression {
    depth += 1
    defer { depth -= 1 }
    guard depth <= ExpressionLimits.depth else {
      throw ExpressionProblem(
        .expressionLimit, "the expression is nested more than \(ExpressionLimits.depth) deep", token.range)
    }
    var base = try primary()
    while true {
      switch token.kind {
      case .dot:
        advance()
        let name = try memberName()
        base = .member(base, name.text, offset: name.start)
      case .openBracket:
        let open = token.start
        advance()
        let index = try expression()
        try expect(.closeBracket, "`]`")
        base = .index(base, index, offset: open)
      case .identifier, .int, .double, .string, .comma, .colon, .closeBracket, .openParenthesis,
        .closeParenthesis,
        .openBrace, .closeBrace, .operation, .end, .invalid:
        return base
      }
    }
  }

  private mutating func primary() throws(ExpressionProblem) -> Expression {
    let start = token
    switch token.kind {
    case .identifier: return try identifier()
    case .int, .double: return .literal(try number(isNegative: false))
    case .string:
      advance()
      return .literal(.string(try stringText(start)))
    case .openBracket: return try list()
    case .openBrace: return try map()
    case .openParenthesis:
      advance()
      let inner = try expression()
      try expect(.closeParenthesis, "`)`")
      return inner
    case .operation where text(token) == "-":
      advance()
      guard token.kind == .int || token.kind == .double else {
        throw ExpressionProblem(.expressionUnsupported, "the operator `-` is not supported", start.range)
      }
      return .literal(try number(isNegative: true))
    case .dot, .comma, .colon, .closeBracket, .closeParenthesis, .closeBrace, .operation, .end, .invalid:
      throw unexpected("an expression")
    }
  }

  // MARK: Literals

  private mutating func list() throws(ExpressionProblem) -> Expression {
    advance()
    var items: [Expression] = []
    while token.kind != .closeBracket {
      items.append(try expression())
      guard token.kind == .comma else { break }
      advance()
    }
    try expect(.closeBracket, "`,` or `]`")
    return .list(items)
  }

  private mutating func map() throws(ExpressionProblem) -> Expression {
    advance()
    var entries: [Expression.MapEntry] = []
    while token.kind != .closeBrace {
      let offset = token.start
      let key = try expression()
      try expect(.colon, "`:`")
      entries.append(Expression.MapEntry(key: key, value: try expression(), offset: offset))
      guard token.kind == .comma else { break }
      advance()
    }
    try expect(.closeBrace, "`,` or `}`")
    return .map(entries)
  }

  private mutating func number(isNegative: Bool) throws(ExpressionProblem) -> Value {
    let number = token
    let sign = isNegative ? "-" : ""
    let spelling = text(number)
    advance()
    if number.kind == .double, let value = Double(sign + spelling), value.isFinite { return .double(value) }
    if number.kind == .int {
      let isHexadecimal = spelling.lowercased().hasPrefix("0x")
      let digits = isHexadecimal ? String(spelling.dropFirst(2)) : spelling
      if let value = Int(sign + digits, radix: isHexadecimal ? 16 : 10) { return .int(value) }
      if spelling.last == "u" || spelling.last == "U" {
        throw ExpressionProblem(.expressionUnsupported, "unsigned integers are not supported", number.range)
      }
    }
    throw ExpressionProblem(.expressionSyntax, "`\(spelling)` is no number that fits 64 bits", number.range)
  }

  func stringText(_ token: Token) throws(ExpressionProblem) -> String {
    var literal = try StringLiteral(token, in: bytes)
    return try literal.text()
  }

  // MARK: Tokens

  mutating func advance() {
    previousEnd = token.end
    token = lexer.next()
  }

  func text(_ token: Token) -> String { String(decoding: bytes[token.range], as: UTF8.self) }

  mutating func memberName() throws(ExpressionProblem) -> (text: String, start: Int) {
    guard token.kind == .identifier else { throw unexpected("a field name") }
    let name = token
    advance()
    if token.kind == .openParenthesis { throw unsupportedFunction(name) }
    return (text(name), name.start)
  }

  mutating func expect(_ kind: Token.Kind, _ what: String) throws(ExpressionProblem) {
    guard token.kind == kind else { throw unexpected(what) }
    advance()
  }

  func unsupportedFunction(_ name: Token) -> ExpressionProblem {
    ExpressionProblem(.expressionUnsupported, "the function `\(text(name))` is not supported", name.range)
  }
}

// MARK: - Problems

extension Parser {
  func unexpected(_ wanted: String) -> ExpressionProblem {
    switch token.kind {
    case .end:
      return ExpressionProblem(
        .expressionUnclosed, "the expression ends where \(wanted) should stand", token.range)
    case .operation:
      return ExpressionProblem(
        .expressionUnsupported, "the operator `\(text(token))` is not supported", token.range)
    case .invalid where bytes[token.start] == UInt8(ascii: "\"") || bytes[token.start] == UInt8(ascii: "'"):
      return ExpressionProblem(.expressionUnclosed, "the string is not closed", token.start..<token.start + 1)
    case .identifier, .int, .double, .string, .dot, .comma, .colon, .openBracket, .closeBracket,
      .openParenthesis,
      .closeParenthesis, .openBrace, .closeBrace, .invalid:
      return ExpressionProblem(.expressionSyntax, "expected \(wanted), not `\(text(token))`", token.range)
    }
  }

  func afterExpression(from open: Int) -> ExpressionProblem {
    switch token.kind {
    case .end:
      return ExpressionProblem(
        .expressionUnclosed, "`${` is not closed", open..<open + 2,
        hint: "add `}`, or write `$${` for a literal `${`")
    case .colon:
      return ExpressionProblem(
        .expressionSyntax, "expected `}`, not `:`", token.range, hint: "write `$${` for a literal `${`")
    case .identifier, .int, .double, .string, .dot, .comma, .openBracket, .closeBracket, .openParenthesis,
      .closeParenthesis, .openBrace, .closeBrace, .operation, .invalid:
      return unexpected("`}`")
    }
  }
}
