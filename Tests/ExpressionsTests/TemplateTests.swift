import Diagnostics
import Expressions
import TestSupport
import Testing
import Values

@Suite("Templates")
struct TemplateTests {
  private func evaluate(_ source: String, _ known: [String: Value] = [:]) -> TemplateResult {
    Template(source: source).evaluate { known[$0.description] }
  }

  private func value(_ source: String, _ known: [String: Value] = [:]) -> Value? {
    guard case .value(let value) = evaluate(source, known) else { return nil }
    return value
  }

  @Test("where nothing is checked, a list beside text is no problem before it is evaluated")
  func unchecked() {
    let template = Template(source: "a ${[1]} ${b}", in: ExpressionEnvironment(checking: .none))
    #expect(template.diagnostics.isEmpty && template.expressionRanges == [2..<8, 9..<13])
    guard case .failed = template.evaluate({ _ in nil }) else {
      Issue.record("a list stood in a text")
      return
    }
  }

  @Test(
    "a single expression keeps its kind",
    arguments: [
      ("${1}", 1), ("${-7}", -7), ("${0x10}", 16), ("${1.5}", 1.5), ("${-2.5e1}", -25.0), ("${true}", true),
      ("${null}", nil),
      ("${'a'}", "a"), ("${ \"a\" }", "a"), ("${[1, 'b', [true]]}", [1, "b", [true]]),
      ("${{'a': 1, 'b': {}}}", ["a": 1, "b": [:]]),
      ("${{'a': [1, 2]}.a[1]}", 2), ("${[[1]][0][0]}", 1), ("${('x')}", "x"), ("${[1,]}", [1]),
    ] as [(String, Value)])
  func wholeExpression(_ source: String, _ expected: Value) {
    #expect(value(source) == expected)
  }

  @Test(
    "escapes of string literals",
    arguments: [
      (#"${"a\tb\n\\\"\'"}"#, "a\tb\n\\\"'"), (#"${'\x41\u00e9\U0001F600\101'}"#, "Aé😀A"),
      (#"${r"\n"}"#, #"\n"#),
      (#"${"""a"b"""}"#, "a\"b"), ("${'}'}", "}"), ("${'${'}", "${"), ("${'''it's'''}", "it's"),
      ("${''}", ""),
    ])
  func escapes(_ source: String, _ expected: String) {
    #expect(value(source)?.string == expected)
  }

  @Test(
    "text around expressions makes a text",
    arguments: [
      ("plain", "plain"), ("", ""), ("a-${1}-${true}", "a-1-true"), ("$${x}", "${x}"),
      ("$${a:b}${'c'}", "${a:b}c"), ("$5 $$", "$5 $$"),
      (" ${'a'} ", " a "), ("${1.5}x", "1.5x"), ("é${'ü'}", "éü"),
    ])
  func texts(_ source: String, _ expected: String) {
    #expect(value(source)?.string == expected)
  }

  @Test(
    "references name a manifest and a path",
    arguments: [
      ("${aws.Vpc[\"prod-net\"].id}", "aws.Vpc/prod-net", "id"), ("${aws.Vpc.main.id}", "aws.Vpc/main", "id"),
      ("${aws.Role['r'].tags[\"a b\"]}", "aws.Role/r", "tags[\"a b\"]"),
      ("${aws.RouteTable.t.routes[0].gatewayId}", "aws.RouteTable/t", "routes[0].gatewayId"),
      ("${Network[\"prod\"].outputs.vpcId}", "Network/prod", "outputs.vpcId"),
      (
        "${kubernetes.ResourceQuota[\"recsys/gpus\"].status}", "kubernetes.ResourceQuota/recsys/gpus",
        "status"
      ),
      ("arn:${ aws.Bucket.b.arn }/*", "aws.Bucket/b", "arn"),
    ])
  func references(_ source: String, _ subject: String, _ path: String) {
    let template = Template(source: source)
    #expect(template.diagnostics.isEmpty)
    #expect(template.references.map(\.subject) == [subject])
    #expect(template.references.map(\.path.description) == [path])
  }

  @Test("a reference stands once in the list, however often it is read")
  func uniqueReferences() {
    let template = Template(source: "${aws.A.a.id}${aws.A.b.id}${aws.A['a'].id}")
    #expect(template.references.map(\.subject) == ["aws.A/a", "aws.A/b"])
  }

  @Test("an index that must be computed reads both references")
  func computedIndex() {
    let source = "${aws.A.a.map[aws.B.b.name]}"
    #expect(Template(source: source).references.map(\.description) == ["aws.A/a.map", "aws.B/b.name"])
    #expect(value(source, ["aws.A/a.map": ["k": 5], "aws.B/b.name": "k"]) == 5)
  }

  @Test("what is not known yet is listed")
  func unknown() {
    guard
      case .unknown(let awaiting) = evaluate("${aws.A.a.id}-${aws.A.b.id}-${aws.A.c.id}", ["aws.A/b.id": "x"])
    else {
      Issue.record("expected an unknown")
      return
    }
    #expect(awaiting.map(\.subject) == ["aws.A/a", "aws.A/c"])
  }

  @Test("an unknown inside a resolved value is unknown")
  func nestedUnknown() {
    let half = Value.map([("a", .unknown(Slot(index: 3))), ("b", 1)])
    guard case .unknown(let awaiting) = evaluate("${aws.A.a.tags}", ["aws.A/a.tags": half]) else {
      Issue.record("expected an unknown")
      return
    }
    #expect(awaiting.map(\.description) == ["aws.A/a.tags"])
  }

  @Test("a secret makes the text around it secret")
  func secrets() {
    #expect(
      value("a-${aws.A.a.key}", ["aws.A/a.key": Value.string("s").markedSensitive])?.isSensitive == true)
    #expect(value("a-${aws.A.a.key}", ["aws.A/a.key": "s"])?.isSensitive == false)
  }

  @Test(
    "what cannot be evaluated fails with its code",
    arguments: [
      ("a${[1]}", 1308), ("a${null}", 1308), ("${[1][4]}", 1309), ("${{'name': 1}.nmae}", 1309),
      ("${{1: 2}}", 1312),
      ("${{'a': 1, 'a': 2}}", 1313), ("${x", 1302), ("${dyn(1)[0]}", 1311), ("${1 / 0}", 1313),
    ])
  func failures(_ source: String, _ code: Int) {
    guard case .failed(let problem) = evaluate(source) else {
      Issue.record("expected a failure of \(source)")
      return
    }
    #expect(problem.code.number == code)
  }

  @Test("a macro goes over a list whose type is found out on the way")
  func macroOverInferredList() {
    let environment = ExpressionEnvironment(variables: ["a": .dyn])
    for text in ["([] + [1]).exists(x, x == 1)", "(a.?b.orValue([]) + a.?c.orValue([])).all(x, x == 1)"] {
      let (program, problems) = Program.compile(text, in: environment, expecting: .bool)
      #expect(problems.isEmpty)
      #expect(program?.evaluate(Activation(["a": .value(["b": [1]])])).isTrue == true)
    }
  }

  @Test("a template read again from its source is the same")
  func sourceSuffices() {
    let first = Template(source: "x${aws.Vpc[\"a-b\"].id}$${y}")
    let second = Template(source: first.source)
    #expect(first.references == second.references)
    guard case .value(let value) = second.evaluate({ _ in "v" }) else {
      Issue.record("expected a value")
      return
    }
    #expect(value.string == "xv${y}")
  }
}
