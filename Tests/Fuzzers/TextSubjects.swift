import Diagnostics
import Expressions
import Values
import YAML

/// The readers of text: whatever comes in, they end, and what they accept can be written and read again.
enum TextSubjects {
  static let yaml: Subjects.Subject = { bytes in
    var limits = YAMLLimits()
    limits.expandedNodes = 10_000
    let read = YAMLReader.parse(bytes, file: "fuzz.yaml", limits: limits)
    Oracles.diagnostics(read.diagnostics, bytes)
    if let tidy = YAMLFormatter.format(bytes) {
      precondition(YAMLFormatter.format(tidy) == tidy, "formatting again changes the text")
    }
    guard !read.diagnostics.contains(where: { $0.severity == .error }) else { return }
    let text = YAMLEmitter().stream(read.documents)
    let again = YAMLReader.parse(Array(text.utf8), file: "again.yaml", limits: limits)
    precondition(!again.diagnostics.contains { $0.severity == .error }, "what is emitted cannot be read:\n\(text)")
    precondition(again.documents == read.documents, "emitting changes the values:\n\(text)")
  }

  static let json: Subjects.Subject = { bytes in
    do throws(JSONError) {
      let value = try JSONReader.parse(bytes)
      for writer in [JSONWriter(), JSONWriter(.pretty)] {
        let text = writer.bytes(value)
        let again = try JSONReader.parse(text)
        precondition(again == value && writer.bytes(again) == text, "writing changes the value")
      }
    } catch {
      Oracles.diagnostics([error.diagnostic], bytes)
    }
    do throws(JSONError) {
      _ = try JSONReader.parse(bytes, file: "fuzz.json")
    } catch {
      Oracles.diagnostics([error.diagnostic], bytes)
    }
    do throws(JSONError) { _ = try JSONLines.parse(bytes) } catch { Oracles.diagnostics([error.diagnostic], bytes) }
  }

  static let expression: Subjects.Subject = { bytes in
    let source = String(decoding: bytes, as: UTF8.self)
    let lines = LineTable(Array(source.utf8))
    let template = Template.parse(source) { offset in
      let place = lines.place(of: offset)
      return SourcePosition(file: "fuzz.yaml", line: place.line, column: place.column)
    }
    Oracles.diagnostics(template.diagnostics, Array(source.utf8))
    precondition(Template(source: source).references == template.references, "the same text reads differently")
    for answer in [nil, "x", .int(1), ["id": "vpc-1"], [[["a": "b"]]], .null] as [Value?] {
      guard case .failed(let problem) = template.evaluate({ _ in answer }) else { continue }
      Oracles.diagnostics([problem], Array(source.utf8))
    }
  }
}

enum Oracles {
  /// Problems are printed on a terminal: their text holds no control character but the line's end.
  static func diagnostics(_ diagnostics: [Diagnostic], _ source: [UInt8]) {
    let text = DiagnosticRenderer(source: { _ in source }).text(diagnostics)
    precondition(text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x0A }, "raw control characters:\n\(text)")
  }
}
