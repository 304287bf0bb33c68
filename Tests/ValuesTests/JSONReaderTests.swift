import Diagnostics
import TestSupport
import Testing
import Values

@Suite struct JSONReaderTests {
  private func refusal(_ text: String, file: String? = "a.json") -> Diagnostic? {
    refusal(Array(text.utf8), file: file)
  }

  private func refusal(_ bytes: [UInt8], file: String? = "a.json") -> Diagnostic? {
    do throws(JSONError) {
      _ = try JSONReader.parse(bytes, file: file)
      return nil
    } catch {
      return error.diagnostic
    }
  }

  @Test("integers, doubles and their spelling stay apart")
  func numbers() throws {
    let value = try JSONReader.parse(
      #"[1, 1.0, 1e2, -0, 123456789012345678901234567890, 9223372036854775807]"#)
    #expect(value.elements.map(\.kind) == [.int, .double, .double, .int, .int, .int])
    #expect(value.elements.map(\.spelling)[4] == "123456789012345678901234567890")
    #expect(value.elements.map(\.int) == [1, nil, nil, 0, nil, .max])
    #expect(value[2]?.double == 100)
    #expect(JSONWriter().text(value) == "[1,1.0,1e2,-0,123456789012345678901234567890,9223372036854775807]")
  }

  @Test("escapes are read, surrogate pairs joined")
  func escapes() throws {
    let value = try JSONReader.parse(
      #"{"a\n\"\\\/\b\f\r\t\u0041":"\ud83d\ude00 é plain tail of some length"}"#)
    let entry = try #require(value.entries.first { _ in true })
    #expect(entry.key == "a\n\"\\/\u{8}\u{C}\r\tA")
    #expect(entry.value.string == "😀 é plain tail of some length")
  }

  @Test(
    "a problem is named with its line and column",
    arguments: [
      (#"{"a": 1,1️⃣}"#, "expected a key in double quotes"),
      ("[1, 1️⃣x]", "expected a value"),
      ("[1 1️⃣2]", "expected `,` or `]`"),
      ("{\"é\" 1️⃣1}", "expected `:`"),
      ("[01️⃣1]", "expected `,` or `]`"),
      ("[1.1️⃣]", "expected a digit"),
      ("[-1️⃣]", "expected a digit"),
      ("\n [true, tru1️⃣]", "expected a value"),
      ("{} 1️⃣{}", "expected the end of the text"),
      ("[1,1️⃣", "the text ends where a value should stand"),
      ("[\"abc1️⃣", "the text ends where the closing `\"` of the string should stand"),
      ("[\"a1️⃣\u{1}\"]", "a control character must be escaped"),
      (#"["1️⃣\x"]"#, "unknown escape in a string"),
      (#"["1️⃣\ud800x"]"#, "half of a surrogate pair"),
      (#"["1️⃣\ude00"]"#, "half of a surrogate pair"),
      (#"["1️⃣\ud800A"]"#, "half of a surrogate pair"),
      ("1️⃣", "the text ends where a value should stand"),
    ])
  func problems(_ marked: String, _ message: String) throws {
    let text = MarkedText(marked)
    let diagnostic = try #require(refusal(text.text))
    #expect(diagnostic.message == message)
    guard !marked.contains("tru1️⃣") else { return }
    let place = text.marker(1)
    #expect(diagnostic.position == SourcePosition(file: "a.json", line: place.line, column: place.column))
  }

  @Test(
    "bytes that are no UTF-8 are refused where they stand",
    arguments: [
      [0xFF], [0xC0, 0x80], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC3], [0x80],
    ] as [[UInt8]])
  func encoding(_ bad: [UInt8]) throws {
    let bytes = Array("[\"long enough é".utf8) + bad + Array("\"]".utf8)
    let diagnostic = try #require(refusal(bytes))
    #expect(diagnostic.message == "the text is not UTF-8")
    #expect(diagnostic.position?.column == 16)
  }

  @Test("a repeated key is refused naming both places")
  func duplicateKeys() throws {
    let text = MarkedText("{\"x\": {1️⃣\"a\": 1,\n  \"b\": [{\"a\": 2}], 2️⃣\"\\u0061\": 3}}")
    let diagnostic = try #require(refusal(text.text))
    #expect(diagnostic.code == .jsonDuplicateKey)
    #expect(diagnostic.message == "the key `a` stands twice in one object")
    #expect(diagnostic.position == SourcePosition(file: "a.json", line: 2, column: text.marker(2).column))
    #expect(diagnostic.notes.first?.position == SourcePosition(file: "a.json", line: 1, column: 8))
    let nameless = try #require(refusal(#"{"a":1,"a":2}"#, file: nil))
    #expect(
      nameless.message
        == "the key `a` stands twice in one object at line 1, column 8 (first at line 1, column 2)")
  }

  @Test("positions of values and keys are recorded where a file is named")
  func positions() throws {
    let text = MarkedText("{\n  1️⃣\"é\": 2️⃣[3️⃣1, 4️⃣{5️⃣\"b\":\n6️⃣2}]}")
    let value = try JSONReader.parse(text.text, file: "a.json")
    func at(_ number: Int) -> SourcePosition {
      SourcePosition(file: "a.json", line: text.marker(number).line, column: text.marker(number).column)
    }
    let list = try #require(value["é"])
    #expect(value.entries.map(\.keyOrigin) == [at(1)])
    #expect(list.origin == at(2))
    #expect(list.elements.map(\.origin) == [at(3), at(4)])
    #expect(list[1]?.entries.map(\.keyOrigin) == [at(5)])
    #expect(list[1]?["b"]?.origin == at(6))
    #expect(try JSONReader.parse(text.text)["é"]?.origin == nil)
  }

  @Test("depth, size and number of values have limits")
  func limits() throws {
    var limits = JSONLimits()
    limits.depth = 3
    #expect(throws: Never.self) { try JSONReader.parse("[[[]]]", limits: limits) }
    #expect(throws: JSONError.self) { try JSONReader.parse("[[[[]]]]", limits: limits) }
    limits = JSONLimits()
    limits.nodes = 3
    #expect(throws: Never.self) { try JSONReader.parse("[1,2]", limits: limits) }
    #expect(throws: JSONError.self) { try JSONReader.parse("[1,2,3]", limits: limits) }
    limits = JSONLimits()
    limits.bytes = 3
    #expect(throws: Never.self) { try JSONReader.parse("[1]", limits: limits) }
    #expect(throws: JSONError.self) { try JSONReader.parse("[12]", limits: limits) }
  }

  @Test("a failed text leaves nothing in a shared builder")
  func rollback() throws {
    var builder = TapeBuilder()
    builder.beginList()
    try JSONReader.append(Array("{\"a\":[1]}".utf8), to: &builder)
    #expect(throws: JSONError.self) { try fail(&builder) }
    try JSONReader.append(Array("{\"lost\":2}".utf8), to: &builder)
    builder.endList()
    let value = builder.finish()
    #expect(value == [["a": [1]], ["lost": 2]])
    #expect(value.count == 2)
  }

  private func fail(_ builder: inout TapeBuilder) throws(JSONError) {
    try JSONReader.append(Array("{\"lost\":[1,[2,{\"x\":".utf8), to: &builder)
  }

  @Test("JSON lines share a tape and errors name the line of the whole text")
  func lines() throws {
    let values = try JSONLines.parse(Array("{\"a\":1}\n\n[2]\r\n3".utf8))
    #expect(values == [["a": 1], [2], 3])
    #expect(JSONWriter(.pretty).lines(values) == Array("{\"a\":1}\n[2]\n3\n".utf8))
    do {
      _ = try JSONLines.parse(Array("{}\n{} x\n".utf8), file: "log")
      Issue.record("the second line was accepted")
    } catch {
      #expect(error.diagnostic.position == SourcePosition(file: "log", line: 2, column: 4))
    }
  }
}
