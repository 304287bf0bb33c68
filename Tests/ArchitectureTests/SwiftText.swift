/// A Swift file split into code and comments, line by line. String contents are blanked, interpolations are code.
///
/// Regular expression literals are not known to it; the project does not use them.
struct SwiftText: Sendable {
  /// As many bytes as the file, comments and string contents turned into spaces.
  let code: ByteText
  /// By line, counted from 0: whether a comment stands on it.
  let isCommented: [Bool]
  /// The offset of each `{` with that of its `}`, in order.
  let braces: [Int: Int]

  init(_ bytes: [UInt8]) {
    var scanner = Scanner(bytes: bytes)
    scanner.scan()
    code = ByteText(scanner.code)
    isCommented = scanner.isCommented
    braces = scanner.braces
  }

  private enum Mode {
    /// Code, with the open parentheses of the interpolation that it stands in.
    case code(depth: Int)
    case string(quotes: Int, pounds: Int)
    case lineComment
    case blockComment
  }

  private struct Scanner {
    let bytes: [UInt8]
    var code: [UInt8]
    var isCommented = [false]
    var braces: [Int: Int] = [:]
    var open: [Int] = []
    var modes: [Mode] = [.code(depth: 0)]
    var index = 0

    init(bytes: [UInt8]) {
      self.bytes = bytes
      code = bytes
    }

    mutating func scan() {
      while index < bytes.count {
        switch modes[modes.count - 1] {
        case .code(let depth): scanCode(depth)
        case .string(let quotes, let pounds): scanString(quotes, pounds)
        case .lineComment: scanLineComment()
        case .blockComment: scanBlockComment()
        }
      }
    }

    func sees(_ byte: Unicode.Scalar, at offset: Int = 0) -> Bool {
      index + offset < bytes.count && bytes[index + offset] == UInt8(ascii: byte)
    }

    func sees(_ count: Int, _ byte: Unicode.Scalar, at offset: Int) -> Bool {
      var seen = 0
      while seen < count, sees(byte, at: offset + seen) { seen += 1 }
      return seen == count
    }

    /// Moves on by `count` bytes; line ends are kept whatever they stand in.
    mutating func take(_ count: Int, asCode: Bool) {
      let end = min(index + count, bytes.count)
      while index < end {
        if bytes[index] == UInt8(ascii: "\n") {
          isCommented.append(false)
        } else if !asCode {
          code[index] = UInt8(ascii: " ")
        }
        index += 1
      }
    }

    mutating func enter(_ mode: Mode, _ count: Int, asCode: Bool) {
      modes.append(mode)
      if !asCode { isCommented[isCommented.count - 1] = true }
      take(count, asCode: asCode)
    }

    mutating func scanCode(_ depth: Int) {
      switch bytes[index] {
      case UInt8(ascii: "/") where sees("/", at: 1): return enter(.lineComment, 2, asCode: false)
      case UInt8(ascii: "/") where sees("*", at: 1): return enter(.blockComment, 2, asCode: false)
      case UInt8(ascii: "\""), UInt8(ascii: "#"): return scanQuote()
      case UInt8(ascii: "{"): open.append(index)
      case UInt8(ascii: "}"): if let start = open.popLast() { braces[start] = index }
      case UInt8(ascii: "(") where modes.count > 1: modes[modes.count - 1] = .code(depth: depth + 1)
      case UInt8(ascii: ")") where modes.count > 1:
        if depth == 1 { modes.removeLast() } else { modes[modes.count - 1] = .code(depth: depth - 1) }
      default: break
      }
      take(1, asCode: true)
    }

    /// At a quote or at number signs, which may begin a raw string.
    mutating func scanQuote() {
      var pounds = 0
      while sees("#", at: pounds) { pounds += 1 }
      guard sees("\"", at: pounds) else { return take(max(1, pounds), asCode: true) }
      let quotes = sees(3, "\"", at: pounds) ? 3 : 1
      enter(.string(quotes: quotes, pounds: pounds), pounds + quotes, asCode: true)
    }

    mutating func scanString(_ quotes: Int, _ pounds: Int) {
      if sees("\\"), sees(pounds, "#", at: 1) {
        if sees("(", at: 1 + pounds) { return enter(.code(depth: 1), 2 + pounds, asCode: true) }
        return take(2 + pounds, asCode: false)
      }
      guard sees(quotes, "\"", at: 0), sees(pounds, "#", at: quotes) else { return take(1, asCode: false) }
      modes.removeLast()
      take(quotes + pounds, asCode: true)
    }

    mutating func scanLineComment() {
      if sees("\n") { modes.removeLast() } else { isCommented[isCommented.count - 1] = true }
      take(1, asCode: false)
    }

    mutating func scanBlockComment() {
      isCommented[isCommented.count - 1] = true
      if sees("/"), sees("*", at: 1) { return enter(.blockComment, 2, asCode: false) }
      guard sees("*"), sees("/", at: 1) else { return take(1, asCode: false) }
      modes.removeLast()
      take(2, asCode: false)
    }
  }
}
