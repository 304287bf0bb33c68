import Diagnostics
import Expressions
import Testing
import Values

/// Real policies with their verdicts on Kubernetes resources: every file of the folder `cel-policies`.
@Suite struct PolicySuite {
  @Test("every policy gives its verdict")
  func cases() throws {
    for file in Suites.files(in: "cel-policies", of: "cel-policies") {
      guard let text = Suites.text("cel-policies/\(file)", of: "cel-policies") else { continue }
      let cases = try JSONLines.parse(Array(text.utf8), file: file)
      let failures = cases.compactMap { example in
        PolicyCase(example: example).problem.map { "\(example["id"]?.string ?? "?"): \($0)" }
      }
      print("conformance cel-policies/\(file.dropLast(6)): \(cases.count - failures.count) of \(cases.count)")
      #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
    }
  }
}

private struct PolicyCase {
  let example: Value

  /// What is wrong; nil where the verdict is the wanted one.
  var problem: String? {
    var activation = Activation([
      "object": .value(example["object"] ?? .null), "oldObject": .null,
      "request": .value(["operation": "CREATE"]),
    ])
    var types: [String: ExpressionType] = ["object": .dyn, "oldObject": .dyn, "request": .dyn]
    for variable in list("variables") {
      let name = "variables.\(variable["name"]?.string ?? "")"
      let (operand, problem) = evaluate(variable["expression"]?.string ?? "", types, activation)
      if let problem { return "\(name): \(problem)" }
      activation[name] = operand
      types[name] = .dyn
    }
    for condition in list("match_conditions") {
      let (operand, problem) = evaluate(condition.string ?? "", types, activation)
      if let problem { return problem }
      guard case .bool(true) = operand else { return "does not apply" }
    }
    var isPassed = true
    for rule in list("validations") {
      let (operand, problem) = evaluate(rule.string ?? "", types, activation)
      if let problem { return problem }
      if case .bool(true) = operand { continue }
      isPassed = false
    }
    let verdict = isPassed ? "pass" : "fail"
    return verdict == example["expect"]?.string ? nil : "gave \(verdict)"
  }

  private func list(_ name: String) -> [Value] { Array(example[name]?.elements ?? Value.null.elements) }

  /// The value, a failure, or what is wrong with the expression itself, which no case has.
  private func evaluate(
    _ source: String, _ types: [String: ExpressionType], _ activation: Activation
  ) -> (Operand, String?) {
    let environment = Self.environment.declaring(types)
    let (program, diagnostics) = Program.compile(source, in: environment)
    guard let program else {
      return (.null, "was refused: \(diagnostics.map(\.message).joined(separator: "; "))\n    \(source)")
    }
    switch program.evaluate(activation).outcome {
    case .value(let value): return (value, nil)
    case .failed: return (.null, nil)
    case .unknown: return (.null, "is unknown: \(source)")
    }
  }

  private static let environment = ExpressionEnvironment()
}
