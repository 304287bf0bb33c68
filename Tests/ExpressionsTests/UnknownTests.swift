import Diagnostics
import Expressions
import Testing
import Values

@Suite("Unknowns")
struct UnknownTests {
  private static func reference(_ name: String) -> Reference {
    Reference(subject: "aws.Vpc/\(name)", path: ValuePath([.key("id")]))
  }

  private let environment = ExpressionEnvironment(variables: ["u": .dyn, "v": .dyn, "doc": .dyn], readsManifests: true)

  private func outcome(_ source: String, _ knowledge: Knowledge = Knowledge()) throws -> EvaluationResult {
    let (program, problems) = Program.compile(source, in: environment)
    var activation = Activation([
      "u": .unknown(Unknown(references: [Self.reference("u")], knowledge: knowledge)),
      "v": .unknown(Unknown(references: [Self.reference("v")])),
    ])
    activation["doc"] = .value(
      .map([("known", 1), ("late", .unknown(Slot(index: 7))), ("list", .list([1, .unknown(Slot(index: 8))]))]))
    activation.describe = { Unknown(references: [Self.reference("slot\($0.index)")]) }
    return try #require(program, "\(problems)").evaluate(activation)
  }

  @Test(
    "what decides without the unknown, decides",
    arguments: [
      "false && u", "u && false", "true || u", "u || true", "1 / 0 > 1 && u || true", "[1, u].size()", "[u, 2][1]",
      "{'a': u, 'b': 2}.b", "[1, 2, u].exists(x, x == 2)", "[u, 2].all(x, x == 3)", "2 in [u, 2]", "[1, u] == [2, u]",
      "has(doc.late)", "doc.known", "size(doc.list)", "doc.list[0]", "doc.list.exists(x, x == 1)", "[u].map(x, 1)[0]",
      "{'a': u} == {'b': 1}", "cel.bind(x, u + 1, 5)", "[u, v].filter(x, true).size()", "type([u]) == list",
    ])
  func decided(_ source: String) throws {
    guard case .value = try outcome(source).outcome else {
      Issue.record("\(source): \(try outcome(source).outcome)")
      return
    }
  }

  @Test(
    "what depends on it is unknown, and says on what",
    arguments: [
      ("u", "u"), ("true && u", "u"), ("u || v", "u v"), ("u + v > 1", "u v"), ("[1, u]", "u"), ("u.x", "u"),
      ("u ? 1 : 2", "u"), ("doc.late", "slot7"), ("doc", "slot7 slot8"), ("doc.list", "slot8"),
      ("doc.list.all(x, x > 0)", "slot8"), ("[u].map(x, x + 1).size()", "u"), ("u.filter(x, x > 1)", "u"),
      ("aws.Vpc.net.id + u", "net u"), ("[u, 1].filter(x, x > 0)", "u"), ("u && 1 / 0 > 1", "u"), ("1 in [u]", "u"),
      ("optional.of(u)", "u"), ("string(doc)", "slot7 slot8"), ("[u][?0]", "u"), ("[1, u + 1].size()", "u"),
    ])
  func awaiting(_ source: String, _ names: String) throws {
    guard case .unknown(let unknown) = try outcome(source).outcome else {
      Issue.record("\(source): \(try outcome(source).outcome)")
      return
    }
    let subjects = unknown.references.map { $0.subject.dropFirst("aws.Vpc/".count) }
    #expect(subjects.sorted().joined(separator: " ") == names, "\(source)")
  }

  @Test(
    "a certain failure is one, whatever the unknown turns out to be",
    arguments: ["u + 1 / 0", "[u, 1 / 0]", "doc.nothing + u"])
  func failing(_ source: String) throws {
    guard case .failed = try outcome(source).outcome else {
      Issue.record("\(source): \(try outcome(source).outcome)")
      return
    }
  }

  @Test("what is known of an unknown may decide")
  func knowledge() throws {
    let arn = Knowledge(type: .string, isNotNull: true, prefix: "arn:aws:")
    let three = Knowledge(type: .list(.int), isNotNull: true, count: 3)
    let cases: [(String, Knowledge, Bool?)] = [
      ("u.startsWith('arn:')", arn, true), ("u.startsWith('http')", arn, false),
      ("u.startsWith('arn:aws:s3')", arn, nil),
      ("u == 'x'", arn, false), ("u == 'arn:aws:iam'", arn, nil), ("u == null", arn, false), ("u != null", arn, true),
      ("type(u) == string", arn, true), ("u == 5", arn, false), ("size(u) == 3", three, true),
      ("u == [1]", three, false),
      ("u.all(x, true)", three, true), ("u.map(x, 1) == [1, 1, 1]", three, true), ("u == null", Knowledge(), nil),
    ]
    for (source, knowledge, expected) in cases {
      switch try outcome(source, knowledge).outcome {
      case .value(.bool(let value)): #expect(value == expected, "\(source)")
      case .unknown: #expect(expected == nil, "\(source)")
      case .value, .failed: Issue.record("\(source)")
      }
    }
  }

  @Test("of a text the beginning is known up to the first unknown")
  func prefix() {
    let template = Template(source: "arn:aws:s3:::${aws.Bucket.b.name}/*")
    guard case .unknown(let unknown) = template.result(Activation()).outcome else {
      Issue.record("the bucket has no name yet")
      return
    }
    #expect(unknown.knowledge == Knowledge(type: .string, isNotNull: true, prefix: "arn:aws:s3:::"))
    #expect(unknown.references.map(\.description) == ["aws.Bucket/b.name"])
  }

  @Test("a list that is known but for an item is kept")
  func partial() throws {
    let result = try outcome("[1, u, 3]")
    #expect(result.partial?.count == 3)
    #expect(try outcome("u").partial == nil)
  }
}
