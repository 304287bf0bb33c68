import Diagnostics
import Values

extension Parser {
  /// A constant, or a chain that reads another manifest: `aws.Vpc["prod-net"].id`,
  /// `Network["prod"].outputs.vpcId`.
  mutating func identifier() throws(ExpressionProblem) -> Expression {
    let first = token
    let name = text(first)
    advance()
    switch name {
    case "true": return .literal(.bool(true))
    case "false": return .literal(.bool(false))
    case "null": return .literal(.null)
    default: break
    }
    if token.kind == .openParenthesis { throw unsupportedFunction(first) }
    guard token.kind != .colon else { throw afterExpression(from: first.start) }
    if Lexer.isUpper(bytes[first.start]) { return try reference(kind: name, from: first) }
    guard token.kind == .dot else { throw unknownName(first) }
    advance()
    guard token.kind == .identifier, Lexer.isUpper(bytes[token.start]) else { throw unknownName(first) }
    let kind = "\(name).\(text(token))"
    advance()
    return try reference(kind: kind, from: first)
  }

  private func unknownName(_ name: Token) -> ExpressionProblem {
    ExpressionProblem(
      .unknownName, "nothing is called `\(text(name))` here", name.range,
      hint: "a reference reads `aws.Vpc[\"name\"].id`; write `$${` for a literal `${`")
  }

  /// What follows `group.Kind` or `Kind`: the manifest's name, then the path to read.
  private mutating func reference(kind: String, from first: Token) throws(ExpressionProblem) -> Expression {
    let name: String
    switch token.kind {
    case .openParenthesis: throw unsupportedFunction(first)
    case .openBracket:
      advance()
      guard token.kind == .string else { throw unexpected("a manifest's name in quotes") }
      name = try stringText(token)
      advance()
      try expect(.closeBracket, "`]`")
    case .dot:
      let start = token.end
      advance()
      if let problem = dash(kind: kind, first: first, nameStart: start) { throw problem }
      name = try memberName().text
    case .identifier, .int, .double, .string, .comma, .colon, .closeBracket, .closeParenthesis, .openBrace,
      .closeBrace,
      .operation, .end, .invalid:
      throw ExpressionProblem(
        .expressionSyntax, "`\(kind)` needs a manifest's name", first.start..<previousEnd,
        hint: "write `\(kind)[\"name\"].id`")
    }
    let path = try path()
    guard !path.segments.isEmpty else {
      throw ExpressionProblem(
        .referenceWithoutField, "the reference reads no field of `\(kind)/\(name)`",
        first.start..<previousEnd,
        hint: "add the field, such as `.id`")
    }
    return .reference(Reference(subject: "\(kind)/\(name)", path: path))
  }

  /// The constant part of the way; an index that must be computed ends it.
  private mutating func path() throws(ExpressionProblem) -> ValuePath {
    var segments: [ValuePath.Segment] = []
    while true {
      if token.kind == .dot {
        advance()
        segments.append(.key(try memberName().text))
      } else if token.kind == .openBracket, let segment = try constantIndex() {
        segments.append(segment)
      } else {
        return ValuePath(segments)
      }
    }
  }

  private mutating func constantIndex() throws(ExpressionProblem) -> ValuePath.Segment? {
    var ahead = lexer
    let index = ahead.next()
    guard ahead.next().kind == .closeBracket else { return nil }
    let segment: ValuePath.Segment
    switch index.kind {
    case .string: segment = .key(try stringText(index))
    case .int:
      guard let position = Int(text(index)) else { return nil }
      segment = .index(position)
    case .identifier, .double, .dot, .comma, .colon, .openBracket, .closeBracket, .openParenthesis,
      .closeParenthesis,
      .openBrace, .closeBrace, .operation, .end, .invalid:
      return nil
    }
    advance()
    advance()
    advance()
    return segment
  }

  /// CEL reads `aws.Vpc.prod-net.id` as a subtraction, which nobody means.
  private func dash(kind: String, first: Token, nameStart: Int) -> ExpressionProblem? {
    var nameEnd = nameStart
    while nameEnd < bytes.count, Lexer.isWord(bytes[nameEnd]) || bytes[nameEnd] == UInt8(ascii: "-") {
      nameEnd += 1
    }
    let name = bytes[nameStart..<nameEnd]
    guard let dash = name.firstIndex(of: UInt8(ascii: "-")), dash > nameStart, dash + 1 < nameEnd else {
      return nil
    }
    var end = nameEnd
    while end < bytes.count, Lexer.isWord(bytes[end]) || bytes[end] == UInt8(ascii: ".") { end += 1 }
    let rest = String(decoding: bytes[nameEnd..<end], as: UTF8.self)
    return ExpressionProblem(
      .dashInReference, "`-` in `\(String(decoding: name, as: UTF8.self))` would be a subtraction",
      dash..<dash + 1,
      hint: "write `\(kind)[\"\(String(decoding: name, as: UTF8.self))\"]\(rest)`")
  }
}
