extension FunctionLibrary {
  /// Texts by code points. Places count from zero.
  /// https://github.com/google/cel-go/tree/master/ext#strings
  package static let strings = FunctionLibrary(
    name: "strings", overloads: parts + searches + changes + splits + [Overload.format, .quote])

  private static let parts: [Overload] = [
    .method(
      "charAt", [.string, .int], .string, cost: .linear,
      .binary { (text, place) throws(EvaluationError) in
        let points = CodePoints(text)
        let index = try points.index(place)
        return .string(points.text(index..<min(index + 1, points.count)))
      }),
    .method(
      "substring", [.string, .int], .string, cost: .linear,
      .binary { (text, start) throws(EvaluationError) in
        let points = CodePoints(text)
        return .string(points.text(try points.index(start)..<points.count))
      }),
    .method(
      "substring", [.string, .int, .int], .string, cost: .linear,
      .many { (arguments) throws(EvaluationError) in
        let points = CodePoints(arguments[0])
        let start = arguments[1].integer, end = arguments[2].integer
        guard start <= end else {
          throw EvaluationError("the text cannot be cut from \(start) to \(end): the end is before the start")
        }
        return .string(points.text(try points.index(arguments[1])..<(try points.index(arguments[2]))))
      }),
  ]

  private static let searches: [Overload] = [
    .method("indexOf", [.string, .string], .int, cost: .product, .binary { .int(CodePoints($0).first($1, from: 0)) }),
    .method(
      "indexOf", [.string, .string, .int], .int, cost: .product,
      .many { (arguments) throws(EvaluationError) in
        let start = try CodePoints.start(arguments[2])
        return .int(CodePoints(arguments[0]).first(arguments[1], from: start))
      }),
    .method(
      "lastIndexOf", [.string, .string], .int, cost: .product, .binary { .int(CodePoints($0).last($1, from: nil)) }),
    .method(
      "lastIndexOf", [.string, .string, .int], .int, cost: .product,
      .many { (arguments) throws(EvaluationError) in
        let start = try CodePoints.start(arguments[2])
        return .int(CodePoints(arguments[0]).last(arguments[1], from: start))
      }),
  ]

  private static let changes: [Overload] = [
    .method(
      "lowerAscii", [.string], .string, cost: .linear, .unary { mapBytes($0) { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 } }),
    .method(
      "upperAscii", [.string], .string, cost: .linear, .unary { mapBytes($0) { $0 &- 0x61 < 26 ? $0 ^ 0x20 : $0 } }),
    .method(
      "trim", [.string], .string, cost: .linear,
      .unary { text in
        let points = CodePoints(text)
        let start = points.points.firstIndex { !$0.properties.isWhitespace } ?? points.count
        let end = points.points.lastIndex { !$0.properties.isWhitespace }.map { $0 + 1 } ?? start
        return .string(points.text(start..<end))
      }),
    .method(
      "reverse", [.string], .string, cost: .linear,
      .unary { text in
        var reversed = String.UnicodeScalarView()
        reversed.append(contentsOf: (text.text ?? "").unicodeScalars.reversed())
        return .string(String(reversed))
      }),
    .method(
      "replace", [.string, .string, .string], .string, cost: .product,
      .many { (arguments) throws(EvaluationError) in try TextPieces.replace(arguments, limit: .max) }),
    .method(
      "replace", [.string, .string, .string, .int], .string, cost: .product,
      .many { (arguments) throws(EvaluationError) in
        let limit = arguments[3].integer
        return try TextPieces.replace(arguments, limit: limit < 0 ? .max : Int(limit))
      }),
  ]

  private static let splits: [Overload] = [
    .method(
      "split", [.string, .string], .list(.string), cost: .product,
      .binary { text, separator in TextPieces.split(text, separator, limit: .max) }),
    .method(
      "split", [.string, .string, .int], .list(.string), cost: .product,
      .many { arguments in
        let limit = arguments[2].integer
        return TextPieces.split(arguments[0], arguments[1], limit: limit < 0 ? .max : Int(limit))
      }),
    .method(
      "join", [.list(.string)], .string, cost: .linear,
      .unary { (list) throws(EvaluationError) in try TextPieces.join(list, separator: "") }),
    .method(
      "join", [.list(.string), .string], .string, cost: .linear,
      .binary { (list, separator) throws(EvaluationError) in
        try TextPieces.join(list, separator: separator.text ?? "")
      }),
  ]

  private static func mapBytes(_ text: Operand, _ change: (UInt8) -> UInt8) -> Operand {
    .string(String(decoding: (text.text ?? "").utf8.map(change), as: UTF8.self))
  }
}

extension Overload {
  fileprivate static let format = Overload.method(
    "format", [.string, .list(.dyn)], .string, cost: .linear,
    .binary { (text, arguments) throws(EvaluationError) in
      .string(try FormatClauses.apply(text.text ?? "", arguments.items ?? []))
    })

  fileprivate static let quote = Overload.function(
    "strings.quote", [.string], .string, cost: .linear, .unary { .string(TextQuoting.quote($0.text ?? "")) })
}

extension Operand {
  /// The number of an `int`; zero for what is none.
  var integer: Int64 {
    if case .int(let value) = self { value } else { 0 }
  }
}

/// A text as a sequence of code points.
private struct CodePoints {
  let points: [Unicode.Scalar]

  init(_ text: Operand) { points = Array((text.text ?? "").unicodeScalars) }

  var count: Int { points.count }

  /// From zero to the count.
  func index(_ operand: Operand) throws(EvaluationError) -> Int {
    guard let index = Int(exactly: operand.integer), index >= 0, index <= count else {
      throw EvaluationError("the place \(operand.integer) is outside the text, which has \(count) characters")
    }
    return index
  }

  /// From zero on.
  static func start(_ operand: Operand) throws(EvaluationError) -> Int {
    guard operand.integer >= 0 else { throw EvaluationError("the place \(operand.integer) is negative") }
    return Int(operand.integer)
  }

  func text(_ range: Range<Int>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: points[range])
    return String(view)
  }

  func first(_ part: Operand, from start: Int) -> Int64 {
    let wanted = CodePoints(part).points
    guard !wanted.isEmpty else { return Int64(start) }
    guard start <= count - wanted.count else { return -1 }
    return Int64((start...(count - wanted.count)).first { stands(wanted, at: $0) } ?? -1)
  }

  func last(_ part: Operand, from start: Int?) -> Int64 {
    let wanted = CodePoints(part).points
    guard !wanted.isEmpty else { return Int64(start ?? count) }
    guard count >= wanted.count, (start ?? 0) < max(count, 1) else { return -1 }
    let highest = min(start ?? count, count - wanted.count)
    return Int64((0...highest).last { stands(wanted, at: $0) } ?? -1)
  }

  private func stands(_ wanted: [Unicode.Scalar], at place: Int) -> Bool {
    points[place] == wanted[0] && points[place..<place + wanted.count].elementsEqual(wanted)
  }
}

/// Texts cut and put together.
private enum TextPieces {
  /// An empty separator cuts between all characters.
  static func split(_ text: Operand, _ separator: Operand, limit: Int) -> Operand {
    guard limit > 0 else { return .list([]) }
    let text = text.text ?? "", separator = separator.text ?? ""
    if separator.isEmpty {
      var points = text.unicodeScalars.map { String($0) }
      if points.count > limit { points[(limit - 1)...] = [points[(limit - 1)...].joined()] }
      return .list(points.map { .string($0) })
    }
    var parts: [Operand] = []
    var start = 0
    let bytes = Array(text.utf8)
    while parts.count + 1 < limit, let place = Text.offset(of: separator, in: text, from: start) {
      parts.append(.string(String(decoding: bytes[start..<place], as: UTF8.self)))
      start = place + separator.utf8.count
    }
    return .list(parts + [.string(String(decoding: bytes[start...], as: UTF8.self))])
  }

  /// An empty text stands before every character and at the end.
  static func replace(_ arguments: [Operand], limit: Int) throws(EvaluationError) -> Operand {
    let text = arguments[0].text ?? "", part = arguments[1].text ?? "", new = arguments[2].text ?? ""
    var result: [UInt8] = []
    var replaced = 0
    if part.isEmpty {
      for point in text.unicodeScalars {
        if replaced < limit { result += Array(new.utf8) }
        replaced += 1
        result += Array(String(point).utf8)
        try check(result.count)
      }
      if replaced < limit { result += Array(new.utf8) }
    } else {
      var start = 0
      let bytes = Array(text.utf8)
      while replaced < limit, let place = Text.offset(of: part, in: text, from: start) {
        result += bytes[start..<place]
        result += Array(new.utf8)
        start = place + part.utf8.count
        replaced += 1
        try check(result.count)
      }
      result += bytes[start...]
    }
    try check(result.count)
    return .string(String(decoding: result, as: UTF8.self))
  }

  static func join(_ list: Operand, separator: String) throws(EvaluationError) -> Operand {
    var result = ""
    for (index, item) in (list.items ?? []).enumerated() {
      guard let text = item.text else { throw EvaluationError("\(item.phrase) cannot be joined; only texts can") }
      if index > 0 { result += separator }
      result += text
      try check(result.utf8.count)
    }
    return .string(result)
  }

  private static func check(_ bytes: Int) throws(EvaluationError) {
    guard bytes <= ExpressionLimits.resultBytes else {
      throw EvaluationError("the text grows beyond \(ExpressionLimits.resultBytes) bytes")
    }
  }
}
