/// What is unsafe has its reason in a comment, on the same line or on the one above.
enum ReasonRules {
  static let marks = ["@unchecked Sendable", "nonisolated(unsafe)", "try?", "try!", "as!", "unsafeBitCast("]

  static func missing(_ file: SourceFile) -> [Violation] {
    guard let swift = file.swift else { return [] }
    return swift.codeLines.enumerated().flatMap { index, line -> [Violation] in
      let hasReason = swift.isCommented[index] || index > 0 && swift.isCommented[index - 1]
      let bytes = Array(line.utf8)
      guard !hasReason else { return [] }
      var found = marks.filter { !Word.occurrences(of: $0, in: bytes).isEmpty }
      if hasForceUnwrap(bytes) { found.append("!") }
      return found.map { Violation(file, line: index + 1, "`\($0)` without a comment that gives the reason") }
    }
  }

  /// A `!` right after a name or a closing bracket: a forced or an implicitly unwrapped value.
  private static func hasForceUnwrap(_ line: [UInt8]) -> Bool {
    line.indices.dropFirst().contains { index in
      guard line[index] == UInt8(ascii: "!") else { return false }
      let isOperator = index + 1 < line.count && line[index + 1] == UInt8(ascii: "=")
      let before = line[index - 1]
      let isAfterValue = Word.isPart(before) || before == UInt8(ascii: ")") || before == UInt8(ascii: "]")
      return isAfterValue && !isOperator && !endsWithKeyword(line[..<index])
    }
  }

  private static func endsWithKeyword(_ head: ArraySlice<UInt8>) -> Bool {
    ["try", "as"].contains { word in
      let rest = head.dropLast(word.utf8.count)
      return head.suffix(word.utf8.count).elementsEqual(word.utf8) && !(rest.last.map(Word.isPart) ?? false)
    }
  }
}
