import Diagnostics
import Expressions
import TestSupport
import Testing
import Values

@Suite("Programs")
struct ProgramTests {
  private let environment = ExpressionEnvironment(
    variables: ["object": .dyn, "count": .int, "names": .list(.string)], readsManifests: true)

  private func program(_ source: String) throws -> Program {
    let (program, problems) = Program.compile(source, in: environment)
    return try #require(program, "\(source): \(problems.map(\.message))")
  }

  private func value(_ source: String, _ activation: Activation = Activation()) throws -> Operand? {
    guard case .value(let operand) = try program(source).evaluate(activation).outcome else { return nil }
    return operand
  }

  @Test(
    "the type of an expression is found before it is evaluated",
    arguments: [
      ("1 + 2", "int"), ("names.map(n, n.size())", "list(int)"), ("count > 1 ? 'a' : 'b'", "string"),
      ("count > 1 ? 'a' : 1", "dyn"), ("{'a': [1]}", "map(string, list(int))"), ("names[?0]", "optional_type(string)"),
      ("names[?0].optMap(n, n.size()).orValue(0)", "int"), ("object.spec", "dyn"), ("[]", "list(dyn)"),
      ("names.transformMap(i, n, n + 'x')", "map(int, string)"), ("timestamp('2026-01-01T00:00:00Z')", "timestamp"),
      ("type(1)", "type(int)"), ("[[], [1]]", "list(list(int))"), ("cel.bind(x, names, x[0])", "string"),
      ("names.sortBy(n, n.size())", "list(string)"), ("aws.Vpc.main.id", "dyn"), ("[1, 'a']", "list(dyn)"),
    ])
  func types(_ source: String, _ type: String) throws {
    #expect(try program(source).type.description == type)
  }

  @Test("a reference takes the type that the environment knows")
  func referenceType() throws {
    var typed = environment
    typed.referenceType = { $0.path.description == "cidrBlock" ? .string : nil }
    let (_, problems) = Program.compile("aws.Vpc.main.cidrBlock + 1 > 2", in: typed)
    #expect(problems.map(\.code) == [.operandType])
    #expect(Program.compile("aws.Vpc.main.cidrBlock + 'x'", in: typed).program?.type == .string)
  }

  @Test("a document is read where it lies; positions of lists, keys with any text, numbers by value")
  func documents() throws {
    let document: Value = [
      "spec": ["ports": [["number": 80], ["number": 443.0]], "app.kubernetes.io/name": "web", "big": 2]
    ]
    let activation = Activation(["object": .value(document)])
    let rules = [
      "object.spec.ports[1].number == 443", "object.spec.ports.exists(p, p.number == 80)",
      "object.spec.`app.kubernetes.io/name` == 'web'", "object.spec['app.kubernetes.io/name'].startsWith('we')",
      "has(object.spec.ports) && !has(object.spec.port)", "object.spec.big * 2 == 4", "size(object.spec.ports) == 2",
      "object.spec.?missing.orValue('none') == 'none'", "'ports' in object.spec",
      "object.spec.all(key, key != 'x')", "object.spec.ports == [{'number': 80}, {'number': 443}]",
      "object.spec.ports.map(p, p.number).sortBy(n, -double(n))[0] == 443",
    ]
    for rule in rules {
      #expect(try program(rule).evaluate(activation).isTrue, "\(rule)")
    }
  }

  @Test("a program says what it reads from other manifests, but for the variables of its macros")
  func references() throws {
    let source =
      "names.map(Network, Network + aws.Vpc['a b'].tags.team)"
      + " == [aws.Vpc['a b'].tags.team] + [Network['p'].outputs.x[0]]"
    #expect(try program(source).references.map(\.description) == ["aws.Vpc/a b.tags.team", "Network/p.outputs.x[0]"])
  }

  @Test("has() of a reference asks what is above it")
  func presence() throws {
    let program = try program("has(aws.Vpc.main.tags.team) && aws.Vpc.main.tags.team == 'x'")
    #expect(program.references.map(\.path.description) == ["tags", "tags.team"])
    let tags: Value = ["team": "x"]
    let activation = Activation([:], resolve: { .value($0.path.segments.count == 1 ? tags : "x") })
    #expect(program.evaluate(activation).isTrue)
  }

  @Test("what is wrong stands where it is written, for every problem")
  func positions() {
    let text = MarkedText("names.1️⃣al(x, true) && 2️⃣cont > 1 && count 3️⃣== 'a'")
    let (program, problems) = Program.compile(text.text, in: environment) {
      SourcePosition(file: "f", line: 1, column: $0 + 1)
    }
    #expect(program == nil)
    #expect(problems.map { ($0.position?.column ?? 0) - 1 } == (1...3).map { text.marker($0).offset })
  }

  @Test("constants are computed once, and what fails waits until it is reached")
  func constants() throws {
    #expect(try program("1 + 2 * 3").evaluate().cost == 1)
    #expect(try program("'a' + 'b' == 'ab' || 1 / 0 > 1").evaluate().isTrue)
    #expect(try program("count > 1 || 1 / 0 > 1").evaluate(Activation(["count": .int(2)])).isTrue)
  }

  @Test("work, sizes and nesting are limited; && and || do not absorb a limit")
  func limits() throws {
    let numbers = "[1, 2, 3, 4, 5, 6, 7, 8].map(x, x + count)"
    let many = "\(numbers).all(a, \(numbers).all(b, \(numbers).all(c, a + b + c > 0)))"
    let activation = Activation(["count": .int(1)])
    #expect(try program(many).evaluate(activation).isTrue)
    for source in [many, "true || false || \(many)", "\(many) || count == 1"] {
      let result = try program(source).evaluate(activation, limits: EvaluationLimits(cost: 200))
      if source.hasPrefix("true") { continue }
      guard case .failed(let problem) = result.outcome else {
        Issue.record("\(source): \(result.outcome)")
        continue
      }
      #expect(problem.code == .expressionLimit)
    }
    let doubling = String(repeating: "cel.bind(s, s + s, ", count: 30) + "s" + String(repeating: ")", count: 30)
    let (large, _) = Program.compile("cel.bind(s, string(count), \(doubling))", in: environment)
    guard case .failed(let problem)? = large?.evaluate(activation).outcome else {
      Issue.record("a text of a gigabyte was made")
      return
    }
    #expect(problem.code == .expressionLimit)
    let chain = Array(repeating: "1", count: ExpressionLimits.height + 1).joined(separator: " + ")
    #expect(Program.compile(chain, in: environment).diagnostics.map(\.code) == [.expressionLimit])
    let steps = Array(repeating: "count", count: ExpressionLimits.height - 1).joined(separator: " + ")
    #expect(try program(steps + " == \(ExpressionLimits.height - 1)").evaluate(activation).isTrue)
    let wide = "[" + Array(repeating: "1", count: ExpressionLimits.width + 1).joined(separator: ",") + "]"
    #expect(Program.compile(wide, in: environment).diagnostics.first?.code == .expressionLimit)
    let wrong = Array(repeating: "ghost", count: 40).joined(separator: " && ")
    #expect(Program.compile(wrong, in: environment).diagnostics.count == ExpressionLimits.problems)
    let conjunction = Array(repeating: "count > 0", count: 5_000).joined(separator: " && ")
    #expect(try program(conjunction).evaluate(activation).isTrue)
  }

  @Test("reading a secret makes the result one, also where only its length or equality shows")
  func secrets() throws {
    let document = Value.map([("open", "a"), ("secret", Value.string("hunter2").markedSensitive)])
    let activation = Activation(["object": .value(document)])
    for source in [
      "object.secret", "size(object.secret)", "object.secret == 'x'", "object == {'open': 'a'}", "[object.secret]",
    ] {
      #expect(try program(source).evaluate(activation).isSensitive, "\(source)")
    }
    for source in ["object.open", "has(object.secret)"] {
      #expect(try !program(source).evaluate(activation).isSensitive, "\(source)")
    }
  }

  @Test("what is left of an expression never shows a secret")
  func residualSecrets() throws {
    let document = Value.map([("open", "a"), ("secret", Value.string("hunter2").markedSensitive)])
    let activation = Activation(["object": .value(document)])
    for source in ["object.secret + aws.Vpc.main.id", "{'all': object, 'id': aws.Vpc.main.id}"] {
      #expect(try program(source).residual(activation) { _ in nil } == nil, "\(source)")
      let template = Template(source: "${\(source)} and ${object.secret}", in: environment)
      #expect(template.residual(activation) { _ in nil } == nil, "\(source)")
    }
    #expect(
      Template(source: "x${object.secret}${aws.Vpc.main.id}", in: environment).residual(activation) { _ in nil } == nil)
    #expect(try program("object.open + aws.Vpc.main.id").residual(activation) { _ in nil }?.contains("\"a\"") == true)
  }

  @Test("a result becomes a value of a document")
  func edges() throws {
    func text(_ source: String) throws -> String {
      String(decoding: JSONWriter().bytes(try #require(try value(source)).value()), as: UTF8.self)
    }
    #expect(try text("{'a': [1, 2.5, true, null, 'x'], 'b': {}}") == #"{"a":[1,2.5,true,null,"x"],"b":{}}"#)
    #expect(
      try text("[18446744073709551615u, b'hi', timestamp('2026-03-01T10:20:30.50+01:00'), duration('1h1ms')]")
        == #"[18446744073709551615,"aGk=","2026-03-01T09:20:30.5Z","3600.001s"]"#)
    #expect(try text("optional.of(['a'])") == #"["a"]"#)
    for source in ["1.0 / 0.0", "type(1)", "optional.none()", "{1: 2}"] {
      let operand = try #require(try value(source))
      #expect(throws: EvaluationError.self, "\(source)") { try operand.value() }
    }
  }

  @Test("without checks, what does not fit fails when it is reached")
  func unchecked() throws {
    let lenient = ExpressionEnvironment(checking: .none)
    let absorbed = try #require(Program.compile("nobody(1) || ghost.x == 1 || true", in: lenient).program)
    #expect(absorbed.evaluate().isTrue)
    let open = ExpressionEnvironment(checking: .openNames)
    #expect(Program.compile("ghost + 1 > 2", in: open).program != nil)
    #expect(Program.compile("nobody(1)", in: open).diagnostics.map(\.code) == [.unknownFunction])
  }

  @Test("a library adds functions, types and constants")
  func libraries() throws {
    let library = FunctionLibrary(
      name: "test",
      overloads: [
        .method("twice", [.string], .string, .unary { .string(($0.text ?? "") + ($0.text ?? "")) }),
        .function(
          "test.sum", [.int], isVariadic: true, .int,
          .many { numbers in
            .int(numbers.reduce(0) { if case .int(let value) = $1 { $0 + value } else { $0 } })
          }),
      ], constants: ["test.ANSWER": .int(42)])
    let extended = ExpressionEnvironment(libraries: [.standard, library])
    let source = "'ab'.twice() == 'abab' && test.sum(1, 2, 3) == 6 && test.sum() == 0 && test.ANSWER == 42"
    #expect(Program.compile(source, in: extended).program?.evaluate().isTrue == true)
    let (_, problems) = Program.compile("test.sun(1)", in: extended)
    #expect(problems.first?.hints == ["did you mean `test.sum`?"])
  }

  @Test("time zones shift by the rules of their place and time")
  func timeZones() throws {
    let summer = "timestamp('2026-07-01T12:00:00Z')", winter = "timestamp('2026-01-01T12:00:00Z')"
    #expect(try program("\(summer).getHours('Europe/Zurich') == 14").evaluate().isTrue)
    #expect(try program("\(winter).getHours('Europe/Zurich') == 13").evaluate().isTrue)
    #expect(try program("\(winter).getMinutes('+05:30') == 30").evaluate().isTrue)
    for zone in ["../../etc/passwd", "Mars/Olympus", "/UTC"] {
      guard case .failed = try program("\(winter).getHours('\(zone)')").evaluate().outcome else {
        Issue.record("\(zone) is no time zone")
        continue
      }
    }
  }
}
