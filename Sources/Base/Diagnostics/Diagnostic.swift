/// How much a diagnostic matters: only an error keeps a command from going on.
package enum Severity: String, Sendable, CaseIterable {
  case error, warning, note
}

/// A stable code such as `PLB1203`; tools and documentation refer to it, the wording may change.
///
/// Codes are declared beside the rule that raises them: `extension DiagnosticCode { static let x =
/// DiagnosticCode(1203) }`. Ranges: 1000 YAML and JSON, 1100 estate and manifests, 1200 schemas, 1300
/// expressions, 1400 references, 2000 planning, 2100 protection, 3000 applying, 4000 providers, 5000
/// inventory, 6000 commands, 7000 policies.
package struct DiagnosticCode: Hashable, Sendable, CustomStringConvertible {
  package let number: Int
  package init(_ number: Int) { self.number = number }
  package var description: String { "PLB\(number)" }
}

/// A second place that helps to understand a diagnostic.
package struct DiagnosticNote: Hashable, Sendable {
  package var message: String
  package var position: SourcePosition?

  package init(_ message: String, at position: SourcePosition? = nil) {
    self.message = message
    self.position = position
  }
}

/// One problem of the user's, collected and never thrown one by one.
///
/// The message is one sentence in lower case without a final period; names stand in backticks.
package struct Diagnostic: Hashable, Sendable {
  package var severity: Severity
  package var code: DiagnosticCode
  package var message: String
  package var position: SourcePosition?
  /// Code points to underline from `position` on; 0 and 1 draw a single caret.
  package var length: Int
  package var notes: [DiagnosticNote]
  /// What to do next, most useful first.
  package var hints: [String]
  /// The line at `position` holds a secret: it is named, but never shown.
  package var isSecret = false

  package init(
    _ severity: Severity, _ code: DiagnosticCode, _ message: String, at position: SourcePosition? = nil,
    length: Int = 1,
    notes: [DiagnosticNote] = [], hints: [String] = []
  ) {
    self.severity = severity
    self.code = code
    self.message = message
    self.position = position
    self.length = length
    self.notes = notes
    self.hints = hints
  }

  /// An error: the command cannot go on with what it was given.
  package static func error(
    _ code: DiagnosticCode, _ message: String, at position: SourcePosition? = nil, length: Int = 1,
    notes: [DiagnosticNote] = [], hint: String? = nil
  ) -> Diagnostic {
    Diagnostic(
      .error, code, message, at: position, length: length, notes: notes, hints: hint.map { [$0] } ?? [])
  }

  /// A warning: the command goes on, and the user should look.
  package static func warning(
    _ code: DiagnosticCode, _ message: String, at position: SourcePosition? = nil, length: Int = 1,
    notes: [DiagnosticNote] = [], hint: String? = nil
  ) -> Diagnostic {
    Diagnostic(
      .warning, code, message, at: position, length: length, notes: notes, hints: hint.map { [$0] } ?? [])
  }
}

extension Sequence where Element == Diagnostic {
  package var hasErrors: Bool { contains { $0.severity == .error } }

  /// By file, line and column, those without a position last; equal ones keep their order.
  package func inSourceOrder() -> [Diagnostic] {
    enumerated().sorted { left, right in
      switch (left.element.position, right.element.position) {
      case (let a?, let b?): a == b ? left.offset < right.offset : a < b
      case (.some, nil): true
      case (nil, .some): false
      case (nil, nil): left.offset < right.offset
      }
    }.map(\.element)
  }
}
