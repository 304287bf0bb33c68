import Diagnostics
import Testing
import Values
import YAML

/// The cases of yaml-test-suite that a reader on libyaml with the core schema must pass (`in_bar`).
@Suite struct YAMLSuite {
  @Test("every case in the bar of yaml-test-suite passes")
  func cases() throws {
    guard let text = Suites.text("yaml/yaml-test-suite.jsonl", of: "yaml") else { return }
    let cases = try JSONLines.parse(Array(text.utf8), file: "yaml-test-suite.jsonl").filter {
      $0["in_bar"]?.bool == true
    }
    let failures = cases.compactMap { example in
      Self.failure(of: example).map { "\(example["id"]?.string ?? "?"): \($0)" }
    }
    print("conformance yaml: \(cases.count - failures.count) of \(cases.count)")
    #expect(!cases.isEmpty)
    #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
  }

  /// What is wrong with the result of a case; nil where it passes.
  private static func failure(of example: Value) -> String? {
    let (documents, diagnostics) = YAMLReader.parse(Array((example["yaml"]?.string ?? "").utf8), file: "case")
    // Maps and lists as keys are YAML and are read as such; that a manifest may not have them is a rule of
    // ours.
    let isKeyCase = example["expect"]?.string == "valid"
    let problem = diagnostics.first { $0.severity == .error && !(isKeyCase && $0.code == .yamlComplexKey) }
    switch example["expect"]?.string {
    case "error": return problem == nil ? "was accepted" : nil
    case "valid": return problem.map { "was refused: \($0.message)" }
    case "json":
      if let problem { return "was refused: \(problem.message)" }
      let found = Value.list(documents)
      guard let wanted = example["docs"], wanted != found else { return nil }
      return "read as \(JSONWriter().text(found)), wanted \(JSONWriter().text(wanted))"
    default: return "has an unknown expectation"
    }
  }
}
