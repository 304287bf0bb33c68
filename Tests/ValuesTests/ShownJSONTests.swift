import Diagnostics
import TestSupport
import Testing
import Values

/// What a user sees of each mistake in JSON, in a file and in a text that has no name.
@Suite("Mistakes in JSON as they are shown")
struct ShownJSONTests {
  private static let texts: [(name: String, text: String)] = [
    ("nothing", ""), ("a list that is not closed", "[1, 2"), ("no comma", "{\"a\": 1 \"b\": 2}"),
    ("a text that is not closed", "{\"a\": \"b"), ("a line break in a text", "{\"a\": \"b\nc\"}"),
    ("an escape that is none", "[\"\\q\"]"), ("half of a pair", "[\"\\ud800\"]"),
    ("the wrong half of a pair", "[\"\\ud800\\u0041\"]"), ("a number that is none", "[01]"),
    ("something after the end", "{} {}"), ("a key twice", "{\"a\": 1,\n \"b\": 2,\n \"a\": 3}"),
  ]

  private static let limits: [(name: String, text: String, change: @Sendable (inout JSONLimits) -> Void)] = [
    ("too many bytes", "[12]", { $0.bytes = 3 }), ("too deep", "[[[1]]]", { $0.depth = 2 }),
    ("too many values", "[1, 2, 3]", { $0.nodes = 3 }),
  ]

  private static func shown(_ name: String, _ bytes: [UInt8], _ limits: JSONLimits = JSONLimits()) -> String {
    var text = "# \(name)\n"
    for file in ["a.json", nil] {
      do throws(JSONError) {
        let value = try JSONReader.parse(bytes, file: file, limits: limits)
        Issue.record("\(name) is \(value)")
      } catch {
        text += DiagnosticRenderer { _ in bytes }.text([error.diagnostic])
      }
    }
    return text + "\n"
  }

  @Test("every mistake and every limit")
  func everything() {
    var text = Self.texts.map { Self.shown($0.name, Array($0.text.utf8)) }.joined()
    text += Self.shown("bytes that are no UTF-8", Array("[\"".utf8) + [0xFF] + Array("\"]".utf8))
    for (name, source, change) in Self.limits {
      var limits = JSONLimits()
      change(&limits)
      text += Self.shown(name, Array(source.utf8), limits)
    }
    expectSnapshot(text)
  }
}
