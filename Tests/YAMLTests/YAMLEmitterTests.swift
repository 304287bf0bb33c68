import Diagnostics
import TestSupport
import Testing
import Values
import YAML

@Suite struct YAMLEmitterTests {
  @Test("values are written in block style")
  func style() {
    let value: Value = [
      "kind": "Network", "spec": ["cidr": "10.0.0.0/16", "empty": [:], "none": [], "on": nil],
      "list": [["a": 1, "b": [1, [2, 3]]], "x", [[]]], "text": "first\n  second\n\nlast\n", "open": "a\nb",
    ]
    #expect(
      YAMLEmitter().text(value) == """
        kind: Network
        spec:
          cidr: 10.0.0.0/16
          empty: {}
          none: []
          "on": null
        list:
        - a: 1
          b:
          - 1
          - - 2
            - 3
        - x
        - - []
        text: |
          first
            second

          last
        open: |-
          a
          b

        """)
  }

  @Test(
    "text that a reader could take for something else is quoted",
    arguments: [
      "", " a", "a ", "yes", "No", "ON", "off", "y", "null", "~", "true", "012", "1e3", "1_000", "0x1F",
      "0o17", "1.5",
      ".5", ".inf", "-.INF", ".nan", "2001-01-01", "2001-01-01T00:00:00Z", "12:30:45", "190:20:30", "-1",
      "+1", "a: b", "a:",
      "a #b", "#a", "- a", "-", "? a", "*a", "&a", "!a", "%a", "@a", "`a", "{a", "[a", "|", ">", "'a'",
      "\"a\"", "<<", "=",
      "---", "--- a", "...", "a\tb", "\u{85}", "\u{2028}", "\u{FEFF}a", "\u{7F}", ",a", "]",
      "123456789012345678901234567890",
    ])
  func quoting(_ text: String) {
    let written = YAMLEmitter().text(["k": .string(text)])
    #expect(written.hasPrefix("k: \""), "\(written)")
    check(["k": .string(text), text: [.string(text)]])
  }

  @Test(
    "ordinary text stays plain",
    arguments: [
      "us-west-2a", "10.0.0.0/16", "10.0.0.1", "arn:aws:iam::123456789012:role/x", "a#b", "${var.nat}", "8Ti",
      "é😀",
      "-x", "a: ".dropLast().description + "b", "nullable", "m5.large", "https://x.test/?a=b&c=d", "v1.2.3",
      "sg-0a1b",
    ])
  func plain(_ text: String) {
    #expect(YAMLEmitter().text(["k": .string(text)]) == "k: \(text)\n")
    check(["k": .string(text)])
  }

  @Test(
    "numbers keep their kind",
    arguments: [
      (.int(0), "0"), (.int(-5), "-5"), (.double(1), "1.0"), (.double(1e22), "1.0e+22"),
      (.double(1.5e-9), "1.5e-09"),
      (.double(.infinity), ".inf"), (.double(.nan), ".nan"),
    ] as [(Value, String)])
  func numbers(_ value: Value, _ text: String) {
    #expect(YAMLEmitter().text(["k": value]) == "k: \(text)\n")
  }

  @Test("secrets are redacted unless they are asked for")
  func secrets() {
    let value = Value.map([("p", Value.string("hunter2").markedSensitive), ("u", .unknown(Slot(index: 1)))])
    #expect(YAMLEmitter().text(value) == "p: \"(sensitive)\"\nu: \"(known after apply)\"\n")
    #expect(YAMLEmitter(secrets: .revealed).text(value).hasPrefix("p: hunter2\n"))
  }

  @Test("what is written reads back equal", arguments: [11, 12, 13, 14, 15, 16] as [UInt64])
  func roundTrip(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<150 { check(YAMLSample.make(&generator), "seed \(seed)") }
    let documents = (0..<5).map { _ in YAMLSample.make(&generator) }
    let read = YAMLReader.parse(Array(YAMLEmitter().stream(documents).utf8), file: "f")
    #expect(read.documents == documents, "seed \(seed)")
  }

  @Test("a very long key is still a key")
  func longKey() {
    let long = String(repeating: "k", count: 5_000)
    check([long: [["a": 1, long: "b"]], String(repeating: "\u{1}", count: 400): [long: [[long: 1]]]])
  }

  private func check(_ value: Value, _ comment: String = "") {
    let text = YAMLEmitter().text(value)
    let read = YAMLReader.parse(Array(text.utf8), file: "f")
    #expect(read.diagnostics.isEmpty, "\(comment)\n\(text)")
    #expect(read.documents == [value], "\(comment)\n\(text)")
  }
}

/// Random values with texts made of what is awkward in YAML.
enum YAMLSample {
  private static let pieces = [
    "a", " ", "  ", "\n", ":", ": ", "#", " #", "-", "- ", "yes", "1", "0x", ".", "'", "\"", "\\", "{", "}",
    "[", "]", ",",
    "&", "*", "!", "|", ">", "%", "@", "`", "?", "~", "null", "\t", "é", "😀", "\u{0}", "\u{85}", "\r", "---",
    "<<", "=", "e3",
  ]

  static func make(_ generator: inout SeededGenerator, depth: Int = 0) -> Value {
    switch Int.random(in: 0..<(depth > 4 ? 6 : 10), using: &generator) {
    case 0: return .null
    case 1: return .bool(.random(using: &generator))
    case 2:
      return .int(
        Int.random(in: .min ... .max, using: &generator) >> Int.random(in: 0..<64, using: &generator))
    case 3:
      return .double(Double(bitPattern: UInt64.random(in: 0..<0x7FF0_0000_0000_0000, using: &generator)))
    case 4, 5: return .string(text(&generator))
    case 6, 7:
      return .list(
        (0..<Int.random(in: 0..<4, using: &generator)).map { _ in make(&generator, depth: depth + 1) })
    default:
      return .map(
        (0..<Int.random(in: 0..<4, using: &generator)).map { position in
          (text(&generator) + "\(position)", make(&generator, depth: depth + 1))
        })
    }
  }

  private static func text(_ generator: inout SeededGenerator) -> String {
    (0..<Int.random(in: 0..<6, using: &generator)).map { _ in pieces.randomElement(using: &generator) ?? "" }
      .joined()
  }
}
