import Diagnostics
import Values

/// One line of `--json`: an object with `@level`, `@message`, `@timestamp`, `type` and what the type brings.
package struct EventLine: Sendable {
  /// Grows in its second number when fields are added, in its first when they change.
  package static let formatVersion = "1.0"

  package enum Level: String, Sendable { case error, warn, info, debug }

  package let type: String
  package let level: Level
  package let message: String
  package let fields: [(String, Value)]

  package init(_ type: String, _ message: String, level: Level = .info, _ fields: [(String, Value)] = []) {
    self.type = type
    self.level = level
    self.message = message
    self.fields = fields
  }

  /// The line with its line break.
  /// - Parameter timestamp: RFC 3339, UTC.
  package func bytes(timestamp: String) -> [UInt8] {
    let head: [(String, Value)] = [
      ("@level", .string(level.rawValue)), ("@message", .string(message)), ("@module", "plumb"),
      ("@timestamp", .string(timestamp)), ("type", .string(type)),
    ]
    return TerminalText.escapedJSON(JSONWriter().lines([Value.map(head + fields)]))
  }

  /// The first line of every output.
  package static func version(_ version: String) -> EventLine {
    EventLine("version", "Plumb \(version)", [("plumb", .string(version)), ("ui", .string(formatVersion))])
  }
}
