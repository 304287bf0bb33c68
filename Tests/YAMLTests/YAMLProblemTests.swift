import Diagnostics
import TestSupport
import Testing
import Values
import YAML

@Suite struct YAMLProblemTests {
  private func diagnostics(_ bytes: [UInt8], _ limits: YAMLLimits = YAMLLimits()) -> [Diagnostic] {
    YAMLReader.parse(bytes, file: "f.yaml", limits: limits).diagnostics
  }

  private func diagnostics(_ text: String, _ limits: YAMLLimits = YAMLLimits()) -> [Diagnostic] {
    diagnostics(Array(text.utf8), limits)
  }

  @Test(
    "a syntax error stands where the text goes wrong",
    arguments: [
      ("a: 1\n1️⃣\tb: 2\n", "a tab cannot stand here"),
      ("a:\n1️⃣\t- b\n", "a tab cannot stand here"),
      ("a: b1️⃣: c\n", "`:` cannot begin a value here"),
      ("a: [1, 21️⃣", "the text ends where `,` or `]` should stand"),
      ("a: {b: 1\n1️⃣", "the text ends where `,` or `}` should stand"),
      ("a: \"bc\n1️⃣", "the text ends inside a value"),
      ("a: 1️⃣@x", "`@` cannot begin a value"),
      ("a: 1️⃣`x`", "``` cannot begin a value"),
      ("a: 1\n b1️⃣: 2\n", "`:` cannot begin a value here"),
      ("a:\n  - 1\n 1️⃣- 2\n", "expected a key"),
      ("- 1\n1️⃣b: 2\n", "expected `- `"),
      ("a: 1\nb\n1️⃣", "expected `:` after a key"),
      ("{a: ü, b: $1️⃣{x}}", "expected `,` or `}`"),
    ])
  func syntax(_ marked: String, _ message: String) throws {
    let text = MarkedText(marked)
    let found = diagnostics(text.text)
    #expect(found.map(\.message) == [message])
    let place = text.marker(1)
    #expect(found.first?.position == SourcePosition(file: "f.yaml", line: place.line, column: place.column))
  }

  @Test(
    "an expression that breaks YAML gets the advice to quote it",
    arguments: [
      "{a: ${x}}", "[${x}]", "a: ${x ? \"y\" : \"z\"}", "a: ${b[\"c: d\"]}",
    ])
  func expressions(_ text: String) {
    #expect(diagnostics(text).first?.hints.first == "put the text with `${…}` in quotes: '${…}'")
    #expect(diagnostics("a: ${x}\nb: pre-${y}.z\n'c': [\"${z}\"]").isEmpty)
  }

  @Test("bytes that are no UTF-8 are named with byte and offset")
  func encoding() {
    let found = diagnostics(Array("a: ü\nb: ".utf8) + [0xFF, 0x0A])
    #expect(found.map(\.message) == ["the text is not UTF-8 (byte 0xff at offset 9)"])
    #expect(found[0].position == SourcePosition(file: "f.yaml", line: 2, column: 4))
    let utf16 = diagnostics([0xFF, 0xFE, 0x61, 0x00])
    #expect(utf16.map(\.code) == [.yamlEncoding])
    let control = diagnostics("a: 1\nb: x\u{7}y")
    #expect(control.map(\.message) == ["a control character is not allowed here"])
    #expect(control[0].position == SourcePosition(file: "f.yaml", line: 2, column: 5))
  }

  @Test("a repeated key is refused naming both places")
  func duplicateKeys() {
    let found = diagnostics("spec:\n  a: 1\n  b:\n    a: 2\n  \"a\": 3\n")
    #expect(found.map(\.message) == ["the key `a` stands twice in one map"])
    #expect(found[0].position == SourcePosition(file: "f.yaml", line: 5, column: 3))
    #expect(found[0].notes.map(\.position) == [SourcePosition(file: "f.yaml", line: 2, column: 3)])
  }

  @Test("keys that are maps or lists are refused, and reading goes on behind their value")
  func complexKeys() {
    let (documents, found) = YAMLReader.parse(
      Array("{{a: [b]}: {c: d}, e: f}\n---\n? [a]\n: b\n? {x: y}\ng: yes!\n".utf8), file: "f.yaml")
    #expect(found.map(\.code) == [.yamlComplexKey, .yamlComplexKey, .yamlComplexKey])
    #expect(found.map(\.position?.column) == [2, 3, 3])
    #expect(documents == [["e": "f"], ["g": "yes!"]])
  }

  @Test("after an error reading goes on with the next document, and places stay right")
  func recovery() {
    let text = "a: yes\n---\nb: [1\n---\nc: ü\nd: {\n---\ne: 5\n--- # comment\nf: \"x\n"
    let (documents, found) = YAMLReader.parse(Array(text.utf8), file: "f.yaml")
    #expect(documents == [["a": "yes"], ["e": 5]])
    #expect(documents.map(\.origin?.line) == [1, 8])
    #expect(found.map(\.severity) == [.warning, .error, .error, .error])
    #expect(found.map(\.position?.line) == [1, 4, 7, 11])
  }

  @Test("an encoding error in one document leaves the others")
  func recoveryFromEncoding() {
    let bytes = Array("a: 1\n---\nb: ".utf8) + [0xC3] + Array("\n---\nc: 3\n".utf8)
    let (documents, found) = YAMLReader.parse(bytes, file: "f.yaml")
    #expect(documents == [["a": 1], ["c": 3]])
    #expect(found.map(\.position?.line) == [3])
    #expect(found[0].message == "the text is not UTF-8 (byte 0xc3 at offset 12)")
  }

  @Test("size, depth, values and scalars have limits")
  func limits() {
    func codes(_ text: String, _ change: (inout YAMLLimits) -> Void) -> [DiagnosticCode] {
      var limits = YAMLLimits()
      change(&limits)
      return diagnostics(text, limits).map(\.code)
    }
    #expect(codes("[1]") { $0.bytes = 3 } == [])
    #expect(codes("[12]") { $0.bytes = 3 } == [.yamlLimit])
    #expect(codes("[[1]]") { $0.depth = 2 } == [])
    #expect(codes("[[[1]]]") { $0.depth = 2 } == [.yamlLimit])
    #expect(codes("[1, 2]") { $0.nodes = 3 } == [])
    #expect(codes("[1, 2, 3]") { $0.nodes = 3 } == [.yamlLimit])
    #expect(codes("[abc]") { $0.scalarBytes = 3 } == [])
    #expect(codes("[abcd]") { $0.scalarBytes = 3 } == [.yamlLimit])
    #expect(codes("[no, no, no]") { $0.diagnostics = 2 } == [.yamlAmbiguousWord, .yamlAmbiguousWord])
  }

  @Test("many files share one tape, each document with its own file")
  func sharedTape() {
    var builder = TapeBuilder()
    let first = YAMLReader.append(Array("a: 1".utf8), to: &builder, file: "a.yaml")
    let second = YAMLReader.append(Array("b: [".utf8), to: &builder, file: "b.yaml")
    let third = YAMLReader.append(Array("c: 3\n---\nd: 4".utf8), to: &builder, file: "c.yaml")
    #expect(first.isEmpty && third.isEmpty && second.count == 1)
    #expect(builder.finishAll().map(\.origin?.file) == ["a.yaml", "c.yaml", "c.yaml"])
  }
}
