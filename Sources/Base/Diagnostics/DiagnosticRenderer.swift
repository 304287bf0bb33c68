/// Prints diagnostics with the source line, an underline, notes and hints.
///
///     error[PLB1203]: unknown field `cidrBlok` in aws/Vpc
///       --> manifests/network.yaml:7:3
///        |
///      7 |   cidrBlok: 10.0.0.0/16
///        |   ^^^^^^^^
///        = help: did you mean `cidrBlock`?
///
/// Everything from outside is escaped, so that a manifest cannot send commands to the terminal.
package struct DiagnosticRenderer {
  package enum Colors: Sendable {
    case plain, ansi
  }

  private let colors: Colors
  private let width: Int
  private let source: (String) -> [UInt8]?

  /// - Parameters:
  ///   - width: columns of the terminal; longer source lines are cut around the underline.
  ///   - source: the bytes of a file as named in positions, nil where it cannot be shown.
  package init(_ colors: Colors = .plain, width: Int = 110, source: @escaping (String) -> [UInt8]?) {
    self.colors = colors
    self.width = max(width, 40)
    self.source = source
  }

  /// The diagnostics in the given order, an empty line between them and each line ended.
  package func text(_ diagnostics: some Sequence<Diagnostic>) -> String {
    var sources = Sources(tables: [:], secrets: [])
    for diagnostic in diagnostics where diagnostic.isSecret {
      if let position = diagnostic.position { sources.secrets.insert(Line(position)) }
    }
    return diagnostics.map { text($0, &sources) }.joined(separator: "\n")
  }

  package func text(_ diagnostic: Diagnostic) -> String { text([diagnostic]) }

  /// `2 errors, 1 warning`; nil where there is neither.
  package static func summary(of diagnostics: some Sequence<Diagnostic>) -> String? {
    var errors = 0, warnings = 0
    for diagnostic in diagnostics {
      switch diagnostic.severity {
      case .error: errors += 1
      case .warning: warnings += 1
      case .note: break
      }
    }
    let parts = [(errors, "error"), (warnings, "warning")].filter { $0.0 > 0 }
    guard !parts.isEmpty else { return nil }
    return parts.map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }.joined(separator: ", ")
  }

  private struct Line: Hashable {
    var file: String
    var number: Int

    init(_ position: SourcePosition) {
      file = position.file
      number = position.line
    }
  }

  /// Files read so far, and the lines that no diagnostic may show since one of them found a secret there.
  private struct Sources {
    var tables: [String: LineTable?]
    var secrets: Set<Line>
  }

  private func text(_ diagnostic: Diagnostic, _ sources: inout Sources) -> String {
    let places = [diagnostic.position] + diagnostic.notes.map(\.position)
    let gutter = places.compactMap { $0.map { "\($0.line)".utf8.count } }.max() ?? 1
    let color = Paint(diagnostic.severity)
    var lines = [
      paint("\(diagnostic.severity.rawValue)[\(diagnostic.code)]", color)
        + paint(": \(TerminalText.escaped(diagnostic.message))", .bold)
    ]
    lines += excerpt(diagnostic.position, diagnostic.length, gutter, "^", color, &sources)
    for note in diagnostic.notes where note.position == nil {
      lines.append(remark("note", note.message, gutter))
    }
    for hint in diagnostic.hints { lines.append(remark("help", hint, gutter)) }
    for note in diagnostic.notes where note.position != nil {
      lines.append(paint("note", .note) + ": " + TerminalText.escaped(note.message))
      lines += excerpt(note.position, 1, gutter, "-", .note, &sources)
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private func remark(_ label: String, _ message: String, _ gutter: Int) -> String {
    let space = String(repeating: " ", count: gutter + 2)
    return "\(space)\(paint("=", .frame)) \(paint(label, .bold)): \(TerminalText.escaped(message))"
  }

  private func excerpt(
    _ position: SourcePosition?, _ length: Int, _ gutter: Int, _ mark: Character, _ color: Paint,
    _ sources: inout Sources
  ) -> [String] {
    guard let position else { return [] }
    let space = String(repeating: " ", count: gutter)
    let place = "\(TerminalText.escaped(position.file)):\(position.line):\(position.column)"
    let heading = "\(space) \(paint("-->", .frame)) \(place)"
    if sources.secrets.contains(Line(position)) { return [heading] }
    guard let line = table(position.file, &sources.tables)?.text(ofLine: position.line) else { return [heading] }
    let excerpt = SourceExcerpt(
      line, column: position.column, length: length, mark: mark, limit: width - gutter - 4)
    let number = String(repeating: " ", count: gutter - "\(position.line)".utf8.count) + "\(position.line)"
    let bar = paint("|", .frame)
    return [
      heading,
      " \(space) \(bar)",
      excerpt.line.isEmpty
        ? " \(paint(number, .frame)) \(bar)" : " \(paint(number, .frame)) \(bar) \(excerpt.line)",
      " \(space) \(bar) \(paint(excerpt.underline, color))",
    ]
  }

  private func table(_ file: String, _ tables: inout [String: LineTable?]) -> LineTable? {
    if let known = tables[file] { return known }
    let table = source(file).map(LineTable.init)
    tables[file] = .some(table)
    return table
  }

  // MARK: Colours

  private enum Paint: String {
    case error = "1;31", warning = "1;33", note = "1;36", frame = "34", bold = "1"

    init(_ severity: Severity) {
      switch severity {
      case .error: self = .error
      case .warning: self = .warning
      case .note: self = .note
      }
    }
  }

  private func paint(_ text: String, _ paint: Paint) -> String {
    switch colors {
    case .plain: text
    case .ansi: "\u{1B}[\(paint.rawValue)m\(text)\u{1B}[0m"
    }
  }
}
