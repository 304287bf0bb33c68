import Diagnostics
import Engine
import Inventory
import Reports
import Resources
import Values

extension DiagnosticCode {
  static let noSuchField = DiagnosticCode(6030)
  static let notText = DiagnosticCode(6031)
}

extension CommandOption {
  static let raw = CommandOption("raw", "print a text without quotes, for scripts")
}

extension Command {
  static let output = Command(
    "output", "Print the fields of a resource as it stands.",
    discussion:
      "Without an address it lists every recorded address with its id. `id` is always the remote id.",
    examples: [
      ("plumb output", "all addresses and their ids"),
      ("plumb output aws.Vpc/prod", "all fields of one resource"),
      ("plumb output aws.Vpc/prod.id --raw", "one field, as a script wants it"),
      ("plumb output 'aws.Subnet/a.tags[\"Name\"]' --json", "one field as an event line"),
    ],
    options: [.raw] + CommandOption.estate,
    positionals: [Positional("ADDRESS[.FIELD]", isOptional: true, "an address, and a field of it")]
  ) { invocation in
    await invocation.withSession { (session) throws(EngineFailure) in
      let inventory = try await session.engine.inventory()
      guard let text = invocation.arguments.positionals.first else {
        return session.listOutputs(inventory.records)
      }
      let (address, path) = OutputName.split(text, among: inventory.records.map(\.address))
      let inspection = try await session.engine.inspect(address)
      return invocation.printOutput(inspection.fields, at: path, of: address, session.reporter)
    }
  }
}

/// `aws.Vpc/prod.tags["Name"]`: an address and a field of it. Names may hold dots, so records decide.
enum OutputName {
  static func split(_ text: String, among addresses: [Address]) -> (Address, String) {
    let fitting = addresses.filter { address in
      guard text.utf8.starts(with: address.text.utf8) else { return false }
      let next = text.utf8.dropFirst(address.text.utf8.count).first
      return next == nil || next == UInt8(ascii: ".") || next == UInt8(ascii: "[")
    }
    if let longest = fitting.max(by: { $0.text.utf8.count < $1.text.utf8.count }) {
      let rest = text.dropFirst(longest.text.count)
      return (longest, String(rest.first == "." ? rest.dropFirst() : rest))
    }
    guard let slash = text.lastIndex(of: "/"), let dot = text[slash...].firstIndex(of: ".") else {
      return (Address(text), "")
    }
    return (Address(String(text[..<dot])), String(text[text.index(after: dot)...]))
  }
}

extension Session {
  fileprivate func listOutputs(_ records: [Recorded]) -> ExitCode {
    reporter.report { sink in
      for record in records where !record.isSuperseded {
        sink.line(SafeText.of("\(record.address) = \(record.remote)"))
      }
      if records.isEmpty { sink.line("Nothing is recorded yet.") }
    }
    for record in records where !record.isSuperseded {
      reporter.event(
        EventLine(
          "output", "\(record.address) = \(record.remote)",
          [
            ("address", .string(record.address.text)), ("field", "id"),
            ("value", .string(record.remote.text)),
          ]))
    }
    return .ok
  }
}

extension Invocation {
  fileprivate func printOutput(_ fields: Value, at field: String, of address: Address, _ reporter: Reporter)
    -> ExitCode
  {
    guard let path = ValuePath(field), let value = fields[path] else {
      let names = fields.keys
      return fail(
        .error(
          .noSuchField, "`\(address)` has no field `\(field)`",
          hint: Suggestion.hint(for: field, among: names)
            ?? "it has \(names.map { "`\($0)`" }.joined(separator: ", "))"))
    }
    if arguments.has(.raw) {
      guard !value.isSensitive, value.kind != .map, value.kind != .list else {
        return fail(
          .error(
            .notText,
            "`\(address).\(field)` cannot be printed raw: it is a \(value.isSensitive ? "secret" : "\(value.kind)")"
          ))
      }
      reporter.say(value.kind == .bool ? "\(value.bool == true)" : value.spelling)
    } else {
      reporter.say(SafeText.ofLines(JSONWriter(.pretty).text(value)))
    }
    reporter.event(
      EventLine(
        "output", field.isEmpty ? "\(address)" : "\(address).\(field)",
        [("address", .string(address.text)), ("field", .string(field)), ("value", value)]))
    return .ok
  }
}

/// Text from outside on its way to a terminal.
enum SafeText {
  static func of(_ text: String) -> String { TerminalText.escaped(text) }
  /// Keeps line breaks that are ours: JSON escapes those of its texts.
  static func ofLines(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { of(String($0)) }.joined(
      separator: "\n")
  }
}
