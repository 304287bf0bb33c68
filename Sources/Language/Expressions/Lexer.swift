/// One piece of an expression's text.
struct Token {
  enum Kind: Equatable {
    case identifier, int, double, string
    case dot, comma, colon, openBracket, closeBracket, openParenthesis, closeParenthesis, openBrace,
      closeBrace
    /// `==`, `&&`, `+`, `?` and so on: known to CEL.
    case operation
    case end
    /// A character that no expression has, or a string that does not end.
    case invalid
  }

  var kind: Kind
  var start: Int
  var end: Int
  var range: Range<Int> { start..<end }
}

/// Cuts CEL text into tokens, on demand: strings may hold `}`, so only the lexer knows where a `${…}` ends.
struct Lexer {
  let bytes: UnsafeBufferPointer<UInt8>
  var position: Int

  private func byte(_ index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }

  mutating func next() -> Token {
    while position < bytes.count, Self.isSpace(bytes[position]) { position += 1 }
    let start = position
    guard start < bytes.count else { return Token(kind: .end, start: start, end: start) }
    let first = bytes[start]
    let kind: Token.Kind
    if Self.isLetter(first) {
      kind = word(start)
    } else if Self.isDigit(first) || first == UInt8(ascii: ".") && isFraction(start) {
      kind = number()
    } else if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
      kind = quoted(isRaw: false)
    } else {
      kind = symbol(first)
    }
    return Token(kind: kind, start: start, end: position)
  }

  /// `.5`, but not the dot of `name.5`, which is a field name gone wrong.
  private func isFraction(_ dot: Int) -> Bool {
    guard Self.isDigit(byte(dot + 1)) else { return false }
    let before = dot > 0 ? bytes[dot - 1] : 0
    return !Self.isWord(before) && before != UInt8(ascii: "]") && before != UInt8(ascii: ")")
  }

  /// An identifier, or a string with a prefix: `r"…"`, `b'…'`.
  private mutating func word(_ start: Int) -> Token.Kind {
    while Self.isWord(byte(position)) { position += 1 }
    let quote = byte(position)
    guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"), position - start <= 2 else {
      return .identifier
    }
    let prefix = (start..<position).map { bytes[$0] | 0x20 }
    guard prefix.allSatisfy({ $0 == UInt8(ascii: "r") || $0 == UInt8(ascii: "b") }) else {
      return .identifier
    }
    return quoted(isRaw: prefix.contains(UInt8(ascii: "r")))
  }

  private mutating func number() -> Token.Kind {
    if byte(position) == UInt8(ascii: "0"), byte(position + 1) | 0x20 == UInt8(ascii: "x") {
      position += 2
      while Self.isWord(byte(position)) { position += 1 }
      return .int
    }
    var kind = Token.Kind.int
    while Self.isDigit(byte(position)) { position += 1 }
    if byte(position) == UInt8(ascii: "."), Self.isDigit(byte(position + 1)) {
      kind = .double
      position += 1
      while Self.isDigit(byte(position)) { position += 1 }
    }
    if byte(position) | 0x20 == UInt8(ascii: "e") {
      kind = .double
      position += 1
      if byte(position) == UInt8(ascii: "+") || byte(position) == UInt8(ascii: "-") { position += 1 }
      while Self.isDigit(byte(position)) { position += 1 }
    }
    // A letter that follows (`1u`, `5x`) belongs to the token, so that the message can show it.
    while Self.isWord(byte(position)) { position += 1 }
    return kind
  }

  private mutating func quoted(isRaw: Bool) -> Token.Kind {
    let quote = byte(position)
    let isTriple = byte(position + 1) == quote && byte(position + 2) == quote
    position += isTriple ? 3 : 1
    while position < bytes.count {
      let current = bytes[position]
      if current == UInt8(ascii: "\\"), !isRaw {
        position = min(position + 2, bytes.count)
      } else if current == quote, !isTriple || byte(position + 1) == quote && byte(position + 2) == quote {
        position += isTriple ? 3 : 1
        return .string
      } else if current == UInt8(ascii: "\n"), !isTriple {
        return .invalid
      } else {
        position += 1
      }
    }
    return .invalid
  }

  private mutating func symbol(_ first: UInt8) -> Token.Kind {
    position += 1
    switch first {
    case UInt8(ascii: "."): return .dot
    case UInt8(ascii: ","): return .comma
    case UInt8(ascii: ":"): return .colon
    case UInt8(ascii: "["): return .openBracket
    case UInt8(ascii: "]"): return .closeBracket
    case UInt8(ascii: "("): return .openParenthesis
    case UInt8(ascii: ")"): return .closeParenthesis
    case UInt8(ascii: "{"): return .openBrace
    case UInt8(ascii: "}"): return .closeBrace
    case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "/"), UInt8(ascii: "%"),
      UInt8(ascii: "?"):
      return .operation
    case UInt8(ascii: "="), UInt8(ascii: "!"), UInt8(ascii: "<"), UInt8(ascii: ">"):
      if byte(position) == UInt8(ascii: "=") { position += 1 }
      return .operation
    case UInt8(ascii: "&"), UInt8(ascii: "|"):
      if byte(position) == first { position += 1 }
      return .operation
    default:
      while position < bytes.count, bytes[position] & 0xC0 == 0x80 { position += 1 }
      return .invalid
    }
  }

  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
  static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  static func isUpper(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
  static func isLetter(_ byte: UInt8) -> Bool { isUpper(byte & ~0x20) && byte < 0x80 || byte == 0x5F }
  static func isWord(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) }
}
