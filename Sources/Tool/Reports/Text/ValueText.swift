import Diagnostics
import Resources
import Values

/// Values as they stand in a report: JSON's spelling, made safe for a terminal, without secrets.
struct ValueText: Sendable {
  /// Values longer than this are spread over lines.
  static let inlineLimit = 72
  static let sensitive = "(sensitive value)"
  /// Addresses that an unknown is said to await; more are counted.
  static let awaitedLimit = 2

  /// The addresses that an unknown awaits, where that is known.
  var awaited: @Sendable (Slot) -> [Address] = { _ in [] }

  static let plain = ValueText()

  private func unknown(_ slot: Slot?) -> String {
    let addresses = (slot.map(awaited) ?? []).map { TerminalText.escaped($0.text) }
    guard let last = addresses.last else { return "(known after apply)" }
    let more = addresses.count - Self.awaitedLimit
    let named = more > 0 ? addresses.prefix(Self.awaitedLimit) : addresses.dropLast()
    let end = more > 0 ? "\(more) more" : last
    return "(known after apply of \(named.isEmpty ? end : "\(named.joined(separator: ", ")) and \(end)"))"
  }

  func scalar(_ value: Value?) -> String {
    guard let value else { return "null" }
    if value.isSensitive { return Self.sensitive }
    return switch value.kind {
    case .null: "null"
    case .bool: value.bool == true ? "true" : "false"
    case .int, .double: TerminalText.escaped(value.spelling)
    case .string: Self.quoted(value.spelling)
    case .unknown: unknown(value.unknown)
    case .list: "[…]"
    case .map: "{…}"
    }
  }

  static func quoted(_ text: String) -> String {
    let escaped = TerminalText.escaped(
      text.contains(where: { $0 == "\"" || $0 == "\\" }) ? backslashed(text) : text)
    return "\"\(escaped)\""
  }

  private static func backslashed(_ text: String) -> String {
    String(text.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] })
  }

  static func key(_ key: String) -> String {
    let isPlain =
      !key.isEmpty
      && key.utf8.allSatisfy { byte in
        (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
          || byte == 0x5F || byte == 0x2D
      }
    return isPlain ? key : quoted(key)
  }

  /// The value on one line; nil where that would be longer than the limit.
  func inline(_ value: Value?, limit: Int = inlineLimit) -> String? {
    guard let value else { return "null" }
    guard value.nodeCount <= limit || value.isSensitive else { return nil }
    let text = whole(value)
    return text.utf8.count <= limit || value.isSensitive || value.kind != .list && value.kind != .map
      ? text : nil
  }

  private func whole(_ value: Value) -> String {
    if value.isSensitive { return Self.sensitive }
    switch value.kind {
    case .list: return "[" + value.elements.map(whole).joined(separator: ", ") + "]"
    case .map:
      return "{" + value.entries.map { "\(Self.key($0.key)): \(whole($0.value))" }.joined(separator: ", ") + "}"
    case .null, .bool, .int, .double, .string, .unknown: return scalar(value)
    }
  }

  /// `name: value` over as many lines as it needs, each with the mark in front.
  func lines(_ name: String, _ value: Value?, mark: String, indent: Int) -> [String] {
    let margin = String(repeating: " ", count: indent)
    let label = name.isEmpty ? "" : "\(name): "
    if let text = inline(value) { return ["\(margin)\(mark) \(label)\(text)"] }
    guard let value else { return [] }
    let children =
      value.kind == .map
      ? value.entries.map { (Self.key($0.key), $0.value) } : value.elements.map { ("", $0) }
    let brackets = value.kind == .map ? ("{", "}") : ("[", "]")
    return ["\(margin)\(mark) \(label)\(brackets.0)"]
      + children.flatMap { lines($0.0, $0.1, mark: mark, indent: indent + 4) } + ["\(margin)  \(brackets.1)"]
  }
}
