/// A value bound to a placeholder.
package enum Argument: Sendable {
  case null
  case int(Int64)
  case double(Double)
  case text(String)
  case bytes([UInt8])

  package static func int(_ value: Int) -> Argument { .int(Int64(value)) }
  /// NULL where there is no text.
  package static func optional(_ value: String?) -> Argument { value.map { .text($0) } ?? .null }
  package static func bool(_ value: Bool) -> Argument { .int(value ? 1 : 0) }
}

extension Argument: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByNilLiteral {
  package init(stringLiteral value: String) { self = .text(value) }
  package init(integerLiteral value: Int64) { self = .int(value) }
  package init(nilLiteral: ()) { self = .null }
}

// Arguments may be secret: they are never described.
extension Argument: CustomStringConvertible {
  package var description: String { "«argument»" }
}
