import Diagnostics
import Values

extension Parser {
  mutating func primary(isNegative: Bool) -> Int {
    let start = token
    switch token.kind {
    case .identifier: return identifier(isRooted: false)
    case .dot:
      advance()
      guard token.kind == .identifier else {
        unexpected("a name")
        return broken(start.range)
      }
      return identifier(isRooted: true)
    case .int, .uint, .double: return number(isNegative: isNegative)
    case .string, .bytes: return string()
    case .openBracket: return list()
    case .openBrace: return map()
    case .openParenthesis:
      advance()
      let inner = expression()
      if token.kind != .closeParenthesis { recover("`)`") }
      if token.kind == .closeParenthesis { advance() }
      return inner
    case .operation:
      unexpected("an expression")
      return broken(start.range)
    case .quotedIdentifier, .comma, .colon, .question, .closeBracket, .closeParenthesis, .closeBrace, .end, .invalid:
      unexpected("an expression")
      if token.kind == .quotedIdentifier || token.kind == .invalid && !isQuote(token) { advance() }
      return broken(start.range)
    }
  }

  // MARK: Names

  /// Words that CEL keeps for itself; they are names only where one is declared. `in` is an operator.
  static let reserved: Set<String> = [
    "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package",
    "namespace", "return", "var", "void", "while",
  ]

  private mutating func identifier(isRooted: Bool) -> Int {
    let first = token
    let name = text(first.range)
    advance()
    switch name {
    case "true": return add(.literal(.bool(true)), first.range)
    case "false": return add(.literal(.bool(false)), first.range)
    case "null": return add(.literal(.null), first.range)
    default: break
    }
    if token.kind == .openParenthesis { return call(name, on: nil, first.range) }
    if !isRooted, let reference = reference(from: first, name) { return reference }
    if token.kind == .openBrace { return message(name, from: first) }
    if Self.reserved.contains(name), environment.variables[name] == nil, !locals.contains(name) {
      report(.expressionSyntax, "`\(name)` is a word that CEL keeps for itself", first.range)
      return broken(first.range)
    }
    return add(.identifier(name, isRooted: isRooted), first.range)
  }

  /// `Name{…}` makes a protocol buffer in CEL, and there are none here.
  mutating func message(_ name: String, from first: Token) -> Int {
    report(
      .expressionUnsupported, "`\(name){…}` would make a message, and there are no message types",
      first.start..<previousEnd, hint: "write a map: `{\"field\": value}`")
    advance()
    while token.kind != .closeBrace, token.kind != .end {
      skipToDelimiter()
      guard token.kind == .comma else { break }
      advance()
    }
    if token.kind == .closeBrace { advance() }
    return broken(first.start..<previousEnd)
  }

  // MARK: Literals

  private mutating func number(isNegative: Bool) -> Int {
    let number = token
    let spelling = text(number.range)
    advance()
    let range = (isNegative ? number.start - 1 : number.start)..<number.end
    if let value = Self.number(number.kind, spelling, isNegative: isNegative) { return add(.literal(value), range) }
    let isWord = spelling.utf8.contains { Lexer.isLetter($0) } && Double(spelling) == nil
    let isHexadecimal = spelling.lowercased().hasPrefix("0x")
    report(
      .expressionSyntax,
      isWord && !isHexadecimal ? "`\(spelling)` is no number" : "`\(spelling)` is no number that fits 64 bits",
      number.range)
    return broken(range)
  }

  private static func number(_ kind: Token.Kind, _ spelling: String, isNegative: Bool) -> Operand? {
    let sign = isNegative ? "-" : ""
    if kind == .double { return Double(sign + spelling).flatMap { $0.isFinite ? .double($0) : nil } }
    var digits = Substring(spelling)
    if kind == .uint { digits = digits.dropLast() }
    let isHexadecimal = digits.lowercased().hasPrefix("0x")
    if isHexadecimal { digits = digits.dropFirst(2) }
    let radix = isHexadecimal ? 16 : 10
    if kind == .uint { return UInt64(digits, radix: radix).map(Operand.uint) }
    return Int64(sign + digits, radix: radix).map(Operand.int)
  }

  private mutating func string() -> Int {
    let literal = token
    advance()
    var reader = StringLiteral(literal, in: bytes)
    do throws(ExpressionProblem) {
      if literal.kind == .bytes { return add(.literal(.bytes(try reader.content())), literal.range) }
      return add(.literal(.string(try reader.text())), literal.range)
    } catch {
      report(error.code, error.message, error.range, hint: error.hint)
      return broken(literal.range)
    }
  }

  private mutating func list() -> Int {
    let start = token.start
    advance()
    var items: [SyntaxNode.Item] = []
    while token.kind != .closeBracket, token.kind != .end, admits(items.count, "a list") {
      let isOptional = token.kind == .question
      if isOptional { advance() }
      items.append(SyntaxNode.Item(node: expression(), isOptional: isOptional))
      if token.kind != .comma, token.kind != .closeBracket { recover("`,` or `]`") }
      guard token.kind == .comma else { break }
      advance()
    }
    if token.kind == .closeBracket { advance() } else { unexpected("`,` or `]`") }
    return add(.list(items), start..<previousEnd, above: items.map(\.node))
  }

  private mutating func map() -> Int {
    let start = token.start
    advance()
    var entries: [SyntaxNode.Entry] = []
    while token.kind != .closeBrace, token.kind != .end, admits(entries.count, "a map") {
      let isOptional = token.kind == .question
      if isOptional { advance() }
      let key = expression()
      guard token.kind == .colon else {
        recover("`:`")
        guard token.kind == .comma else { break }
        advance()
        continue
      }
      advance()
      entries.append(SyntaxNode.Entry(key: key, value: expression(), isOptional: isOptional))
      if token.kind != .comma, token.kind != .closeBrace { recover("`,` or `}`") }
      guard token.kind == .comma else { break }
      advance()
    }
    if token.kind == .closeBrace { advance() } else { unexpected("`,` or `}`") }
    return add(.map(entries), start..<previousEnd, above: entries.flatMap { [$0.key, $0.value] })
  }

  mutating func admits(_ count: Int, _ what: String) -> Bool {
    guard count >= ExpressionLimits.width else { return true }
    report(.expressionLimit, "\(what) has more than \(ExpressionLimits.width) parts", token.range)
    return false
  }
}
