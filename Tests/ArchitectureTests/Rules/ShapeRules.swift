/// How long things may be.
enum ShapeRules {
  static let lineLimit = 120
  static let fileLimit = 400
  static let functionLimit = 70

  static func lengths(_ file: SourceFile) -> [Violation] {
    let text = file.text
    var found: [Violation] = []
    for line in 1...max(1, text.lineCount) {
      let range = text.range(ofLine: line)
      // As many bytes are at most as many columns; only the rest needs decoding.
      guard range.count > lineLimit else { continue }
      let columns = String(decoding: text.bytes[range], as: UTF8.self).unicodeScalars.count
      if columns > lineLimit { found.append(Violation(file, line: line, "longer than \(lineLimit) columns")) }
    }
    if text.lineCount > fileLimit { found.append(Violation(file, "\(text.lineCount) lines, at most \(fileLimit)")) }
    return found
  }

  static func functions(_ file: SourceFile) -> [Violation] {
    guard let swift = file.swift else { return [] }
    let code = swift.code
    return ["func", "init", "deinit", "subscript", "var"].flatMap { keyword in
      code.occurrences(of: keyword).compactMap { start -> Violation? in
        guard start == 0 || code.bytes[start - 1] != UInt8(ascii: "."), let brace = body(code.bytes, start, keyword)
        else { return nil }
        let line = code.line(of: start)
        let count = code.line(of: swift.braces[brace] ?? brace) - line + 1
        return count > functionLimit
          ? Violation(file, line: line, "a function of \(count) lines, at most \(functionLimit)") : nil
      }
    }
  }

  /// The brace that opens the declaration at `start`; nil where it has none (a protocol's, a stored property).
  private static func body(_ code: [UInt8], _ start: Int, _ keyword: String) -> Int? {
    var depth = 0
    var index = start + keyword.utf8.count
    while index < code.count {
      switch code[index] {
      case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: "{") where depth == 0: return index
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
    var start = index
    while start < code.count, code[start] == UInt8(ascii: "\n") || code[start] == UInt8(ascii: " ") { start += 1 }
    let next = code[start..<min(start + 6, code.count)]
    return ["{", "where ", "->", "throws", "async "].contains { next.starts(with: $0.utf8) }
  }
}
