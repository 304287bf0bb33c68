import Values

extension Operand {
  /// The operand as CEL; nil where it has no such form. `naming` gives the text of what is not known.
  package func source(naming: (Unknown) -> String?) -> String? {
    switch self {
    case .null: return "null"
    case .bool(let value): return value ? "true" : "false"
    case .int(let value): return value == .min ? "(-9223372036854775807 - 1)" : value < 0 ? "(\(value))" : "\(value)"
    case .uint(let value): return "\(value)u"
    case .double(let value): return value.isFinite ? "double(\(Self.quoted(value.description)))" : nil
    case .string(let text): return Self.quoted(text)
    case .bytes(let bytes): return "b\"" + bytes.map(Self.byte).joined() + "\""
    case .timestamp(let moment): return "timestamp(\(Self.quoted(moment.text)))"
    case .duration(let nanoseconds): return "duration(\(Self.quoted(TimeSpan.text(nanoseconds))))"
    case .optional(nil): return "optional.none()"
    case .optional(let inner?): return inner.source(naming: naming).map { "optional.of(\($0))" }
    case .list(let items): return Self.joined(items.map { $0.source(naming: naming) }).map { "[\($0)]" }
    case .map(let map):
      return Self.joined(
        zip(map.keys, map.values).map { key, value in
          guard let key = key.source(naming: naming), let value = value.source(naming: naming) else { return nil }
          return "\(key): \(value)"
        }
      ).map { "{\($0)}" }
    case .value(let value):
      switch value.kind {
      case .list, .map: return OperandMap.expanding(value).source(naming: naming)
      case .null, .bool, .int, .double, .string, .unknown: return loaded.source(naming: naming)
      }
    case .unknown(let unknown): return naming(unknown)
    case .type, .opaque, .failed: return nil
    }
  }

  private static func joined(_ parts: [String?]) -> String? {
    let known = parts.compactMap(\.self)
    return known.count == parts.count ? known.joined(separator: ", ") : nil
  }

  /// A CEL string; `$` is escaped, so that the text can stand in a template.
  static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "$": quoted += "\\x24"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F: quoted += "\\x" + hexadecimal(UInt8(scalar.value))
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  private static func byte(_ byte: UInt8) -> String { "\\x" + hexadecimal(byte) }

  private static func hexadecimal(_ byte: UInt8) -> String {
    let text = String(byte, radix: 16)
    return text.count == 1 ? "0" + text : text
  }
}

extension OperandMap {
  /// A document's list or map one level deep.
  fileprivate static func expanding(_ value: Value) -> Operand {
    value.kind == .list
      ? .list(value.elements.map { Operand(loading: $0) })
      : .map(OperandMap(value.entries.map { ($0.key, Operand(loading: $0.value)) }))
  }
}
