/// How long things may be.
enum ShapeRules {
  static let lineLimit = 120
  static let fileLimit = 400
  static let functionLimit = 70

  static func lengths(_ file: SourceFile) -> [Violation] {
    let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
    var found = lines.enumerated().filter { $1.unicodeScalars.count > lineLimit }.map {
      Violation(file, line: $0.offset + 1, "longer than \(lineLimit) columns")
    }
    let count = file.text.hasSuffix("\n") ? lines.count - 1 : lines.count
    if count > fileLimit { found.append(Violation(file, "\(count) lines, at most \(fileLimit)")) }
    return found
  }

  static func functions(_ file: SourceFile) -> [Violation] {
    guard let code = file.swift?.code else { return [] }
    return ["func", "init", "deinit", "subscript", "var"].flatMap { keyword in
      Word.occurrences(of: keyword, in: code).compactMap { start -> Violation? in
        guard start == 0 || code[start - 1] != UInt8(ascii: "."), let body = body(code, after: start, keyword) else {
          return nil
        }
        let count = 1 + code[start..<body.upperBound].count { $0 == UInt8(ascii: "\n") }
        guard count > functionLimit else { return nil }
        let line = CallRules.line(of: start, in: code)
        return Violation(file, line: line, "a function of \(count) lines, at most \(functionLimit)")
      }
    }
  }

  /// The braces that belong to the declaration at `start`; nil where it has none (a protocol's, a stored property).
  private static func body(_ code: [UInt8], after start: Int, _ keyword: String) -> Range<Int>? {
    var depth = 0
    var index = start + keyword.utf8.count
    while index < code.count {
      switch code[index] {
      case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: "{") where depth == 0: return index..<end(code, from: index)
      case UInt8(ascii: "}") where depth <= 0: return nil
      case UInt8(ascii: "=") where depth == 0 && keyword == "var": return nil
      case UInt8(ascii: "\n") where depth == 0 && (keyword == "var" || !continues(code, index)): return nil
      default: break
      }
      if depth < 0 { return nil }
      index += 1
    }
    return nil
  }

  /// Whether a declaration's head goes on in the line after `index`: there stands its brace, `where` or its result.
  private static func continues(_ code: [UInt8], _ index: Int) -> Bool {
    let next = code[index...].drop { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: " ") }.prefix(6)
    return ["{", "where ", "->", "throws", "async "].contains { next.starts(with: $0.utf8) }
  }

  private static func end(_ code: [UInt8], from start: Int) -> Int {
    var depth = 0
    for index in start..<code.count {
      if code[index] == UInt8(ascii: "{") { depth += 1 }
      if code[index] == UInt8(ascii: "}") { depth -= 1 }
      if depth == 0 { return index + 1 }
    }
    return code.count
  }
}
