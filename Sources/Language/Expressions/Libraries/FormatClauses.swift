import Values

/// `"%s is %.2f".format([name, share])`.
/// https://github.com/google/cel-spec/blob/master/doc/extensions/strings.md
enum FormatClauses {
  static func apply(_ format: String, _ arguments: [Operand]) throws(EvaluationError) -> String {
    var result: [UInt8] = []
    var rest = Array(format.utf8)[...]
    var next = 0
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        result.append(byte)
        continue
      }
      if rest.first == UInt8(ascii: "%") {
        result.append(byte)
        rest = rest.dropFirst()
        continue
      }
      let clause = try Clause(&rest)
      guard next < arguments.count else {
        throw EvaluationError("the format wants more than the \(arguments.count) values it was given")
      }
      result += Array(try clause.text(arguments[next]).utf8)
      next += 1
      guard result.count <= ExpressionLimits.resultBytes else {
        throw EvaluationError("the text grows beyond \(ExpressionLimits.resultBytes) bytes")
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// What stands behind `%`.
  private struct Clause {
    let verb: UInt8
    let precision: Int

    static let defaultPrecision = 6

    init(_ rest: inout ArraySlice<UInt8>) throws(EvaluationError) {
      var precision = Self.defaultPrecision
      if rest.first == UInt8(ascii: ".") {
        rest = rest.dropFirst()
        let digits = rest.prefix(while: ASCII.isDigit)
        rest = rest.dropFirst(digits.count)
        guard let number = Int(String(decoding: digits, as: UTF8.self)), number <= DoubleText.precision else {
          throw EvaluationError("the precision of `%.` must be a number up to \(DoubleText.precision)")
        }
        precision = number
      }
      guard let verb = rest.popFirst(), "sdfebxXo".utf8.contains(verb) else {
        throw EvaluationError("the format has a `%` without a known letter after it", hint: "write `%%` for `%`")
      }
      self.verb = verb
      self.precision = precision
    }

    func text(_ value: Operand) throws(EvaluationError) -> String {
      switch verb {
      case UInt8(ascii: "s"): try FormatClauses.plain(value)
      case UInt8(ascii: "d"): try decimal(value)
      case UInt8(ascii: "f"): try number(value) { DoubleText.fixed($0, precision) }
      case UInt8(ascii: "e"): try number(value) { DoubleText.scientific($0, precision) }
      case UInt8(ascii: "b"): try binary(value)
      case UInt8(ascii: "o"): try integer(value, radix: 8)
      case UInt8(ascii: "x"): try hexadecimal(value, upper: false)
      default: try hexadecimal(value, upper: true)
      }
    }

    private func mismatch(_ value: Operand, _ wanted: String) -> EvaluationError {
      let letter = String(decoding: [verb], as: UTF8.self)
      return EvaluationError("`%\(letter)` takes \(wanted), not \(value.phrase)")
    }

    private func decimal(_ value: Operand) throws(EvaluationError) -> String {
      switch value {
      case .int(let number): return String(number)
      case .uint(let number): return String(number)
      case .double(let number): return DoubleText.shortest(number)
      default: throw mismatch(value, "numbers")
      }
    }

    private func number(_ value: Operand, _ body: (Double) -> String) throws(EvaluationError) -> String {
      let number: Double
      switch value {
      case .int(let value): number = Double(value)
      case .uint(let value): number = Double(value)
      case .double(let value): number = value
      default: throw mismatch(value, "numbers")
      }
      return DoubleText.special(number) ?? body(number)
    }

    private func integer(_ value: Operand, radix: Int) throws(EvaluationError) -> String {
      switch value {
      case .int(let number): return String(number, radix: radix)
      case .uint(let number): return String(number, radix: radix)
      default: throw mismatch(value, "whole numbers")
      }
    }

    private func binary(_ value: Operand) throws(EvaluationError) -> String {
      if case .bool(let flag) = value { return flag ? "1" : "0" }
      return try integer(value, radix: 2)
    }

    private func hexadecimal(_ value: Operand, upper: Bool) throws(EvaluationError) -> String {
      switch value {
      case .int(let number): return String(number, radix: 16, uppercase: upper)
      case .uint(let number): return String(number, radix: 16, uppercase: upper)
      case .string(let text): return Self.digits(text.utf8, upper)
      case .bytes(let bytes): return Self.digits(bytes, upper)
      default: throw mismatch(value, "whole numbers, texts and bytes")
      }
    }

    private static func digits(_ bytes: some Sequence<UInt8>, _ upper: Bool) -> String {
      let digits = Array((upper ? "0123456789ABCDEF" : "0123456789abcdef").utf8)
      return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xF)]] }, as: UTF8.self)
    }
  }
}

extension FormatClauses {
  /// `%s`: any value, collections with all that is in them, the entries of maps by the text of their keys.
  static func plain(_ value: Operand) throws(EvaluationError) -> String {
    switch value.loaded {
    case .null: return "null"
    case .bool(let flag): return flag ? "true" : "false"
    case .int(let number): return String(number)
    case .uint(let number): return String(number)
    case .double(let number): return DoubleText.shortest(number)
    case .string(let text): return text
    case .bytes(let bytes): return String(decoding: bytes, as: UTF8.self)
    case .type(let name): return name
    case .timestamp(let moment): return moment.text
    case .duration(let nanoseconds): return seconds(nanoseconds)
    case .opaque(let value): return value.text
    case .list, .map, .value: return try collection(value.loaded)
    case .optional, .unknown, .failed: throw EvaluationError("`%s` does not take \(value.phrase)")
    }
  }

  private static func collection(_ value: Operand) throws(EvaluationError) -> String {
    if let items = value.items {
      var texts: [String] = []
      for item in items { texts.append(try plain(item)) }
      return "[\(texts.joined(separator: ", "))]"
    }
    var entries: [(key: String, value: String)] = []
    for entry in value.entries ?? [] { entries.append((try plain(entry.key), try plain(entry.value))) }
    entries.sort { Text.isLess($0.key, $1.key) }
    return "{\(entries.map { "\($0.key): \($0.value)" }.joined(separator: ", "))}"
  }

  /// Whole seconds with as much fraction as there is: `1.5s`.
  private static func seconds(_ nanoseconds: Int64) -> String {
    let whole = nanoseconds.magnitude / 1_000_000_000, fraction = nanoseconds.magnitude % 1_000_000_000
    let sign = nanoseconds < 0 ? "-" : ""
    guard fraction > 0 else { return "\(sign)\(whole)s" }
    var digits = String(fraction + 1_000_000_000).dropFirst()
    while digits.last == "0" { digits.removeLast() }
    return "\(sign)\(whole).\(digits)s"
  }
}
