import Diagnostics
import TestSupport
import Testing
import Values
import YAML

@Suite struct AliasTests {
  private func read(_ text: String, _ limits: YAMLLimits = YAMLLimits()) -> (
    documents: [Value], diagnostics: [Diagnostic]
  ) {
    YAMLReader.parse(Array(text.utf8), file: "f.yaml", limits: limits)
  }

  @Test("an alias repeats the value and stands at its own place")
  func aliases() {
    let (documents, diagnostics) = read("a: &x {b: [1, 2]}\nc: *x\nd: &y text\n*y : *y\nl: [*x, *y]\n")
    #expect(diagnostics.isEmpty)
    #expect(
      documents == [
        [
          "a": ["b": [1, 2]], "c": ["b": [1, 2]], "d": "text", "text": "text", "l": [["b": [1, 2]], "text"],
        ]
      ])
    #expect(documents[0]["c"]?.origin == SourcePosition(file: "f.yaml", line: 2, column: 4))
    #expect(documents[0]["c"]?["b"]?.origin?.line == 1)
    #expect(documents[0].entries.map(\.keyOrigin?.line) == [1, 2, 3, 4, 5])
  }

  @Test("an anchor may be given anew and ends with its document")
  func scopes() {
    #expect(read("[&a 1, *a, &a 2, *a]").documents == [[1, 1, 2, 2]])
    let (_, diagnostics) = read("- &a 1\n---\n- *a\n")
    #expect(diagnostics.map(\.message) == ["the alias `*a` has no anchor `&a` before it"])
    #expect(diagnostics[0].position == SourcePosition(file: "f.yaml", line: 3, column: 3))
    #expect(
      read("a: &a [*a]").diagnostics.map(\.message) == ["the alias `*a` stands inside the value it repeats"])
  }

  @Test("merge keys add what is missing, the map's own entries and the first map win")
  func merge() {
    let text = """
      base: &base {a: 1, b: {c: 2}}
      other: &other {b: 3, d: 4}
      one: {<<: *base, a: 9}
      two:
        b: 8
        <<: [*base, *other]
        tail: &tail [x]
      three: {<<: {e: 5}, <: 6}
      four: *tail
      "<<": plain
      """
    let (documents, diagnostics) = read(text)
    #expect(diagnostics.isEmpty)
    #expect(documents[0]["one"] == ["a": 9, "b": ["c": 2]])
    #expect(documents[0]["two"] == ["b": 8, "tail": ["x"], "a": 1, "d": 4])
    #expect(documents[0]["two"]?.count == 4)
    #expect(documents[0]["three"] == ["e": 5, "<": 6])
    #expect(documents[0]["four"] == ["x"])
    #expect(documents[0]["<<"] == "plain")
    #expect(JSONWriter().text(documents[0]).contains(#""two":{"b":8,"tail":["x"],"a":1,"d":4},"three""#))
  }

  @Test("a merge key needs maps")
  func badMerge() {
    for text in ["{<<: 1}", "{<<: [{a: 1}, 2]}", "{<<: }"] {
      let (_, diagnostics) = read("a: \(text)")
      #expect(diagnostics.map(\.code) == [.yamlMerge])
      #expect(diagnostics[0].position?.column == 5)
    }
  }

  @Test("aliases of aliases are stopped before they fill the memory")
  func billionLaughs() {
    var text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
    for level in 1...20 {
      text += "a\(level): &a\(level) [\((0..<10).map { _ in "*a\(level - 1)" }.joined(separator: ", "))]\n"
    }
    let (documents, diagnostics) = read(text)
    #expect(documents.isEmpty)
    #expect(diagnostics.map(\.code) == [.yamlLimit])
    #expect(diagnostics[0].message == "the aliases of this file repeat more than 1000000 values")
  }

  @Test("expansion stops right after the limit")
  func expansionLimit() {
    var limits = YAMLLimits()
    limits.expandedNodes = 6
    #expect(read("[&a [1, 2], *a, *a]", limits).diagnostics.isEmpty)
    limits.expandedNodes = 5
    #expect(read("[&a [1, 2], *a, *a]", limits).diagnostics.map(\.code) == [.yamlLimit])
  }
}
