import Values

extension Operand {
  /// The operand as a value: the edge at which an expression's result becomes part of a document.
  ///
  /// Unsigned integers, moments, spans, bytes (base64) and values of libraries take the form that they have in YAML. An
  /// optional is what is in it.
  /// - Throws: where there is no such form: types, doubles that are no number, keys that are no strings, empty
  ///   optionals.
  package func value() throws(EvaluationError) -> Value {
    if case .value(let value) = self { return value }
    var builder = TapeBuilder()
    try write(to: &builder)
    return builder.finish()
  }

  /// Writes the operand as the builder's next value. After a failure the builder is of no use.
  package func write(to builder: inout TapeBuilder) throws(EvaluationError) {
    switch self {
    case .null: builder.null()
    case .bool(let value): builder.bool(value)
    case .int(let value): builder.int(value)
    case .uint(let value):
      var digits = String(value)
      digits.withUTF8 { builder.int(spelling: $0) }
    case .double(let value):
      guard value.isFinite else { throw EvaluationError("`\(value)` is no number that a document can hold") }
      builder.double(value)
    case .string(let text): builder.string(text)
    case .bytes(let bytes): builder.string(Base64.text(bytes))
    case .list(let items):
      builder.beginList()
      for item in items { try item.write(to: &builder) }
      builder.endList()
    case .map(let map): try Self.write(map, to: &builder)
    case .timestamp(let moment): builder.string(moment.text)
    case .duration(let nanoseconds): builder.string(TimeSpan.text(nanoseconds))
    case .opaque(let value): builder.string(value.text)
    case .value(let value): builder.append(value)
    case .optional(let inner):
      guard let inner else { throw EvaluationError("the optional is empty", hint: "add `.orValue(…)`") }
      try inner.write(to: &builder)
    case .type: throw EvaluationError("a type cannot stand in a document", hint: "compare it: `type(x) == int`")
    case .unknown: throw EvaluationError("the value is not known yet")
    case .failed(let failure): throw failure.error
    }
  }

  private static func write(_ map: OperandMap, to builder: inout TapeBuilder) throws(EvaluationError) {
    builder.beginMap()
    for (key, value) in zip(map.keys, map.values) {
      guard let name = key.text else { throw EvaluationError("the keys of a map must be strings, not \(key.phrase)") }
      builder.key(name)
      try value.write(to: &builder)
    }
    builder.endMap()
  }

  /// The operand in the middle of a text; nil for what has no text of its own: lists, maps, null.
  package var joined: String? {
    switch self {
    case .bool(let value): value ? "true" : "false"
    case .int(let value): String(value)
    case .uint(let value): String(value)
    case .double(let value): Text.decimal(value)
    case .string(let text): text
    case .timestamp(let moment): moment.text
    case .duration(let nanoseconds): TimeSpan.text(nanoseconds)
    case .opaque(let value): value.text
    case .value(let value) where value.kind != .list && value.kind != .map && value.kind != .null:
      value.kind == .bool ? (value.bool == true ? "true" : "false") : value.spelling
    case .null, .bytes, .list, .map, .type, .optional, .value, .unknown, .failed: nil
    }
  }
}

/// RFC 4648, with padding.
package enum Base64 {
  package static func text(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
      for position in 0..<4 {
        let digit = Int(bits >> UInt32(18 - 6 * position) & 63)
        text.append(position <= group.count ? alphabet[digit] : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}

extension Text {
  /// A double as CEL prints it: whole ones without a fraction, exponents as `1e+21`.
  package static func decimal(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Infinity" : "+Infinity" }
    if value == value.rounded(), abs(value) < 1e21 { return whole(value) }
    let text = "\(value)"
    guard let mark = text.firstIndex(of: "e") else { return text }
    var mantissa = text[..<mark]
    if mantissa.hasSuffix(".0") { mantissa = mantissa.dropLast(2) }
    var exponent = text[text.index(after: mark)...]
    let isNegative = exponent.first == "-"
    if isNegative || exponent.first == "+" { exponent = exponent.dropFirst() }
    return "\(mantissa)e\(isNegative ? "-" : "+")\(exponent.count < 2 ? "0" : "")\(exponent)"
  }

  /// A whole double below 1e21 in plain digits.
  private static func whole(_ value: Double) -> String {
    if value == 0 { return value.sign == .minus ? "-0" : "0" }
    if let integer = Int64(exactly: value) { return String(integer) }
    let text = "\(abs(value))"
    guard let mark = text.firstIndex(of: "e"), let exponent = Int(text[text.index(after: mark)...].drop { $0 == "+" })
    else { return "\(value)".hasSuffix(".0") ? String("\(value)".dropLast(2)) : "\(value)" }
    let digits = text[..<mark].filter { $0 != "." }
    let significant = digits.hasSuffix("0") && text[..<mark].hasSuffix(".0") ? digits.dropLast() : Substring(digits)
    let zeros = String(repeating: "0", count: max(0, exponent + 1 - significant.count))
    return (value < 0 ? "-" : "") + significant + zeros
  }
}
