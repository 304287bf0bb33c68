import Diagnostics
import Expressions
import Testing
import Values

/// The cases of cel-spec and of Kubernetes' libraries: every file of the folder `cel`.
///
/// Out of the bar are the cases marked `disputed`, and `cel.block`, an optimizer's form that users do not write.
@Suite struct CELSuite {
  @Test("every case of the expression language's suites passes")
  func cases() throws {
    for file in Suites.files(in: "cel", of: "cel") {
      guard let text = Suites.text("cel/\(file)", of: "cel") else { continue }
      let cases = try JSONLines.parse(Array(text.utf8), file: file).filter { example in
        example["disputed"] == nil && example["feature"]?.string != "ext.block"
      }
      let failures = cases.compactMap { example in
        CELCase(example).problem.map { "\(example["id"]?.string ?? "?"): \($0)\n    \(example["expr"]?.string ?? "")" }
      }
      print("conformance cel/\(file.dropLast(6)): \(cases.count - failures.count) of \(cases.count)")
      #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
    }
  }
}

/// One case: an expression with what it reads, and what must become of it.
private struct CELCase {
  let example: Value
  let environment: ExpressionEnvironment

  init(_ example: Value) {
    self.example = example
    var variables: [String: ExpressionType] = [:]
    var overloads: [Overload] = []
    if let types = example["type_env"] {
      for entry in types.entries {
        if let notation = entry.value.string {
          variables[entry.key] = ExpressionType(notation: notation) ?? .dyn
        } else {
          overloads += Self.overloads(entry.key, entry.value)
        }
      }
    } else if example["file"]?.string?.hasPrefix("k8s_") == true {
      variables = ["self": .dyn, "oldSelf": .dyn]
    }
    var environment = Self.common
    if !overloads.isEmpty {
      let declared = FunctionLibrary(name: "case", overloads: overloads)
      environment = ExpressionEnvironment(libraries: FunctionLibrary.all + [declared])
    }
    environment.variables = variables
    environment.container = example["container"]?.string ?? ""
    environment.checking = example["disable_check"]?.bool == true ? .none : .strict
    environment.hasMacros = example["disable_macros"]?.bool != true
    self.environment = environment
  }

  private static let common = ExpressionEnvironment()

  /// Functions that are declared and never called.
  private static func overloads(_ name: String, _ value: Value) -> [Overload] {
    (value["function"]?.elements ?? Value.null.elements).map { function in
      let parameters = (function["params"]?.elements ?? Value.null.elements).map { parameter in
        ExpressionType(notation: parameter.string ?? "") ?? .dyn
      }
      let result = ExpressionType(notation: function["result"]?.string ?? "") ?? .dyn
      return Overload(
        name, isMethod: function["receiver"]?.bool == true, parameters, result,
        .many { _ throws(EvaluationError) in throw EvaluationError("`\(name)` is declared alone") })
    }
  }

  /// What is wrong; nil where the case passes.
  var problem: String? {
    let expected = example["expect"]
    let (program, diagnostics) = Program.compile(example["expr"]?.string ?? "", in: environment)
    guard let program else {
      if expected?["kind"]?.string == "error" { return nil }
      return "was refused: \(diagnostics.map(\.message).joined(separator: "; "))"
    }
    if let type = expected?["type"]?.string, program.type.description != type {
      return "has the type \(program.type), wanted \(type)"
    }
    if example["check_only"]?.bool == true {
      return expected?["kind"]?.string == "error" ? "was accepted" : nil
    }
    return problem(of: program.evaluate(activation).outcome, expected)
  }

  private func problem(of outcome: EvaluationResult.Outcome, _ expected: Value?) -> String? {
    switch (outcome, expected?["kind"]?.string) {
    case (.failed, "error"): return nil
    case (.failed(let diagnostic), _): return "failed: \(diagnostic.message)"
    case (.unknown, _): return "is unknown"
    case (.value(let value), "value"):
      guard let wanted = expected?["value"] else { return "has no expectation" }
      return TaggedValue.matches(value, wanted) ? nil : "is \(value), wanted \(JSONWriter().text(wanted))"
    case (.value(let value), _): return "is \(value), wanted a failure"
    }
  }

  private var activation: Activation {
    var found: [String: Operand] = [:]
    for entry in example["bindings"]?.entries ?? Value.null.entries {
      found[entry.key] = TaggedValue.operand(entry.value)
    }
    return Activation(found)
  }
}
