import Diagnostics
import Values

extension Parser {
  /// A chain that reads another manifest, where the first name begins one: `aws.Vpc["prod-net"].id`,
  /// `Network["prod"].outputs.vpcId`. Variables and macro variables come first.
  mutating func reference(from first: Token, _ name: String) -> Int? {
    guard environment.readsManifests, environment.variables[name] == nil, !locals.contains(name) else { return nil }
    if Lexer.isUpper(bytes[first.start]) { return reference(kind: name, from: first) }
    guard token.kind == .dot else { return nil }
    var ahead = lexer
    let second = ahead.next()
    guard second.kind == .identifier, Lexer.isUpper(bytes[second.start]) else { return nil }
    let kind = "\(name).\(text(second.range))"
    let following = ahead.next().kind
    if following != .dot, following != .openBracket, environment.functions.types[kind] != nil { return nil }
    advance()
    advance()
    return reference(kind: kind, from: first)
  }

  /// What follows `group.Kind` or `Kind`: the manifest's name, then the path to read.
  private mutating func reference(kind: String, from first: Token) -> Int {
    if token.kind == .openBrace { return message(kind, from: first) }
    guard let name = manifestName(kind: kind, from: first) else { return broken(first.start..<previousEnd) }
    let path = path()
    let reference = Reference(subject: "\(kind)/\(name)", path: path)
    guard !path.segments.isEmpty else {
      // A dot with no name behind it is reported where it stands.
      if token.kind == .dot, !isNameAhead { return broken(first.start..<previousEnd) }
      report(
        .referenceWithoutField, "the reference reads no field of `\(kind)/\(name)`", first.start..<previousEnd,
        hint: "add the field, such as `.id`")
      return broken(first.start..<previousEnd)
    }
    references.append(reference)
    return add(.reference(reference), first.start..<previousEnd, mark: first.start..<previousEnd)
  }

  /// Nil, and reported, where no name stands.
  private mutating func manifestName(kind: String, from first: Token) -> String? {
    switch token.kind {
    case .openBracket:
      advance()
      guard token.kind == .string, let name = constantText(token) else {
        unexpected("a manifest's name in quotes")
        skipToDelimiter()
        if token.kind == .closeBracket { advance() }
        return nil
      }
      advance()
      expect(.closeBracket, "`]`")
      return name
    case .dot:
      let start = token.end
      advance()
      if dash(kind: kind, first: first, nameStart: start) { return nil }
      guard token.kind == .identifier else {
        unexpected("a field name")
        return nil
      }
      let name = text(token.range)
      advance()
      return name
    case .openParenthesis: return nil
    case .identifier, .quotedIdentifier, .int, .uint, .double, .string, .bytes, .comma, .colon, .question,
      .closeBracket, .closeParenthesis, .openBrace, .closeBrace, .operation, .end, .invalid:
      report(
        .expressionSyntax, "`\(kind)` needs a manifest's name", first.start..<previousEnd,
        hint: "write `\(kind)[\"name\"].id`")
      return nil
    }
  }

  private mutating func constantText(_ token: Token) -> String? {
    var reader = StringLiteral(token, in: bytes)
    do throws(ExpressionProblem) { return try reader.text() } catch { return nil }
  }

  /// The constant part of the way; a call, an optional step or an index that must be computed ends it.
  private mutating func path() -> ValuePath {
    var segments: [ValuePath.Segment] = []
    while true {
      if token.kind == .dot, let name = fieldAhead() {
        advance()
        advance()
        segments.append(.key(name))
      } else if token.kind == .openBracket, let segment = constantIndex() {
        segments.append(segment)
      } else {
        return ValuePath(segments)
      }
    }
  }

  /// Whether what follows the present dot can: a name, or `?`.
  private var isNameAhead: Bool {
    var ahead = lexer
    let kind = ahead.next().kind
    return kind == .identifier || kind == .quotedIdentifier || kind == .question
  }

  /// The name after the present dot, where it is a field and not a function.
  private func fieldAhead() -> String? {
    var ahead = lexer
    let name = ahead.next()
    guard name.kind == .identifier || name.kind == .quotedIdentifier || name.kind == .operation(.isIn),
      ahead.next().kind != .openParenthesis
    else { return nil }
    return name.kind == .quotedIdentifier ? text(name.start + 1..<name.end - 1) : text(name.range)
  }

  private mutating func constantIndex() -> ValuePath.Segment? {
    var ahead = lexer
    let index = ahead.next()
    guard ahead.next().kind == .closeBracket else { return nil }
    let segment: ValuePath.Segment
    if index.kind == .string, let key = constantText(index) {
      segment = .key(key)
    } else if index.kind == .int, let position = Int(text(index.range)) {
      segment = .index(position)
    } else {
      return nil
    }
    advance()
    advance()
    advance()
    return segment
  }

  /// CEL reads `aws.Vpc.prod-net.id` as a subtraction, which nobody means. Reports it and goes on behind.
  private mutating func dash(kind: String, first: Token, nameStart: Int) -> Bool {
    var nameEnd = nameStart
    while Lexer.isWord(lexer.byte(nameEnd)) || lexer.byte(nameEnd) == UInt8(ascii: "-") { nameEnd += 1 }
    guard nameEnd > nameStart, let dash = bytes[nameStart..<nameEnd].firstIndex(of: UInt8(ascii: "-")),
      dash > nameStart, dash + 1 < nameEnd
    else { return false }
    let name = text(nameStart..<nameEnd)
    var end = nameEnd
    while Lexer.isWord(lexer.byte(end)) || lexer.byte(end) == UInt8(ascii: ".") { end += 1 }
    report(
      .dashInReference, "`-` in `\(name)` would be a subtraction", dash..<dash + 1,
      hint: "write `\(kind)[\"\(name)\"]\(text(nameEnd..<end))`")
    lexer.position = end
    advance()
    return true
  }
}
