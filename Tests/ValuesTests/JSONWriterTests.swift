import TestSupport
import Testing
import Values

@Suite struct JSONWriterTests {
  @Test("pretty and compact keep the order of entries")
  func layouts() {
    let value: Value = ["b": [1, [], [:]], "a": ["x": nil, "y": true]]
    #expect(JSONWriter().text(value) == #"{"b":[1,[],{}],"a":{"x":null,"y":true}}"#)
    #expect(
      JSONWriter(.pretty).text(value) == """
        {
          "b": [
            1,
            [],
            {}
          ],
          "a": {
            "x": null,
            "y": true
          }
        }
        """)
  }

  @Test("control characters, quotes and backslashes are escaped, nothing else")
  func escapes() {
    #expect(
      JSONWriter().text("a/é\"\\\u{1F}\n😀\u{7F} long tail \u{0}")
        == "\"a/é\\\"\\\\\\u001f\\n😀\u{7F} long tail \\u0000\"")
  }

  @Test("secrets are redacted unless they are asked for")
  func secrets() {
    let value = Value.map([("password", Value.map([("inner", "hunter2")]).markedSensitive), ("user", "ana")])
    #expect(JSONWriter().text(value) == #"{"password":"(sensitive)","user":"ana"}"#)
    #expect(JSONWriter(secrets: .revealed).text(value) == #"{"password":{"inner":"hunter2"},"user":"ana"}"#)
    #expect(!value.canonicalBytes().contains(Array("hunter2".utf8)))
    #expect(value.canonicalBytes(secrets: .revealed).contains(Array("hunter2".utf8)))
  }

  @Test("an unknown value is a text, or what the caller says")
  func unknowns() {
    let value: Value = [.unknown(Slot(index: 4))]
    #expect(JSONWriter().text(value) == #"["(known after apply)"]"#)
    let writer = JSONWriter(unknowns: .replaced { slot in ["slot": .int(Int(slot.index))] })
    #expect(writer.text(value) == #"[{"slot":4}]"#)
  }

  @Test(
    "numbers that YAML spells its own way become JSON",
    arguments: [
      ("0x1F", "31"), ("0o17", "15"), ("+12", "12"), ("007", "7"), ("-0x10", "-16"),
      ("0xFFFFFFFFFFFFFFFFFF", "4722366482869645213695"), ("-000", "0"),
    ])
  func integers(_ spelling: String, _ json: String) {
    let value = Value.build { builder in
      var spelling = spelling
      spelling.withUTF8 { builder.int(spelling: $0) }
    }
    #expect(JSONWriter().text(value) == json)
    #expect(String(decoding: value.canonicalBytes(), as: UTF8.self) == json)
  }

  @Test(
    "doubles that YAML spells its own way become JSON",
    arguments: [
      (".5", "0.5"), ("1.", "1.0"), ("+1.5", "1.5"), (".inf", "\".inf\""), ("1e3", "1e3"),
    ])
  func doubles(_ spelling: String, _ json: String) {
    let value = Value.build { builder in
      var spelling = spelling
      spelling.withUTF8 { builder.double(spelling: $0) }
    }
    #expect(JSONWriter().text(value) == json)
  }

  @Test("the canonical form is one for all equal values and differs for different ones")
  func canonical() throws {
    func text(_ json: String) throws -> String {
      String(decoding: try JSONReader.parse(json).canonicalBytes(), as: UTF8.self)
    }
    #expect(
      try text(#"{"b": 1, "a": {"z": 1.50, "é": 1E2, "A": -0}}"#) == #"{"a":{"A":0,"z":1.5,"é":100.0},"b":1}"#
    )
    #expect(try text("[1.0]") != text("[1]"))
    #expect(try text("[-0.0]") == text("[0.0]"))
    #expect(Value.unknown(Slot(index: 1)).canonicalBytes() != Value.string("?1").canonicalBytes())
  }

  @Test("what is written reads back equal", arguments: [1, 2, 3, 4, 5] as [UInt64])
  func roundTrip(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<100 {
      let value = ValueSample.make(&generator)
      for writer in [JSONWriter(), JSONWriter(.pretty)] {
        let text = writer.text(value)
        #expect(try JSONReader.parse(text) == value, "seed \(seed): \(text)")
        #expect(
          try JSONReader.parse(text).canonicalBytes() == value.canonicalBytes(), "seed \(seed): \(text)")
      }
    }
  }
}

/// Random values of all kinds but unknown, with awkward texts.
enum ValueSample {
  static let texts = [
    "", "a", "é😀", "\u{0}\u{1F}", "\"\\/", "long text without anything special in it", "\n", "0", "null",
  ]

  static func make(_ generator: inout SeededGenerator, depth: Int = 0) -> Value {
    switch Int.random(in: 0..<(depth > 3 ? 5 : 7), using: &generator) {
    case 0: return .null
    case 1: return .bool(.random(using: &generator))
    case 2:
      return .int(
        Int.random(in: .min ... .max, using: &generator) >> Int.random(in: 0..<64, using: &generator))
    case 3:
      return .double(Double(bitPattern: UInt64.random(in: 0..<0x7FF0_0000_0000_0000, using: &generator)))
    case 4: return .string(text(&generator))
    case 5:
      return .list(
        (0..<Int.random(in: 0..<5, using: &generator)).map { _ in make(&generator, depth: depth + 1) })
    default:
      return .map(
        (0..<Int.random(in: 0..<5, using: &generator)).map { position in
          (text(&generator) + "\(position)", make(&generator, depth: depth + 1))
        })
    }
  }

  private static func text(_ generator: inout SeededGenerator) -> String {
    (0..<Int.random(in: 0..<4, using: &generator)).map { _ in texts.randomElement(using: &generator) ?? "" }
      .joined()
  }
}
