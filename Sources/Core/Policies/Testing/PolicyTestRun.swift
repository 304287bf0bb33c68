import Diagnostics
import Manifests
import Planning
import Resources
import Schemas
import Values

/// Puts the examples of one document before the rules that it names.
package struct PolicyTestRun {
  private let catalog: TypeCatalog
  private var report: PolicyTestReport
  private var set = PolicySet()
  private var book = PriceBook()

  /// - Parameters:
  ///   - document: the `PolicyTest` document.
  ///   - policies: `Policy` documents of the files that it names and of its own.
  package static func run(
    _ document: Value, policies: [Value], catalog: TypeCatalog, file: String, sources: SourceTexts
  ) -> PolicyTestReport {
    var run = PolicyTestRun(catalog: catalog, report: PolicyTestReport(file: file, sources: sources))
    run.run(document, policies)
    return run.report
  }

  private init(catalog: TypeCatalog, report: PolicyTestReport) {
    self.catalog = catalog
    self.report = report
  }

  private mutating func run(_ document: Value, _ policies: [Value]) {
    let spec = document["spec"] ?? .map([])
    report.diagnostics += PolicyTestSchemas.spec.validate(spec, path: "spec", position: document.origin)
    guard !report.diagnostics.hasErrors else { return }
    load(spec, policies)
    let tests = Array((spec["tests"] ?? .null).elements)
    guard tests.count <= PolicyLimits.tests else {
      return report.diagnostics.append(
        .error(.policyTest, "there are \(tests.count) tests, more than \(PolicyLimits.tests)", at: document.origin))
    }
    for value in tests {
      let target = target(value["target"], spec["target"])
      guard let test = PolicyTestCase.read(value, target: target.name, &report.diagnostics) else { continue }
      report.results.append(result(of: test, target, today: spec["today"]?.string ?? "2026-01-01"))
    }
  }

  private func target(_ own: Value?, _ common: Value?) -> PolicyInput.TargetFacts {
    func text(_ key: String, _ standard: String) -> String { (own?[key] ?? common?[key])?.string ?? standard }
    return PolicyInput.TargetFacts(
      name: TargetName(text("name", "test")), provider: "test", account: text("account", "123456789012"),
      region: text("region", "us-west-2"))
  }

  private mutating func load(_ spec: Value, _ policies: [Value]) {
    let (loaded, problems) = PolicySet.load(policies + [chosen(spec)], catalog: catalog, sources: report.sources)
    set = loaded
    report.sources = loaded.sources
    let (book, priceProblems) = PriceBook.load(
      set.policies.compactMap(\.prices), catalog: catalog, sources: report.sources)
    self.book = book
    report.diagnostics += problems + priceProblems
  }

  /// Packs and parameters of the tests, as a policy of their own.
  private func chosen(_ spec: Value) -> Value {
    let parameters = (spec["parameters"] ?? .null).entries.map { entry in
      (entry.key, Value.map([("value", entry.value), ("reason", .string("test"))]))
    }
    return .map([
      ("metadata", .map([("name", .string("tests"))])),
      ("spec", .map([("packs", spec["packs"] ?? .list([])), ("parameters", .map(parameters))])),
    ])
  }

  private func result(
    of test: PolicyTestCase, _ target: PolicyInput.TargetFacts, today: String
  ) -> PolicyTestReport.Result {
    var input = PolicyInput(
      .planning, manifests: [test.manifest].compactMap { $0 }, resources: test.resources, targets: [target],
      today: today)
    for position in input.resources.indices {
      input.resources[position].isStateful = catalog[input.resources[position].type]?.isStateful ?? false
    }
    let cost = CostEstimator.estimate(input, book, catalog: catalog)
    let findings = PolicyEvaluator.evaluate(set, input, catalog: catalog, cost: cost).findings
    var result = PolicyTestReport.Result(name: test.name, origin: test.origin)
    for expectation in test.expected {
      let finding = findings.first {
        $0.rule == expectation.rule && ($0.address == nil || $0.address == test.address)
      }
      let allowed: PolicyTestCase.Answer = looks(expectation.rule, at: test, input) ? .allow : .none
      let actual = finding.map { answer($0.outcome) } ?? allowed
      guard actual != expectation.answer else { continue }
      result.failures.append(
        PolicyTestReport.Failure(
          rule: expectation.rule, expected: expectation.answer, actual: actual,
          message: finding?.message ?? missing(expectation.rule), origin: expectation.origin))
    }
    return result
  }

  private func missing(_ rule: String) -> String? {
    set.rules.contains { $0.rule.id == rule } ? nil : "there is no rule `\(rule)` in these tests"
  }

  private func looks(_ id: String, at test: PolicyTestCase, _ input: PolicyInput) -> Bool {
    guard let rule = set.rules.first(where: { $0.rule.id == id }) else { return false }
    if case .estate = rule.rule.match { return true }
    if test.manifest != nil { return rule.looks(at: test.address) }
    guard let subject = input.resources.first else { return false }
    return rule.looks(at: subject.type) && rule.looks(at: subject, .planning)
  }

  private func answer(_ outcome: PolicyFinding.Outcome) -> PolicyTestCase.Answer {
    switch outcome {
    case .denied: .deny
    case .warned: .warn
    case .undecidedDenied, .undecidedWarned: .unknown
    case .failed: .error
    case .waived, .overridden: .waived
    }
  }
}
