import Diagnostics
import Values

extension EventLine {
  package static func diagnostic(_ diagnostic: Diagnostic) -> EventLine {
    let record = DiagnosticRecord(diagnostic)
    var fields: [(String, Value)] = [
      ("severity", .string(record.severity)), ("code", .string(record.code)),
      ("summary", .string(record.message)),
    ]
    if let place = record.place { fields.append(("range", range(place, record.length))) }
    fields.append(("notes", .list(record.notes.map(note))))
    fields.append(("hints", .list(record.hints.map { .string($0) })))
    return EventLine(
      "diagnostic", message(diagnostic), level: level(diagnostic.severity), [("diagnostic", .map(fields))])
  }

  private static func message(_ diagnostic: Diagnostic) -> String {
    "\(diagnostic.severity.rawValue)[\(diagnostic.code)]: \(diagnostic.message)"
  }

  private static func level(_ severity: Severity) -> Level {
    switch severity {
    case .error: .error
    case .warning: .warn
    case .note: .info
    }
  }

  private static func note(_ note: DiagnosticRecord.Note) -> Value {
    var fields: [(String, Value)] = [("message", .string(note.message))]
    if let place = note.place { fields.append(("range", range(place, 1))) }
    return .map(fields)
  }

  private static func range(_ place: DiagnosticRecord.Place, _ length: Int) -> Value {
    let start: Value = .map([("line", .int(place.line)), ("column", .int(place.column))])
    return .map([("filename", .string(place.file)), ("start", start), ("length", .int(length))])
  }
}
