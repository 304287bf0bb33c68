/// Cuts CEL text into tokens, on demand: strings may hold `}`, so only the lexer knows where a `${…}` ends.
/// https://github.com/google/cel-spec/blob/master/doc/langdef.md#syntax
struct Lexer {
  let bytes: UnsafeBufferPointer<UInt8>
  var position: Int

  func byte(_ index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }

  mutating func next() -> Token {
    skipSpace()
    let start = position
    guard start < bytes.count else { return Token(kind: .end, start: start, end: start) }
    let first = bytes[start]
    let kind: Token.Kind
    if Self.isLetter(first) {
      kind = word(start)
    } else if Self.isDigit(first) || first == UInt8(ascii: ".") && isFraction(start) {
      kind = number()
    } else if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
      kind = quoted(isRaw: false) ? .string : .invalid
    } else if first == UInt8(ascii: "`") {
      kind = backticks()
    } else {
      kind = symbol(first)
    }
    return Token(kind: kind, start: start, end: position)
  }

  /// White space, and comments from `//` to the end of the line.
  private mutating func skipSpace() {
    while position < bytes.count {
      if Self.isSpace(bytes[position]) {
        position += 1
      } else if bytes[position] == UInt8(ascii: "/"), byte(position + 1) == UInt8(ascii: "/") {
        while position < bytes.count, bytes[position] != 0x0A { position += 1 }
      } else {
        return
      }
    }
  }

  /// `.5`, but not the dot of `name.5`, which is a field name gone wrong.
  private func isFraction(_ dot: Int) -> Bool {
    guard Self.isDigit(byte(dot + 1)) else { return false }
    let before = dot > 0 ? bytes[dot - 1] : 0
    return !Self.isWord(before) && before != UInt8(ascii: "]") && before != UInt8(ascii: ")")
  }

  /// An identifier, `in`, or a string with a prefix: `r"…"`, `b'…'`.
  private mutating func word(_ start: Int) -> Token.Kind {
    while Self.isWord(byte(position)) { position += 1 }
    let quote = byte(position)
    if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"), let prefix = stringPrefix(start) {
      guard quoted(isRaw: prefix.isRaw) else { return .invalid }
      return prefix.isBytes ? .bytes : .string
    }
    let isIn = position - start == 2 && bytes[start] == UInt8(ascii: "i") && bytes[start + 1] == UInt8(ascii: "n")
    return isIn ? .operation(.isIn) : .identifier
  }

  private func stringPrefix(_ start: Int) -> (isRaw: Bool, isBytes: Bool)? {
    var isRaw = false, isBytes = false
    for index in start..<position {
      let letter = bytes[index] | 0x20
      if letter == UInt8(ascii: "r"), !isRaw {
        isRaw = true
      } else if letter == UInt8(ascii: "b"), !isBytes {
        isBytes = true
      } else {
        return nil
      }
    }
    return (isRaw, isBytes)
  }

  private mutating func number() -> Token.Kind {
    var kind = Token.Kind.int
    if byte(position) == UInt8(ascii: "0"), byte(position + 1) | 0x20 == UInt8(ascii: "x") {
      position += 2
      while Self.isHexadecimal(byte(position)) { position += 1 }
    } else {
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
    }
    if kind == .int, byte(position) | 0x20 == UInt8(ascii: "u"), !Self.isWord(byte(position + 1)) {
      position += 1
      return .uint
    }
    // A letter that follows (`5x`) belongs to the token, so that the message can show it.
    while Self.isWord(byte(position)) { position += 1 }
    return kind
  }

  private mutating func quoted(isRaw: Bool) -> Bool {
    let quote = byte(position)
    let isTriple = byte(position + 1) == quote && byte(position + 2) == quote
    position += isTriple ? 3 : 1
    while position < bytes.count {
      let current = bytes[position]
      if current == UInt8(ascii: "\\"), !isRaw {
        position = min(position + 2, bytes.count)
      } else if current == quote, !isTriple || byte(position + 1) == quote && byte(position + 2) == quote {
        position += isTriple ? 3 : 1
        return true
      } else if current == 0x0A, !isTriple {
        return false
      } else {
        position += 1
      }
    }
    return false
  }

  private mutating func backticks() -> Token.Kind {
    let start = position
    position += 1
    while position < bytes.count, bytes[position] != 0x0A {
      position += 1
      if bytes[position - 1] == UInt8(ascii: "`") { return position - start > 2 ? .quotedIdentifier : .invalid }
    }
    return .invalid
  }

  private mutating func symbol(_ first: UInt8) -> Token.Kind {
    position += 1
    switch first {
    case UInt8(ascii: "."): return .dot
    case UInt8(ascii: ","): return .comma
    case UInt8(ascii: ":"): return .colon
    case UInt8(ascii: "?"): return .question
    case UInt8(ascii: "["): return .openBracket
    case UInt8(ascii: "]"): return .closeBracket
    case UInt8(ascii: "("): return .openParenthesis
    case UInt8(ascii: ")"): return .closeParenthesis
    case UInt8(ascii: "{"): return .openBrace
    case UInt8(ascii: "}"): return .closeBrace
    case UInt8(ascii: "+"): return .operation(.add)
    case UInt8(ascii: "-"): return .operation(.subtract)
    case UInt8(ascii: "*"): return .operation(.multiply)
    case UInt8(ascii: "/"): return .operation(.divide)
    case UInt8(ascii: "%"): return .operation(.remainder)
    case UInt8(ascii: "!"): return followed(by: "=") ? .operation(.notEqual) : .operation(.not)
    case UInt8(ascii: "<"): return followed(by: "=") ? .operation(.lessOrEqual) : .operation(.less)
    case UInt8(ascii: ">"): return followed(by: "=") ? .operation(.greaterOrEqual) : .operation(.greater)
    case UInt8(ascii: "="): return followed(by: "=") ? .operation(.equal) : .invalid
    case UInt8(ascii: "&"): return followed(by: "&") ? .operation(.and) : .invalid
    case UInt8(ascii: "|"): return followed(by: "|") ? .operation(.or) : .invalid
    default:
      while position < bytes.count, bytes[position] & 0xC0 == 0x80 { position += 1 }
      return .invalid
    }
  }

  private mutating func followed(by next: Unicode.Scalar) -> Bool {
    guard byte(position) == UInt8(ascii: next) else { return false }
    position += 1
    return true
  }

  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
  static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  static func isUpper(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
  static func isLetter(_ byte: UInt8) -> Bool { isUpper(byte & ~0x20) && byte < 0x80 || byte == 0x5F }
  static func isWord(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) }
  static func isHexadecimal(_ byte: UInt8) -> Bool {
    isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
  }
}
