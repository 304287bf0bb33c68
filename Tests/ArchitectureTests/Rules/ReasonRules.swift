/// What is unsafe has its reason in a comment, on the same line or on the one above.
enum ReasonRules {
  static let marks = ["@unchecked Sendable", "nonisolated(unsafe)", "try?", "try!", "as!", "unsafeBitCast("]

  static func missing(_ file: SourceFile) -> [Violation] {
    guard let swift = file.swift else { return [] }
    let marked = marks.flatMap { mark in swift.code.occurrences(of: mark).map { (mark, $0) } }
    let forced = swift.code.occurrences(of: "!").filter { isForced(swift.code.bytes, $0) }.map { ("!", $0) }
    return (marked + forced).compactMap { mark, offset in
      let line = swift.code.line(of: offset)
      if swift.isCommented[line - 1] || line > 1 && swift.isCommented[line - 2] { return nil }
      return Violation(file, line: line, "`\(mark)` without a comment that gives the reason")
    }
  }

  /// A `!` right after a name or a closing bracket: a forced or an implicitly unwrapped value.
  private static func isForced(_ code: [UInt8], _ index: Int) -> Bool {
    guard index > 0, index + 1 == code.count || code[index + 1] != UInt8(ascii: "=") else { return false }
    let before = code[index - 1]
    guard ByteText.isWordPart(before) || before == UInt8(ascii: ")") || before == UInt8(ascii: "]") else {
      return false
    }
    return !["try", "as"].contains { word in
      let head = code[..<index]
      let rest = head.dropLast(word.utf8.count)
      return head.suffix(word.utf8.count).elementsEqual(word.utf8) && !(rest.last.map(ByteText.isWordPart) ?? false)
    }
  }
}
