import Diagnostics
import Expressions
import TestSupport
import Testing
import Values

@Suite("Diagnostics of templates")
struct TemplateDiagnosticsTests {
  /// Byte offset and code of each problem.
  private func problems(_ source: String) -> [Diagnostic] {
    Template.parse(source) { SourcePosition(file: "t", line: 1, column: $0 + 1) }.diagnostics
  }

  @Test(
    "a problem stands under the character that causes it",
    arguments: [
      ("1️⃣${aws.Vpc.main.id", 1302), ("1️⃣${}", 1301), ("x ${1️⃣foo}", 1305), ("${1️⃣aws}", 1305),
      ("${1️⃣nat.x}", 1305), ("${1️⃣var.nat}", 1301),
      ("${aws.Vpc.prod1️⃣-net.id}", 1304), ("${1 1️⃣+ 'a'}", 1311), ("${1️⃣sizes(aws.A.a.id)}", 1310),
      ("${aws.A.a.tags.map(1️⃣x + 1, x)}", 1314), ("${1️⃣aws.Vpc}", 1301), ("${1️⃣aws.Vpc.main}", 1306),
      ("${aws.Vpc[1️⃣1].id}", 1301),
      ("${aws1️⃣:username}", 1301), ("${1️⃣\"open}", 1302),
      ("${[1, 2 1️⃣3]}", 1301), ("${{'a' 1️⃣1}}", 1301),
      ("${aws.A.a.id 1️⃣aws}", 1301), ("${1️⃣1x}", 1301), ("${1️⃣99999999999999999999}", 1301),
      ("${1️⃣Msg{a: 1}}", 1303), ("${1️⃣msg{a: 1}}", 1303),
      ("${'a1️⃣\\q'}", 1301), ("${1️⃣#}", 1301), ("${aws.A.a.1️⃣5}", 1301), ("é ${1️⃣foo}", 1305),
      ("${1️⃣1 ? 1 : 2}", 1311),
      ("${1️⃣!'a'}", 1311), ("${1️⃣-'a'}", 1311), ("${1️⃣Network-x}", 1301), ("${1️⃣Network}", 1301),
      ("${{1️⃣1.5: 2}}", 1311), ("${'a'.1️⃣b}", 1311), ("${has(1️⃣1)}", 1314),
    ])
  func positions(_ marked: String, _ code: Int) {
    let text = MarkedText(marked)
    let found = problems(text.text)
    #expect(found.map(\.code.number) == [code], "\(found.map(\.message))")
    #expect(found.first?.position?.column == text.marker(1).offset + 1, "\(found)")
  }

  @Test("every broken expression of a text is reported")
  func recovers() {
    let text = MarkedText("a ${1️⃣foo} b ${aws.Vpc.ok.id} c ${2️⃣bar(1)} d")
    #expect(
      problems(text.text).map { ($0.position?.column ?? 0) - 1 } == [
        text.marker(1).offset, text.marker(2).offset,
      ])
  }

  @Test("a dash in a name is answered with the bracket form")
  func dashHint() {
    #expect(
      problems("${aws.Vpc.prod-net-2.tags.x}").first?.hints == ["write `aws.Vpc[\"prod-net-2\"].tags.x`"])
  }

  @Test("a policy variable is answered with the literal form")
  func policyVariable() {
    #expect(problems("${aws:username}").first?.hints == ["write `$${` for a literal `${`"])
  }

  @Test("nesting, expressions, bytes and the result are limited; at the limit is fine")
  func limits() {
    func nested(_ depth: Int) -> String {
      "${" + String(repeating: "[", count: depth) + "1" + String(repeating: "]", count: depth) + "}"
    }
    #expect(problems(nested(ExpressionLimits.depth - 1)).isEmpty)
    #expect(problems(nested(ExpressionLimits.depth)).map(\.code) == [.expressionLimit])
    func parts(_ count: Int) -> String { String(repeating: "a${1}", count: count) }
    #expect(problems(parts(ExpressionLimits.parts)).isEmpty)
    #expect(problems(parts(ExpressionLimits.parts + 1)).map(\.code) == [.expressionLimit])
    #expect(problems(String(repeating: "a", count: ExpressionLimits.sourceBytes)).isEmpty)
    #expect(
      problems(String(repeating: "a", count: ExpressionLimits.sourceBytes + 1)).map(\.code) == [.expressionLimit])
    let joined = Template(source: "a${aws.Vpc.main.id}")
    func isJoined(_ count: Int) -> Bool {
      if case .value = joined.evaluate({ _ in .string(String(repeating: "b", count: count)) }) { true } else { false }
    }
    #expect(isJoined(ExpressionLimits.resultBytes - 1) && !isJoined(ExpressionLimits.resultBytes))
  }

  @Test("the length of a text is limited")
  func length() {
    #expect(problems(String(repeating: "a", count: ExpressionLimits.sourceBytes)).isEmpty)
    #expect(
      problems(String(repeating: "a", count: ExpressionLimits.sourceBytes + 1)).map(\.code) == [
        .expressionLimit
      ])
  }
}
