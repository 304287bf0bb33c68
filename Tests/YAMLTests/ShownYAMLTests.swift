import Diagnostics
import TestSupport
import Testing
import Values
import YAML

/// What a user sees of each mistake in YAML: message, line, caret, next step.
@Suite("Mistakes in YAML as they are shown")
struct ShownYAMLTests {
  private static let texts: [(name: String, text: String)] = [
    ("a tab", "a: 1\n\tb: 2\n"),
    ("a text with a colon", "a: b: c\n"),
    ("a list that is not closed", "a: [1, 2"),
    ("a map that is not closed", "a: {b: 1\n"),
    ("a map with a text between", "{a: ü, b: ${x}}"),
    ("a quote that is not closed", "a: \"bc\n"),
    ("a character that begins nothing", "a: @x\n"),
    ("a document's end inside a value", "a: \"b\n---\nc: 1\n"),
    ("a key without a value", "a: 1\nb\n"),
    ("an item among keys", "a:\n  - 1\n - 2\n"),
    ("a key among items", "- 1\nb: 2\n"),
    ("an expression that ends a flow map", "spec: {a: ${x}}"),
    ("a control character", "a: 1\nb: x\u{7}y\n"),
    ("a key twice", "spec:\n  a: 1\n  b: 2\n  \"a\": 3\n"),
    ("a map as a key", "{{a: [b]}: {c: d}, e: f}\n"),
    ("an alias of a map as a key", "a: &x {b: 1}\n*x : 2\n"),
    ("a tag nobody knows", "a: !ref x\n"),
    ("a text that does not fit its tag", "a: !!int five\n"),
    ("an alias of nothing", "a: *x\n"),
    ("an alias inside what it repeats", "a: &x [1, *x]\n"),
    ("an alias of what was left out", "? &x {b: 1}\n: 1\nc: *x\n"),
    ("a merge of a text", "a: {<<: b, c: 1}\n"),
    ("a word that others take for a Boolean", "a: yes\n"),
  ]

  private static let limits: [(name: String, text: String, change: @Sendable (inout YAMLLimits) -> Void)] = [
    ("too many bytes", "[12]", { $0.bytes = 3 }), ("too deep", "[[[1]]]", { $0.depth = 2 }),
    ("too many values", "[1, 2, 3]", { $0.nodes = 3 }), ("a text too long", "[abcd]", { $0.scalarBytes = 3 }),
    ("aliases that repeat too much", "a: &x [1, 2, 3]\nb: [*x, *x]\n", { $0.expandedNodes = 6 }),
  ]

  private static func shown(_ name: String, _ bytes: [UInt8], _ limits: YAMLLimits = YAMLLimits()) -> String {
    let found = YAMLReader.parse(bytes, file: "a.yaml", limits: limits).diagnostics
    #expect(!found.isEmpty, "\(name)")
    return "# \(name)\n\(DiagnosticRenderer { _ in bytes }.text(found))\n"
  }

  @Test("every mistake and every limit")
  func everything() {
    var text = Self.texts.map { Self.shown($0.name, Array($0.text.utf8)) }.joined()
    text += Self.shown("bytes that are no UTF-8", Array("a: ü\nb: ".utf8) + [0xFF, 0x0A])
    for (name, source, change) in Self.limits {
      var limits = YAMLLimits()
      change(&limits)
      text += Self.shown(name, Array(source.utf8), limits)
    }
    expectSnapshot(text)
  }
}
