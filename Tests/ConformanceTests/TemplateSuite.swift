import Diagnostics
import Expressions
import Testing
import Values

/// Where expressions stand in texts: every file of the folder `cel-templates`.
///
/// Two rules of ours differ from the suite's, and their cases are left out, each named when the suite runs: a `${`
/// without its `}` is a mistake and not plain text, and what stands between them must be an expression of the language.
@Suite struct TemplateSuite {
  @Test("expressions are found in texts where they stand")
  func cases() throws {
    for file in Suites.files(in: "cel-templates", of: "cel-templates") {
      guard let text = Suites.text("cel-templates/\(file)", of: "cel-templates") else { continue }
      var cases = try JSONLines.parse(Array(text.utf8), file: file).map(TemplateCase.init)
      for example in cases {
        if let reason = example.reasonToDrop { print("conformance cel-templates: dropped \(example.id): \(reason)") }
      }
      cases.removeAll { $0.reasonToDrop != nil }
      let failures = cases.compactMap { example in example.problem.map { "\(example.id): \($0)" } }
      print("conformance cel-templates/\(file.dropLast(6)): \(cases.count - failures.count) of \(cases.count)")
      #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
    }
  }
}

private struct TemplateCase {
  let example: Value
  let id: String
  let input: String
  let template: Template

  init(_ example: Value) {
    self.example = example
    id = example["id"]?.string ?? "?"
    input = example["input"]?.string ?? ""
    template = Template(source: input, in: Self.environment)
  }

  /// Names are not declared: only the syntax is looked at.
  private static let environment = ExpressionEnvironment(checking: .none)

  private var isExtraction: Bool { example["op"]?.string == "extract" }

  private var wanted: [(source: String, range: Range<Int>)] {
    (example["matches"]?.elements ?? Value.null.elements).map { match in
      let start = Int(match["start"]?.int ?? 0)
      return (match["expr"]?.string ?? "", start..<max(start, Int(match["end"]?.int ?? 0)))
    }
  }

  /// Read from the case alone, not from what became of it.
  var reasonToDrop: String? {
    guard example["error"]?.bool != true, isExtraction else { return nil }
    var rest = Array(input.utf8)
    for match in wanted.reversed() { rest.removeSubrange(match.range) }
    let marks = zip(rest, rest.dropFirst()).filter { $0 == UInt8(ascii: "$") && $1 == UInt8(ascii: "{") }.count
    if marks > 0 { return "a `${` without its `}` is a mistake here" }
    let isExpression = { (source: String) in Program.compile(source, in: Self.environment).program != nil }
    return wanted.allSatisfy { isExpression($0.source) } ? nil : "what stands between `${` and `}` is no expression"
  }

  /// What is wrong; nil where the case passes.
  var problem: String? {
    let isRefused = !template.diagnostics.isEmpty
    guard isExtraction else {
      let isAlone = !isRefused && template.expressionRanges == [0..<input.utf8.count]
      return isAlone == example["standalone"]?.bool || isRefused && example["error"]?.bool == true
        ? nil : "is \(isAlone ? "" : "not ")one expression"
    }
    if example["error"]?.bool == true { return isRefused ? nil : "was accepted" }
    if isRefused { return "was refused: \(template.diagnostics.map(\.message).joined(separator: "; "))" }
    guard template.expressionRanges == wanted.map(\.range) else { return "found \(template.expressionRanges)" }
    let bytes = Array(input.utf8)
    let sources = template.expressionRanges.map { String(decoding: bytes[$0].dropFirst(2).dropLast(), as: UTF8.self) }
    return sources == wanted.map(\.source) ? nil : "found \(sources)"
  }
}
