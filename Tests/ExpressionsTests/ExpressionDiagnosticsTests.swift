import Diagnostics
import Expressions
import TestSupport
import Testing
import Values

@Suite("What is said of expressions")
struct ExpressionDiagnosticsTests {
  private static let subnet = ObjectType(
    name: "aws/Subnet", fields: ["cidrBlock": .string, "tags": .map(.string, .string)])

  private static let environment = ExpressionEnvironment(
    variables: [
      "object": .dyn, "after": .object(subnet), "count": .int, "name": .string, "names": .list(.string),
      "limits": .map(.string, .int), "absent": .dyn,
    ], readsManifests: true)

  private static var activation: Activation {
    Activation([
      "object": .value(["metadata": ["name": "web"], "spec": ["replicas": 3, "ports": [80, 443]]]), "count": .int(0),
      "name": .string("prod"), "names": .list([.string("a")]), "limits": .map(OperandMap([("cpu", .int(4))])),
      "after": .value(["cidrBlock": "10.0.0.0/16"]),
    ])
  }

  /// One line an expression; `rule:` before those that must give a bool.
  private static let expressions: [String] = [
    "count + ", "1 + * 2 + [3, 4", "name == 'prod", "name = 'prod'", "count and true", "names | size", "[1 2, 3 4]",
    "f(1,, 2)", "{'a': 1, b}", "0x1G + 5x", "99999999999999999999", "'\\q'", "for + 1", "a.b.`c",
    "Subnet{cidr: 1}", "acme.Subnet{cidr: 1}", "aws.Vpc.prod-net-2a.id", "aws.Vpc.main", "aws.Vpc",
    "cont > 5", "nam.size() > 2", "after.cidrBlok == ''", "after['cidrBlok']", "after.tag.team", "size",
    "name.startWith('p')", "startsWith(name, 'p')", "name.size", "math.gretest(1)", "names.al(x, true)",
    "all(names, x, true)", "count == 'three'", "count + 1.5", "'n' + count", "!count", "-name", "count < name",
    "name.startsWith(count)", "size(count)", "count ? 1 : 2", "name && true", "names['a']", "limits[1]",
    "count.x", "name[0]", "names.all(x + 1, true)", "names.map(a, a, a)", "has(names)", "names.all(a, a, true)",
    "count.filter(x, true)", "{1.5: 'a'}", "[?count]", "rule: count + 1", "rule: names",
    "1 / count", "9223372036854775807 + 1", "int('a1')", "duration('1d')", "timestamp('yesterday')",
    "b'\\xff' == b'' || string(b'\\xff') == ''",
    "object.metadata.nmae", "object.spec.ports[2]", "object.spec.replicas.x", "object.metadata + 1", "limits.memory",
    "object.spec.replicas + 1.5", "object.spec.ports.all(p, p.startsWith('8'))", "optional.none().value()",
    "object.metadata.name && true", "{name: 1, 'prod': 2}", "name.matches('(')",
    "timestamp('2026-01-01T00:00:00Z').getHours('Europe/Zurch')",
    "cidrBlock == ''", "cidr(name).subnet(8)", "count.round()",
    "", "'\\ud800'", "'\\U00110000'", "{1: 'a'}.b", "absent + 1", "object.spec.replicas ? 1 : 2",
    "object.metadata.name < object.spec.replicas", "1 in object.spec.replicas", "[1].exists(x, object.spec.replicas)",
    "object.spec.replicas.optMap(x, x)", "object.spec.replicas.optFlatMap(x, optional.of(x))",
    "optional.of(1).optFlatMap(x, object.spec.replicas)",
    "[1].transformMapEntry(i, x, object.spec.replicas)",
    "object.spec.ports.sortBy(p, p == 80 ? object.metadata.name : p)",
  ]

  private static let templates: [String] = [
    "a ${count", "${}", "${name:x}", "x-${names}", "x-${null}", "${type(1)}", "${1 +} and ${nam}",
    "${optional.none()}", "x-${object.spec}",
  ]

  @Test("every problem is shown with its place and what to do")
  func everyProblem() {
    var text = ""
    for source in Self.expressions {
      let isRule = source.hasPrefix("rule: ")
      text += Self.shown(isRule ? String(source.dropFirst(6)) : source, expecting: isRule ? .bool : nil)
    }
    for source in Self.templates { text += Self.shownTemplate(source) }
    text += Self.limits.map { Self.shown($0, expecting: nil) }.joined()
    expectSnapshot(text)
  }

  private static let limits = [
    String(repeating: "(", count: 64) + "1" + String(repeating: ")", count: 64),
    "[" + String(repeating: "1,", count: ExpressionLimits.width) + "1]",
    String(repeating: "true || ", count: ExpressionLimits.width) + "true",
    "[1, 2, 3].map(a, [1, 2, 3, 4, 5, 6, 7, 8, 9].map(b, [1, 2, 3, 4, 5, 6, 7, 8, 9].map(c, a * b * c + count)))",
  ]

  @Test("every code of this room stands in the snapshot")
  func everyCode() throws {
    let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
    let codes = try #require(TextFile.read("\(folder)/Sources/Language/Expressions/ExpressionCodes.swift"))
    let snapshot = try #require(
      TextFile.read("\(folder)/Tests/ExpressionsTests/Snapshots/ExpressionDiagnosticsTests/everyProblem.txt"))
    let numbers = codes.split(separator: "DiagnosticCode(").dropFirst().map { $0.prefix { $0 != ")" } }
    #expect(numbers.count >= 14)
    for number in numbers { #expect(snapshot.contains("[PLB\(number)]"), "no example of PLB\(number)") }
  }

  // MARK: Showing

  private static func locate(_ source: String) -> (Int) -> SourcePosition? {
    let table = LineTable(Array(source.utf8))
    return { offset in
      let place = table.place(of: offset)
      return SourcePosition(file: "rule.yaml", line: place.line, column: place.column)
    }
  }

  private static func shown(_ source: String, expecting wanted: ExpressionType?) -> String {
    let locate = locate(source)
    let (program, problems) = Program.compile(source, in: environment, expecting: wanted, locate: locate)
    guard let program else { return rendered(problems, source) }
    let result = program.evaluate(activation, limits: EvaluationLimits(cost: 500), locate: locate)
    if case .failed(let problem) = result.outcome { return rendered([problem], source) }
    return "NOTHING WRONG with \(source): \(result.outcome)\n\n"
  }

  private static func shownTemplate(_ source: String) -> String {
    let template = Template.parse(source, in: environment, locate: locate(source))
    guard template.diagnostics.isEmpty else { return rendered(template.diagnostics, source) }
    if case .failed(let problem) = template.evaluate(activation, locate: locate(source)) {
      return rendered([problem], source)
    }
    return "NOTHING WRONG with \(source)\n\n"
  }

  private static func rendered(_ problems: [Diagnostic], _ source: String) -> String {
    DiagnosticRenderer(source: { _ in Array(source.utf8) }).text(problems) + "\n"
  }
}
