/// A Swift file split into code and comments, line by line. String contents are blanked, interpolations are code.
///
/// Regular expression literals are not known to it; the project does not use them.
struct SwiftText: Sendable {
  /// As many bytes as the file, comments and string contents turned into spaces.
  private(set) var code: [UInt8]
  /// By line, counted from 0: whether a comment stands on it.
  private(set) var isCommented: [Bool]
  private(set) var codeLines: [String]

  init(_ text: String) {
    var scanner = Scanner(bytes: Array(text.utf8))
    scanner.scan()
    code = scanner.code
    isCommented = scanner.isCommented
    codeLines = code.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
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
    var code: [UInt8] = []
    var isCommented = [false]
    var modes: [Mode] = [.code(depth: 0)]
    var index = 0

    init(bytes: [UInt8]) {
      self.bytes = bytes
      code.reserveCapacity(bytes.count)
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

    func sees(_ text: StaticString, at offset: Int = 0) -> Bool {
      let start = index + offset
      guard start + text.utf8CodeUnitCount <= bytes.count else { return false }
      return (0..<text.utf8CodeUnitCount).allSatisfy { bytes[start + $0] == text.utf8Start[$0] }
    }

    /// Moves on by `count` bytes; line ends are kept whatever they stand in.
    mutating func take(_ count: Int, asCode: Bool) {
      for byte in bytes[index..<min(index + count, bytes.count)] {
        code.append(asCode || byte == UInt8(ascii: "\n") ? byte : UInt8(ascii: " "))
        if byte == UInt8(ascii: "\n") { isCommented.append(false) }
      }
      index += count
    }

    mutating func enter(_ mode: Mode, _ count: Int, asCode: Bool) {
      modes.append(mode)
      if !asCode { isCommented[isCommented.count - 1] = true }
      take(count, asCode: asCode)
    }

    mutating func scanCode(_ depth: Int) {
      if sees("//") { return enter(.lineComment, 2, asCode: false) }
      if sees("/*") { return enter(.blockComment, 2, asCode: false) }
      var pounds = 0
      while sees("#", at: pounds) { pounds += 1 }
      if sees("\"\"\"", at: pounds) { return enter(.string(quotes: 3, pounds: pounds), pounds + 3, asCode: true) }
      if sees("\"", at: pounds) { return enter(.string(quotes: 1, pounds: pounds), pounds + 1, asCode: true) }
      let isInterpolated = modes.count > 1
      if isInterpolated, sees("(") { modes[modes.count - 1] = .code(depth: depth + 1) }
      if isInterpolated, sees(")") {
        if depth == 1 { modes.removeLast() } else { modes[modes.count - 1] = .code(depth: depth - 1) }
      }
      take(1, asCode: true)
    }

    mutating func scanString(_ quotes: Int, _ pounds: Int) {
      let isEscape = sees("\\") && (0..<pounds).allSatisfy { sees("#", at: 1 + $0) }
      if isEscape, sees("(", at: 1 + pounds) { return enter(.code(depth: 1), 2 + pounds, asCode: true) }
      if isEscape { return take(2 + pounds, asCode: false) }
      let isEnd = (0..<quotes).allSatisfy { sees("\"", at: $0) } && (0..<pounds).allSatisfy { sees("#", at: quotes + $0) }
      guard isEnd else { return take(1, asCode: false) }
      modes.removeLast()
      take(quotes + pounds, asCode: true)
    }

    mutating func scanLineComment() {
      if sees("\n") { modes.removeLast() } else { isCommented[isCommented.count - 1] = true }
      take(1, asCode: false)
    }

    mutating func scanBlockComment() {
      isCommented[isCommented.count - 1] = true
      if sees("/*") { return enter(.blockComment, 2, asCode: false) }
      guard sees("*/") else { return take(1, asCode: false) }
      modes.removeLast()
      take(2, asCode: false)
    }
  }
}

/// Words in code.
enum Word {
  static func isPart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...: true
    default: false
    }
  }

  /// Where `word` begins in `bytes`, as a whole word on the sides where it begins and ends with a letter.
  static func occurrences(of word: String, in bytes: [UInt8]) -> [Int] {
    let wanted = Array(word.utf8)
    guard let first = wanted.first, let last = wanted.last, wanted.count <= bytes.count else { return [] }
    return (0...(bytes.count - wanted.count)).filter { start in
      guard bytes[start] == first, bytes[start..<(start + wanted.count)].elementsEqual(wanted) else { return false }
      let end = start + wanted.count
      if isPart(first), start > 0, isPart(bytes[start - 1]) { return false }
      return !(isPart(last) && end < bytes.count && isPart(bytes[end]))
    }
  }
}
