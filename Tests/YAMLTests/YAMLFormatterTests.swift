import TestSupport
import Testing
import Values
import YAML

@Suite struct YAMLFormatterTests {
  private func format(_ text: String) -> String? {
    YAMLFormatter.format(Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) }
  }

  @Test("a carriage return alone ends a line, as YAML says, and formatting again changes nothing")
  func carriageReturns() throws {
    #expect(format("a: 1 \rb: 2\r\nc: 3\r") == "a: 1\nb: 2\nc: 3\n")
    for text in ["- - b\r \n  - c: d\n    ? e\n    : f\n", "a:\r    - b\r    -  c\n", "a: b\u{85}    \nc:\n    d: 1\n"]
    {
      let once = try #require(format(text))
      #expect(format(once) == once)
    }
  }

  @Test("levels are indented by two, and comments, order and style stay")
  func indentation() {
    let source = """
      # head
      apiVersion:   v1   # kept
      metadata:
          # about the name
          name: "x"
          labels: {a: 1,
                   b: 2}
      spec:
          list:
              -   key: a
                  more:
                     - 1
                     -  2
              # next
              - key: b
          same:
          - x
          -   - deep
              - deeper
          text: |
              one
                two
          folded: >-
             a
             b
          quoted: "first
            second"
      # tail
      """
    #expect(
      format(source) == """
        # head
        apiVersion:   v1   # kept
        metadata:
          # about the name
          name: "x"
          labels: {a: 1,
                   b: 2}
        spec:
          list:
            - key: a
              more:
                - 1
                - 2
            # next
            - key: b
          same:
          - x
          - - deep
            - deeper
          text: |
              one
                two
          folded: >-
             a
             b
          quoted: "first
            second"
        # tail

        """)
  }

  @Test("spaces at line ends, runs of empty lines and CR LF go")
  func spaces() {
    #expect(
      format("\n\na: 1  \r\n\r\n\r\n\r\nb: |\r\n  x\r\n\r\n\r\n  y\r\n\r\n\r\n")
        == "a: 1\n\nb: |\n  x\n\n\n  y\n")
    #expect(format("") == "")
    #expect(format("# only\n\n") == "# only\n")
    #expect(format("---\n   a: 1\n---\n\n\nb:\n    - 1\n...\n") == "---\na: 1\n---\n\nb:\n  - 1\n...\n")
  }

  @Test("a file that is right already stays as it is, and formatting twice changes nothing")
  func idempotence() {
    for text in ["a:\n  b: 1\n", "- a\n- b\n", "a: |2\n    x\n  y\n", "a: |+\n  x\n\n\n"] {
      #expect(format(text) == text)
    }
    let once = format("a:\n      b:\n        -   c: 1\n            d: {\n  e: 2}\n")
    #expect(once.flatMap(format) == once)
  }

  @Test("invalid files are refused")
  func invalid() {
    #expect(format("a: [") == nil)
    #expect(YAMLFormatter.format([0x61, 0x3A, 0x20, 0xFF]) == nil)
  }

  @Test("the values of what was emitted never change", arguments: [21, 22, 23] as [UInt64])
  func emitted(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<100 {
      let value = YAMLSample.make(&generator)
      let text = YAMLEmitter().text(value)
      let formatted = format(text) ?? ""
      let read = YAMLReader.parse(Array(formatted.utf8), file: "f")
      #expect(read.documents == [value], "seed \(seed)\n\(text)\n\(formatted)")
      #expect(format(formatted) == formatted, "seed \(seed)\n\(text)")
    }
  }
}
