import Values

/// Writes the parameters of AWS's form protocols: nested names with dots, items counted from 1.
package enum FormEncoder {
  /// How a list's items are named.
  package enum ListStyle: Sendable {
    /// EC2: `Filter.1.Name`.
    case plain
    /// Query: `Tags.member.1.Key`.
    case member
  }

  /// Name and value pairs in written order; a map's empty list is left out, as the protocols cannot say it.
  package static func parameters(_ value: Value, _ style: ListStyle) -> [(name: String, value: String)] {
    var result: [(name: String, value: String)] = []
    append(value, name: "", style, to: &result)
    return result
  }

  /// `application/x-www-form-urlencoded` bytes.
  package static func body(_ parameters: [(name: String, value: String)]) -> [UInt8] {
    Array(parameters.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }.joined(separator: "&").utf8)
  }

  private static func append(
    _ value: Value, name: String, _ style: ListStyle, to result: inout [(name: String, value: String)]
  ) {
    let prefix = name.isEmpty ? "" : name + "."
    switch value.kind {
    case .map:
      for entry in value.entries { append(entry.value, name: prefix + entry.key, style, to: &result) }
    case .list:
      let member = style == .member ? "member." : ""
      for (index, element) in value.elements.enumerated() {
        append(element, name: "\(prefix)\(member)\(index + 1)", style, to: &result)
      }
    case .null, .unknown: break
    case .bool, .int, .double, .string: result.append((name, value.scalarText))
    }
  }
}

/// RFC 3986: everything but letters, digits and `-._~` as `%XX`.
package enum PercentEncoding {
  package static func encode(_ text: String, keepingSlash: Bool = false) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if isUnreserved(byte) || (keepingSlash && byte == UInt8(ascii: "/")) {
        bytes.append(byte)
      } else {
        bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The text behind `%XX`; a broken escape stands for itself.
  package static func decode(_ text: String) -> String {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      let code = rest.prefix(2)
      if byte == UInt8(ascii: "%"), code.count == 2, let value = UInt8(String(decoding: code, as: UTF8.self), radix: 16) {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
      true
    default: false
    }
  }
}
