import Diagnostics

/// Reads CEL's string and bytes literals: both quotes, triple quotes, raw ones and escapes.
/// https://github.com/google/cel-spec/blob/master/doc/langdef.md#string-and-bytes-values
struct StringLiteral {
  let bytes: UnsafeBufferPointer<UInt8>
  private var position: Int
  private let end: Int
  private let isRaw: Bool
  /// In bytes, `\x` and octal escapes are one byte and not a character.
  private let isBytes: Bool

  /// - Precondition: the token is a complete string or bytes literal.
  init(_ token: Token, in bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
    var start = token.start
    var isRaw = false, isBytes = false
    while bytes[start] != UInt8(ascii: "\""), bytes[start] != UInt8(ascii: "'") {
      if bytes[start] | 0x20 == UInt8(ascii: "b") { isBytes = true } else { isRaw = true }
      start += 1
    }
    let isTriple =
      token.end - start >= 6 && bytes[start + 1] == bytes[start] && bytes[start + 2] == bytes[start]
    position = start + (isTriple ? 3 : 1)
    end = token.end - (isTriple ? 3 : 1)
    self.isRaw = isRaw
    self.isBytes = isBytes
  }

  mutating func text() throws(ExpressionProblem) -> String {
    String(decoding: try content(), as: UTF8.self)
  }

  mutating func content() throws(ExpressionProblem) -> [UInt8] {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(end - position)
    while position < end {
      if bytes[position] == UInt8(ascii: "\\"), !isRaw {
        try escape(&decoded)
      } else {
        decoded.append(bytes[position])
        position += 1
      }
    }
    return decoded
  }

  private mutating func escape(_ decoded: inout [UInt8]) throws(ExpressionProblem) {
    let start = position
    let letter = position + 1 < end ? bytes[position + 1] : 0
    position = min(position + 2, end)
    switch letter {
    case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"), UInt8(ascii: "?"):
      decoded.append(letter)
    case UInt8(ascii: "a"): decoded.append(7)
    case UInt8(ascii: "b"): decoded.append(8)
    case UInt8(ascii: "t"): decoded.append(9)
    case UInt8(ascii: "n"): decoded.append(10)
    case UInt8(ascii: "v"): decoded.append(11)
    case UInt8(ascii: "f"): decoded.append(12)
    case UInt8(ascii: "r"): decoded.append(13)
    case UInt8(ascii: "x"), UInt8(ascii: "X"):
      try scalar(digits: 2, radix: 16, isByte: isBytes, from: start, &decoded)
    case UInt8(ascii: "u") where !isBytes: try scalar(digits: 4, radix: 16, from: start, &decoded)
    case UInt8(ascii: "U") where !isBytes: try scalar(digits: 8, radix: 16, from: start, &decoded)
    case UInt8(ascii: "0")...UInt8(ascii: "3"):
      position -= 1
      try scalar(digits: 3, radix: 8, isByte: isBytes, from: start, &decoded)
    default:
      throw ExpressionProblem(
        .expressionSyntax, "unknown escape in a string", start..<position,
        hint: "write `\\\\` for a backslash")
    }
  }

  private mutating func scalar(
    digits: Int, radix: Int, isByte: Bool = false, from start: Int, _ decoded: inout [UInt8]
  ) throws(ExpressionProblem) {
    let stop = min(position + digits, end)
    let text = String(decoding: bytes[position..<stop], as: UTF8.self)
    position = stop
    guard text.utf8.count == digits, text.utf8.first != UInt8(ascii: "+"), let number = UInt32(text, radix: radix)
    else {
      throw ExpressionProblem(.expressionSyntax, "the escape names no character", start..<stop)
    }
    if isByte {
      decoded.append(UInt8(number))
    } else if let scalar = Unicode.Scalar(number) {
      decoded.append(contentsOf: String(Character(scalar)).utf8)
    } else {
      throw ExpressionProblem(.expressionSyntax, "the escape names no character", start..<stop)
    }
  }
}
