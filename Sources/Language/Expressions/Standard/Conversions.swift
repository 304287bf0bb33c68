extension FunctionLibrary {
  /// `int(x)`, `string(x)` and the others, `type(x)` and `dyn(x)`.
  /// https://github.com/google/cel-spec/blob/master/doc/langdef.md#list-of-standard-definitions
  static let conversions: [Overload] =
    toNumbers + toTexts + [
      .function("type", [.parameter("A")], .type(.parameter("A")), .unary { .type($0.typeName) }),
      .function("dyn", [.parameter("A")], .dyn, .unary { $0 }),
      .function("bool", [.bool], .bool, .unary { $0 }),
      .function(
        "bool", [.string], .bool,
        .unary { text throws(EvaluationError) in
          switch text.text {
          case "1", "t", "T", "true", "TRUE", "True": .bool(true)
          case "0", "f", "F", "false", "FALSE", "False": .bool(false)
          default: throw noConversion(text, "bool")
          }
        }),
      .function("timestamp", [.timestamp], .timestamp, .unary { $0 }),
      .function(
        "timestamp", [.int], .timestamp,
        .unary { seconds throws(EvaluationError) in
          guard case .int(let value) = seconds, let moment = Timestamp(seconds: value) else {
            throw EvaluationError("the moment is outside the years 1 to 9999")
          }
          return .timestamp(moment)
        }),
      .function(
        "timestamp", [.string], .timestamp,
        .unary { text throws(EvaluationError) in
          guard let moment = Timestamp(text.text ?? "") else {
            throw noConversion(text, "timestamp", hint: "such as `2026-03-01T10:20:30Z`, within the years 1 to 9999")
          }
          return .timestamp(moment)
        }),
      .function("duration", [.duration], .duration, .unary { $0 }),
      .function(
        "duration", [.int], .duration,
        .unary { seconds throws(EvaluationError) in
          guard case .int(let value) = seconds else { throw noConversion(seconds, "duration") }
          let (nanoseconds, overflow) = value.multipliedReportingOverflow(by: 1_000_000_000)
          guard !overflow else { throw EvaluationError("the duration is beyond 292 years") }
          return .duration(nanoseconds: nanoseconds)
        }),
      .function(
        "duration", [.string], .duration,
        .unary { text throws(EvaluationError) in
          guard let nanoseconds = TimeSpan.nanoseconds(text.text ?? "") else {
            throw noConversion(text, "duration", hint: "such as `1h30m` or `2.5s`; the longest unit is `h`")
          }
          return .duration(nanoseconds: nanoseconds)
        }),
    ]

  static func noConversion(_ operand: Operand, _ type: String, hint: String? = nil) -> EvaluationError {
    let shown = operand.text.map { $0.utf8.count > 64 ? operand.phrase : "`\($0)`" } ?? "`\(operand.spelling)`"
    return EvaluationError("\(shown) is no `\(type)`", hint: hint)
  }

  // MARK: Numbers

  private static let numbers: [ExpressionType] = [.int, .uint, .double, .string]

  private static let toNumbers: [Overload] =
    (numbers + [.timestamp, .duration]).map { .function("int", [$0], .int, .unary(int)) }
    + numbers.map { .function("uint", [$0], .uint, .unary(uint)) }
    + numbers.map { .function("double", [$0], .double, .unary(double)) }

  private static let int: @Sendable (Operand) throws(EvaluationError) -> Operand = { operand throws(EvaluationError) in
    let result: Int64? =
      switch operand {
      case .int(let value): value
      case .uint(let value): Int64(exactly: value)
      // The bounds themselves are excluded, since doubles next to them stand for values beyond.
      case .double(let value): value > -0x1p63 && value < 0x1p63 ? Int64(value) : nil
      case .string(let text): decimal(text) ? Int64(text) : nil
      case .timestamp(let moment): moment.seconds
      case .duration(let nanoseconds): nanoseconds / 1_000_000_000
      default: nil
      }
    guard let result else { throw noConversion(operand, "int") }
    return .int(result)
  }

  private static let uint: @Sendable (Operand) throws(EvaluationError) -> Operand = { operand throws(EvaluationError) in
    let result: UInt64? =
      switch operand {
      case .int(let value): UInt64(exactly: value)
      case .uint(let value): value
      case .double(let value): value >= 0 && value < 0x1p64 ? UInt64(value) : nil
      case .string(let text): decimal(text) ? UInt64(text) : nil
      default: nil
      }
    guard let result else { throw noConversion(operand, "uint") }
    return .uint(result)
  }

  private static func decimal(_ text: String) -> Bool {
    text.utf8.first != UInt8(ascii: "+")
  }

  private static let double: @Sendable (Operand) throws(EvaluationError) -> Operand = {
    operand throws(EvaluationError) in
    let result: Double? =
      switch operand {
      case .int(let value): Double(value)
      case .uint(let value): Double(value)
      case .double(let value): value
      case .string(let text): number(text)
      default: nil
      }
    guard let result else { throw noConversion(operand, "double") }
    return .double(result)
  }

  private static func number(_ text: String) -> Double? {
    switch text {
    case "NaN": .nan
    case "Infinity", "+Infinity", "Inf", "+Inf": .infinity
    case "-Infinity", "-Inf": -.infinity
    default: text.utf8.allSatisfy { Lexer.isDigit($0) || "+-.eE".utf8.contains($0) } ? Double(text) : nil
    }
  }

  // MARK: Texts

  private static let toTexts: [Overload] =
    [ExpressionType.string, .bool, .int, .uint, .double, .timestamp, .duration].map { type in
      .function("string", [type], .string, .unary { .string($0.joined ?? "") })
    }
    + [
      .function(
        "string", [.bytes], .string,
        .unary { bytes throws(EvaluationError) in
          guard case .bytes(let bytes) = bytes, let text = String(validating: bytes, as: UTF8.self) else {
            throw EvaluationError("the bytes are no UTF-8 text")
          }
          return .string(text)
        }),
      .function("bytes", [.bytes], .bytes, .unary { $0 }),
      .function("bytes", [.string], .bytes, .unary { .bytes(Array(($0.text ?? "").utf8)) }),
    ]
}
