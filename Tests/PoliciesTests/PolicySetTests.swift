import Diagnostics
import Manifests
import Planning
import Policies
import Resources
import TestSupport
import Testing
import Values
import YAML

/// Policies written as YAML, with what is wrong with them.
struct PolicyFixture {
  let set: PolicySet
  let diagnostics: [Diagnostic]
  let text: String

  init(_ text: String, file: String = "policies.yaml") {
    let (documents, problems) = YAMLReader.parse(Array(text.utf8), file: file)
    var sources = SourceTexts()
    sources.add(Array(text.utf8), file: file)
    let loaded = PolicySet.load(documents, catalog: PackTests.catalog, sources: sources)
    set = loaded.set
    diagnostics = problems + loaded.diagnostics
    self.text = text
  }

  /// A policy with these lines below `spec`.
  init(spec: String) {
    // A further document is not below the first one's `spec`.
    let lines = spec.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      ["---", "metadata:", "spec:"].contains { line.hasPrefix($0) } ? String(line) : "  \(line)"
    }
    self.init("metadata: {name: house}\nspec:\n" + lines.joined(separator: "\n") + "\n")
  }

  /// The problems as a user sees them.
  var shown: String {
    let sources = set.sources
    let bytes = Array(text.utf8)
    let renderer = DiagnosticRenderer(.plain) { file in
      file == "policies.yaml" ? bytes : sources.bytes(of: file)
    }
    return renderer.text(diagnostics.inSourceOrder())
  }

  func evaluate(_ input: PolicyInput) -> PolicyReport {
    PolicyEvaluator.evaluate(set, input, catalog: PackTests.catalog)
  }
}

@Suite("policies as they are loaded")
struct PolicySetTests {
  @Test(
    "what is wrong stands under the right character",
    arguments: [
      (
        "two-rules",
        "rules:\n  - {id: a, match: {estate: true}, rule: 'true'}\n"
          + "  - {id: world-ssh, match: {estate: true}, rule: 'true'}\npacks: [baseline]"
      ),
      (
        "no-match",
        "rules:\n  - {id: a, match: {}, rule: 'true'}\n  - {id: b, match: {kind: A, resource: b}, rule: 'true'}"
      ),
      ("actions", "rules:\n  - {id: a, match: {kind: Network, actions: [create]}, rule: 'true'}"),
      ("pack", "packs: [basline]"),
      ("parameter", "packs: [baseline]\nparameters:\n  tags.required: {value: [a]}"),
      ("parameter-type", "packs: [baseline]\nparameters:\n  tags.required: {value: owner, reason: x}"),
      (
        "waiver",
        "rules:\n  - {id: open-door, match: {estate: true}, rule: 'true'}\nwaivers:\n"
          + "  - {rule: open-dor, address: '*', owner: a, reason: b, expires: 2027-01-01}\n"
          + "  - {rule: open-door, address: '*', owner: a, reason: b, expires: 2027-02-29}"
      ),
      ("waiver-fields", "waivers:\n  - {rule: open-door, address: '*'}"),
      ("effect", "packs: [baseline]\neffects:\n  world-shh: {effect: skip, reason: x}"),
      (
        "field",
        "rules:\n  - id: a\n    match: {resource: aws/SecurityGroup}\n"
          + "    rule: after.ipPermissions.all(p, p.fromPrt == 443)\n    message: ${after.groupNme}"
      ),
      ("type", "rules:\n  - {id: a, match: {resource: aws/Vpc}, rule: after.cidrBlock}"),
      (
        "parameter-name",
        "packs: [baseline]\nrules:\n  - id: a\n    match: {estate: true}\n"
          + "    rule: size(parameters['tags.requird']) > 0"
      ),
      (
        "syntax",
        "rules:\n  - id: a\n    match: {resource: aws/Vpc}\n    rule: |\n      true &&\n        (after.cidrBlock"
      ),
      (
        "nothing-there",
        "rules:\n  - {id: a, match: {resource: aws/Subnets}, rule: 'true'}\n"
          + "  - {id: b, match: {resource: [aws/Vpc, 'asw/*']}, rule: 'true'}"
      ),
      ("match-text", "rules:\n  - {id: a, match: {resource: {a: b}}, rule: 'true'}"),
      (
        "effect-twice",
        "packs: [baseline]\neffects: {world-ssh: {effect: skip, reason: x}}\n"
          + "---\nmetadata: {name: other}\nspec:\n  effects: {world-ssh: {effect: warn, reason: x}}"
      ),
      (
        "names-twice",
        "parameters: {a: {type: integer, value: 1}}\n"
          + "---\nmetadata: {name: house}\nspec:\n  parameters: {a: {type: integer, value: 2}}"
      ),
      ("price", "prices:\n  date: 2026-13-01\n  table: []"),
      (
        "price-zero",
        "prices:\n  date: 2026-01-01\n  table:\n    - {resource: aws/Vpc}\n"
          + "    - {resource: aws/Vpc, components: [{name: a, unit: hour, price: 0}]}"
      ),
    ])
  func diagnostics(_ name: String, _ spec: String) {
    let fixture = PolicyFixture(spec: spec)
    #expect(!fixture.diagnostics.isEmpty)
    expectSnapshot(fixture.shown, named: name)
  }

  @Test("a rule for a type that nobody has forbids nothing, which is told; its expression is read all the same")
  func inert() {
    let unknown = PolicyFixture(spec: "rules:\n  - {id: a, match: {resource: azure/Disk}, rule: after.x.y}")
    #expect(unknown.diagnostics.map(\.severity) == [.warning])
    let broken = PolicyFixture(spec: "rules:\n  - {id: a, match: {resource: azure/Disk}, rule: after.x(}")
    #expect(broken.diagnostics.hasErrors)
  }

  @Test("an estate sets the parameters and effects of packs, and says why")
  func tuning() throws {
    let fixture = PolicyFixture(
      spec: """
        packs: [baseline]
        parameters:
          tags.required: {value: [team], reason: the company's own}
          network.subnet.maxPrefix: {value: 24, reason: adopted estate}
        effects:
          world-ssh: {effect: warn, reason: there is a bastion}
          world-rdp: {effect: skip, reason: no machine of that kind}
        """)
    #expect(fixture.diagnostics.isEmpty, "\(fixture.diagnostics)")
    #expect(fixture.set.parameters["tags.required"] == ["team"])
    #expect(fixture.set.parameters["network.subnet.maxPrefix"] == 24)
    #expect(fixture.set.rules.first { $0.rule.id == "world-ssh" }?.rule.effect == .warn)
    #expect(!fixture.set.rules.contains { $0.rule.id == "world-rdp" })
  }

  @Test("too many rules and too many tests are refused")
  func limits() {
    let rules = (0...PolicyLimits.rules).map { "  - {id: r\($0), match: {estate: true}, rule: 'true'}" }
    let fixture = PolicyFixture(spec: "rules:\n" + rules.joined(separator: "\n"))
    let tests = (0...PolicyLimits.tests).map { "  - {name: t\($0), resource: b, expect: {c: allow}}\n" }.joined()
    let text = "metadata: {name: many}\nspec:\n  tests:\n" + tests
    let (documents, problems) = YAMLReader.parse(Array(text.utf8), file: "tests.yaml")
    let report = PolicyTestRun.run(
      documents[0], policies: [], catalog: PackTests.catalog, file: "tests.yaml", sources: SourceTexts())
    let shown = DiagnosticRenderer { _ in Array(text.utf8) }.text(problems + report.diagnostics)
    expectSnapshot(fixture.shown + "\n" + shown)
  }
}
