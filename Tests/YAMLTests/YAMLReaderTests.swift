import Diagnostics
import TestSupport
import Testing
import Values
import YAML

@Suite struct YAMLReaderTests {
  private func documents(_ text: String) -> [Value] {
    let (documents, diagnostics) = YAMLReader.parse(Array(text.utf8), file: "f.yaml")
    #expect(diagnostics.isEmpty, "\(diagnostics)")
    return documents
  }

  private func diagnostics(_ text: String, limits: YAMLLimits = YAMLLimits()) -> [Diagnostic] {
    YAMLReader.parse(Array(text.utf8), file: "f.yaml", limits: limits).diagnostics
  }

  private func place(_ text: MarkedText, _ marker: Int) -> SourcePosition {
    SourcePosition(file: "f.yaml", line: text.marker(marker).line, column: text.marker(marker).column)
  }

  @Test(
    "plain scalars follow the core schema of YAML 1.2",
    arguments: [
      ("~", .null), ("null", .null), ("Null", .null), ("NULL", .null), ("nULL", .string),
      ("true", .bool), ("FALSE", .bool), ("False", .bool), ("tRue", .string),
      ("0", .int), ("-12", .int), ("+3", .int), ("007", .int), ("0o17", .int), ("0x1F", .int),
      ("0o8", .string),
      ("1_000", .string), ("0b1", .string), ("12e", .string), ("+", .string), (".", .string),
      ("1.", .double), (".5", .double), ("-1.5e+3", .double), ("1e3", .double), (".inf", .double),
      ("-.INF", .double),
      (".NaN", .double), ("-.nan", .string), ("1.2.3", .string), ("10.0.0.0/16", .string),
      ("2001-01-01", .string),
      ("12:30", .string), ("0x", .string), ("0xG", .string), ("us-west-2a", .string), ("nullable", .string),
    ] as [(String, Value.Kind)])
  func coreSchema(_ text: String, _ kind: Value.Kind) {
    let value = documents("- \(text)")[0][0]
    #expect(value?.kind == kind)
    #expect(documents("- \"\(text)\"")[0][0]?.string == text)
  }

  @Test("numbers have their values in every spelling")
  func numbers() {
    let list = documents("[0x1F, 0o17, +3, 007, -0, .5, 1., 1e3, 123456789012345678901234567890]")[0]
    #expect(list.elements.map(\.int) == [31, 15, 3, 7, 0, nil, nil, nil, nil])
    #expect(list.elements.map(\.double) == [31, 15, 3, 7, 0, 0.5, 1, 1000, 1.2345678901234568e29])
    #expect(list[8]?.spelling == "123456789012345678901234567890")
  }

  @Test(
    "words that were Booleans stay text and draw a warning each",
    arguments: ["yes", "No", "ON", "off", "y", "N"])
  func ambiguousWords(_ word: String) {
    let text = MarkedText("a: 1️⃣\(word)\n\(word): \"\(word)\"\nb: [2️⃣\(word), x]")
    let (documents, diagnostics) = YAMLReader.parse(Array(text.text.utf8), file: "f.yaml")
    #expect(documents[0]["a"]?.string == word)
    #expect(diagnostics.map(\.position) == [place(text, 1), place(text, 2)])
    #expect(diagnostics.allSatisfy { $0.severity == .warning && $0.code == .yamlAmbiguousWord })
  }

  @Test("every value and key knows its line and column")
  func positions() {
    let text = MarkedText(
      """
      # ü
      1️⃣kind: 2️⃣Network
      3️⃣spec:
        4️⃣"ü": 5️⃣[6️⃣1, 7️⃣{8️⃣a: 9️⃣b}]
      ---
      last: |
        text
      """)
    let value = documents(text.text)[0]
    #expect(value.origin == place(text, 1))
    #expect(value.entries.map(\.keyOrigin) == [place(text, 1), place(text, 3)])
    #expect(value["kind"]?.origin == place(text, 2))
    #expect(value["spec"]?.origin == place(text, 4))
    let list = value["spec"]?["ü"]
    #expect(value["spec"]?.entries.map(\.keyOrigin) == [place(text, 4)])
    #expect(list?.origin == place(text, 5))
    #expect(list?.elements.map(\.origin) == [place(text, 6), place(text, 7)])
    #expect(list?[1]?.entries.map(\.keyOrigin) == [place(text, 8)])
    #expect(list?[1]?["a"]?.origin == place(text, 9))
  }

  @Test("a key far above its value falls back to the value's place")
  func farKey() {
    let gap = String(repeating: "\n", count: 70)
    let entry = documents("a:\(gap)  b")[0].entries.first { _ in true }
    #expect(entry?.keyOrigin == SourcePosition(file: "f.yaml", line: 71, column: 3))
  }

  @Test("a stream has many documents, and empty ones are null")
  func streams() {
    #expect(documents("a: 1\n---\nb: 2\n...\n---\n---\n- 3\n") == [["a": 1], ["b": 2], nil, [3]])
    #expect(documents("") == [])
    #expect(documents("# only a comment\n") == [])
    #expect(documents("\u{FEFF}a: 1") == [["a": 1]])
    #expect(documents("%YAML 1.2\n---\na: 1\r\nb: 2\r\n") == [["a": 1, "b": 2]])
  }

  @Test("plain text is told from quoted text")
  func plainMark() {
    let list = documents("[a, \"a\", 'a']")[0]
    #expect(list.elements.map(\.isPlain) == [true, false, false])
    #expect(list == ["a", "a", "a"])
  }

  @Test("tags of the core schema are obeyed, others refused")
  func tags() {
    #expect(
      documents("[!!str 1, !!float 1, !!int 0x1F, !!bool true, !!null ~, ! 12]")[0].elements.map(\.kind)
        == [.string, .double, .int, .bool, .null, .string])
    #expect(documents("!!map {a: !!seq []}") == [["a": []]])
    for (text, message) in [
      ("!!int x", "`x` does not fit its tag `!!int`"), ("!!binary aGk=", "the tag `!!binary` is not known"),
      ("!Ref x", "the tag `!Ref` is not known"), ("!!set {a: }", "the tag `!!set` is not known"),
      ("!!map [a]", "the tag `!!map` is not known"),
    ] {
      #expect(diagnostics("a: \(text)").map(\.message) == [message])
    }
  }
}
