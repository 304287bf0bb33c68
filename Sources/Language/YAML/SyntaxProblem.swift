import CYAML
import Diagnostics

/// What libyaml found wrong, with our words for the usual causes.
struct SyntaxProblem {
  private let message: String
  private let isEncoding: Bool
  /// Counted from 1; for encoding problems the byte offset counts instead.
  private var line: Int
  private var column: Int
  private var offset: Int
  /// What was being read and where it began.
  private let context: String?
  private var contextLine: Int
  private let contextColumn: Int

  init(_ parser: UnsafeMutablePointer<yaml_parser_t>) {
    let facts = parser.pointee
    message = facts.problem.map { String(cString: $0) } ?? "the text is no YAML"
    isEncoding = facts.error == YAML_READER_ERROR
    line = facts.problem_mark.line + 1
    column = facts.problem_mark.column + 1
    offset = facts.problem_offset
    context = facts.context.map { String(cString: $0) }
    contextLine = facts.context_mark.line + 1
    contextColumn = facts.context_mark.column + 1
  }

  /// From the place in a part of a stream to the place in the whole.
  mutating func move(lines: Int, bytes: Int) {
    line += lines
    contextLine += lines
    offset += bytes
  }

  func diagnostic(file: String, _ bytes: UnsafeBufferPointer<UInt8>) -> Diagnostic {
    let table = LineTable(Array(bytes))
    if isEncoding { return encoding(file: file, bytes, table) }
    // At the end of a text without a last line break libyaml counts one line too many.
    let place = line > table.lineCount ? table.place(of: bytes.count) : (line, column)
    let position = SourcePosition(file: file, line: place.line, column: place.column)
    var notes: [DiagnosticNote] = []
    if let context, (contextLine, contextColumn) < (place.line, place.column) {
      notes.append(
        DiagnosticNote(context, at: SourcePosition(file: file, line: contextLine, column: contextColumn)))
    }
    let offset = table.offset(line: line, column: column) ?? bytes.count
    let (text, hint) = wording(offset < bytes.count ? bytes[offset] : nil)
    var hints = hint.map { [$0] } ?? []
    if [line, contextLine].contains(where: { table.text(ofLine: $0)?.contains("${") ?? false }) {
      hints.insert("put the text with `${…}` in quotes: '${…}'", at: 0)
    }
    return Diagnostic(.error, .yamlSyntax, text, at: position, notes: notes, hints: hints)
  }

  private func encoding(file: String, _ bytes: UnsafeBufferPointer<UInt8>, _ table: LineTable) -> Diagnostic {
    // libyaml names the byte that should have continued a sequence; ours is the sequence's first.
    var offset = offset
    if message.contains("trailing") || message.contains("incomplete") {
      let isLead = { (offset: Int) in offset < bytes.count && bytes[offset] >= 0xC0 }
      offset = (0...3).map { offset - $0 }.first { $0 >= 0 && isLead($0) } ?? offset
    }
    let place = table.place(of: offset)
    let position = SourcePosition(file: file, line: place.line, column: place.column)
    if message.contains("control characters") {
      return .error(
        .yamlEncoding, "a control character is not allowed here", at: position,
        hint: "write it as an escape in double quotes, for example \"\\u0007\"")
    }
    let value =
      offset < bytes.count ? " (byte 0x\(String(bytes[offset], radix: 16)) at offset \(offset))" : ""
    return .error(
      .yamlEncoding, "the text is not UTF-8\(value)", at: position, hint: "save the file as UTF-8")
  }

  /// - Parameter byte: what stands at the problem's place, nil at the end of the text.
  private func wording(_ byte: UInt8?) -> (text: String, hint: String?) {
    if byte == 0x09 {
      return ("a tab cannot stand here", "indent with spaces")
    }
    switch message {
    case "mapping values are not allowed in this context":
      return (
        "`:` cannot begin a value here", "put a text that contains `: ` in quotes, and check the indentation"
      )
    case "found character that cannot start any token":
      let character = byte.map { $0 < 0x80 ? "`\(Character(Unicode.Scalar($0)))`" : "this character" }
      return ("\(character ?? "this character") cannot begin a value", "put the value in quotes")
    case "could not find expected ':'":
      return ("expected `:` after a key", "check the indentation, and that every key is followed by `: `")
    case "found unexpected end of stream":
      return ("the text ends inside a value", "close the quotes or brackets")
    case "found unexpected document indicator":
      return ("a line of `---` or `...` ends the document inside a value", nil)
    case "did not find expected key": return ("expected a key", "check the indentation")
    case "did not find expected '-' indicator": return ("expected `- `", "check the indentation")
    case "did not find expected ',' or '}'":
      return (byte == nil ? "the text ends where `,` or `}` should stand" : "expected `,` or `}`", nil)
    case "did not find expected ',' or ']'":
      return (byte == nil ? "the text ends where `,` or `]` should stand" : "expected `,` or `]`", nil)
    default: return (message, nil)
    }
  }
}
