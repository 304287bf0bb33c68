/// A diagnostic as flat fields, in the order and under the names that the JSON output uses.
package struct DiagnosticRecord: Hashable, Sendable {
  package struct Place: Hashable, Sendable {
    package let file: String
    package let line: Int
    package let column: Int

    init(_ position: SourcePosition) {
      file = position.file
      line = position.line
      column = position.column
    }
  }

  package struct Note: Hashable, Sendable {
    package let message: String
    package let place: Place?
  }

  package let severity: String
  package let code: String
  package let message: String
  package let place: Place?
  /// Code points from the place on.
  package let length: Int
  package let notes: [Note]
  package let hints: [String]

  package init(_ diagnostic: Diagnostic) {
    severity = diagnostic.severity.rawValue
    code = diagnostic.code.description
    message = diagnostic.message
    place = diagnostic.position.map(Place.init)
    length = max(diagnostic.length, 1)
    notes = diagnostic.notes.map { Note(message: $0.message, place: $0.position.map(Place.init)) }
    hints = diagnostic.hints
  }
}
