extension FunctionLibrary {
  /// Patterns in RE2's syntax: those of the language's extension and those of Kubernetes.
  /// https://github.com/google/cel-go/tree/master/ext#regex
  /// https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-regex-library
  package static let regex = FunctionLibrary(name: "regex", overloads: finds + extracts + replaces)

  private static let finds: [Overload] = [
    Overload.method(
      "find", [.string, .string], .string, cost: .product,
      .binary { (text, pattern) throws(EvaluationError) in
        .string(try Search(text, pattern).found(limit: 1).first ?? "")
      }
    ).takingPattern(at: 1),
    Overload.method(
      "findAll", [.string, .string], .list(.string), cost: .product,
      .binary { (text, pattern) throws(EvaluationError) in
        .list(try Search(text, pattern).found(limit: .max).map { .string($0) })
      }
    ).takingPattern(at: 1),
    Overload.method(
      "findAll", [.string, .string, .int], .list(.string), cost: .product,
      .many { (arguments) throws(EvaluationError) in
        let limit = arguments[2].integer
        let found = try Search(arguments[0], arguments[1]).found(limit: limit < 0 ? .max : Int(limit))
        return .list(found.map { .string($0) })
      }
    ).takingPattern(at: 1),
  ]

  /// What the pattern's one group captures, else the whole match.
  private static let extracts: [Overload] = [
    Overload.function(
      "regex.extract", [.string, .string], .optional(.string), cost: .product,
      .binary { (text, pattern) throws(EvaluationError) in
        let first = try Search(text, pattern).extracted(limit: 1).first ?? nil
        return .optional(first.map { .string($0) })
      }
    ).takingPattern(at: 1),
    Overload.function(
      "regex.extractAll", [.string, .string], .list(.string), cost: .product,
      .binary { (text, pattern) throws(EvaluationError) in
        .list(try Search(text, pattern).extracted(limit: .max).compactMap { $0 }.map { .string($0) })
      }
    ).takingPattern(at: 1),
  ]

  private static let replaces: [Overload] = [
    Overload.function(
      "regex.replace", [.string, .string, .string], .string, cost: .product,
      .many { (arguments) throws(EvaluationError) in
        .string(try Search(arguments[0], arguments[1]).replaced(by: arguments[2].text ?? "", limit: .max))
      }
    ).takingPattern(at: 1),
    Overload.function(
      "regex.replace", [.string, .string, .string, .int], .string, cost: .product,
      .many { (arguments) throws(EvaluationError) in
        let limit = arguments[3].integer
        return .string(
          try Search(arguments[0], arguments[1]).replaced(
            by: arguments[2].text ?? "", limit: limit < 0 ? .max : Int(limit)))
      }
    ).takingPattern(at: 1),
  ]
}

/// A pattern looked for in a text.
private struct Search {
  let expression: RegularExpression
  let bytes: [UInt8]

  init(_ text: Operand, _ pattern: Operand) throws(EvaluationError) {
    expression = try RegularExpression.compiled(pattern)
    bytes = Array((text.text ?? "").utf8)
  }

  private func text(_ span: Range<Int>) -> String { String(decoding: bytes[span], as: UTF8.self) }

  func found(limit: Int) -> [String] {
    expression.matches(in: bytes, groups: 0, limit: limit).map { text($0.whole) }
  }

  /// nil for a group that captured nothing.
  func extracted(limit: Int) throws(EvaluationError) -> [String?] {
    guard expression.groups <= 1 else {
      throw EvaluationError("the pattern has \(expression.groups) groups, and at most one can be extracted")
    }
    return expression.matches(in: bytes, groups: expression.groups, limit: limit).map { match in
      guard expression.groups == 1 else { return text(match.whole) }
      return match.spans[1].flatMap { $0.isEmpty ? nil : text($0) }
    }
  }

  /// `\1` stands for what the first group captured, `\0` for the whole match, `\\` for a backslash.
  func replaced(by replacement: String, limit: Int) throws(EvaluationError) -> String {
    var result: [UInt8] = []
    var start = 0
    for match in expression.matches(in: bytes, groups: min(expression.groups, 9), limit: limit) {
      result += bytes[start..<match.whole.lowerBound]
      result += try filled(replacement, match)
      start = match.whole.upperBound
      guard result.count <= ExpressionLimits.resultBytes else {
        throw EvaluationError("the text grows beyond \(ExpressionLimits.resultBytes) bytes")
      }
    }
    return String(decoding: result + bytes[start...], as: UTF8.self)
  }

  private func filled(_ replacement: String, _ match: RegularExpression.Match) throws(EvaluationError) -> [UInt8] {
    var result: [UInt8] = []
    var rest = replacement.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\") else {
        result.append(byte)
        continue
      }
      guard let mark = rest.popFirst(), mark == UInt8(ascii: "\\") || mark &- 0x30 < 10 else {
        throw EvaluationError("in a replacement `\\` needs a digit or another `\\` after it")
      }
      if mark == UInt8(ascii: "\\") {
        result.append(mark)
        continue
      }
      let group = Int(mark - 0x30)
      guard group <= expression.groups else {
        throw EvaluationError("the replacement names group \(group), and the pattern has \(expression.groups)")
      }
      if let span = match.spans[group] { result += bytes[span] }
    }
    return result
  }
}

extension RegularExpression {
  /// The compiled pattern of a text.
  static func compiled(_ pattern: Operand) throws(EvaluationError) -> RegularExpression {
    do throws(Problem) {
      return try compiled(pattern.text ?? "")
    } catch {
      throw EvaluationError("`\(pattern.text ?? "")` is no regular expression: \(error.message)")
    }
  }
}
