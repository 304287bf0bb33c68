import HTTP
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
    let pairs = parameters.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }
    return Array(pairs.joined(separator: "&").utf8)
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
