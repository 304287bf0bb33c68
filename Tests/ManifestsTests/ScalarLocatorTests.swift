import Diagnostics
import TestSupport
import Testing
import Values
import YAML

@testable import Manifests

@Suite("Positions inside YAML scalars")
struct ScalarLocatorTests {
  /// The marker stands before the character `X` of the scalar's text.
  @Test(
    "a character of the text is found in every style of scalar",
    arguments: [
      "a: plain 1️⃣X", "a: 'it''s 1️⃣X'", "a: \"t\\tu\\u00e9 1️⃣X\"", "a: \"é 1️⃣X\"", "a: |\n  one\n  two 1️⃣X\n",
      "a: |-\n\n    one\n      1️⃣X\n",
      "a: >\n  one\n  two 1️⃣X\n", "a: >\n  one\n\n  two 1️⃣X\n", "a: 'one\n  two 1️⃣X'",
      "a: one\n  two\n\n  three 1️⃣X", "a: &n '1️⃣X'",
      "a: !!str \"1️⃣X\"", "{a: [b, '1️⃣X']}", "a: |2\n   one\n   1️⃣X\n", "a: \"one \\\n  two 1️⃣X\"",
    ])
  func everyStyle(_ marked: String) throws {
    let text = MarkedText(marked)
    let bytes = Array(text.text.utf8)
    let (documents, diagnostics) = YAMLReader.parse(bytes, file: "t")
    #expect(diagnostics.isEmpty)
    let value = try #require(documents.first?["a"].map { $0.kind == .list ? $0[1] ?? $0 : $0 })
    let offset = try #require(
      value.string?.utf8.firstIndex(of: UInt8(ascii: "X")).map {
        value.spelling.utf8.distance(from: value.spelling.utf8.startIndex, to: $0)
      })
    var sources = SourceTexts()
    sources.add(bytes, file: "t")
    let found = sources.position(of: offset, in: value)
    #expect(
      found.map { [$0.line, $0.column] } == [text.marker(1).line, text.marker(1).column], "\(value.spelling)")
  }
}
