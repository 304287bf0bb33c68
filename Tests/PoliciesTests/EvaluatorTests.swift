import Diagnostics
import Expressions
import Planning
import Policies
import Resources
import TestSupport
import Testing
import Values

@Suite("rules over what is wanted")
struct EvaluatorTests {
  private static func group(
    _ name: String, _ fields: Value = .map([]), action: Action = .create, before: Value? = nil
  ) -> PolicyInput.Resource {
    PolicyInput.Resource(
      address: Address("aws.SecurityGroup/\(name)"), type: TypeName("aws/SecurityGroup"), target: TargetName("main"),
      action: action, before: before,
      after: action == .delete
        ? nil : .map([("groupName", .string(name))] + fields.entries.map { ($0.key, $0.value) }))
  }

  private static func input(
    _ resources: [PolicyInput.Resource], _ stage: PolicyInput.Stage = .planning, today: String = "2026-01-01"
  ) -> PolicyInput {
    let target = PolicyInput.TargetFacts(name: TargetName("main"), provider: "aws", account: "1", region: nil)
    return PolicyInput(stage, resources: resources, targets: [target], today: today)
  }

  private func outcomes(_ rule: String, _ resource: PolicyInput.Resource, _ stage: PolicyInput.Stage = .planning)
    -> [PolicyFinding.Outcome]
  {
    let fixture = PolicyFixture(spec: "rules:\n  - {id: a, match: {resource: aws/SecurityGroup}, \(rule)}")
    #expect(fixture.diagnostics.isEmpty, "\(fixture.diagnostics)")
    return fixture.evaluate(Self.input([resource], stage)).findings.map(\.outcome)
  }

  @Test("what a manifest leaves out reads as the service takes it")
  func filled() {
    #expect(outcomes("rule: 'size(after.ipPermissions) == 0 && size(after.tags) == 0'", Self.group("a")).isEmpty)
    #expect(outcomes("rule: has(after.description)", Self.group("a")) == [.denied])
    let open = Self.group("a", ["ipPermissions": [["ipProtocol": "tcp"]]])
    #expect(outcomes("rule: 'after.ipPermissions.all(p, size(p.ipRanges) == 0)'", open).isEmpty)
  }

  @Test("secrets cannot be read, only seen to be there")
  func secrets() {
    let secret = Self.group("a", ["description": Value.string("hunter2").markedSensitive])
    let fixture = PolicyFixture(
      spec:
        "rules:\n  - {id: a, match: {resource: aws/SecurityGroup}, rule: 'false', "
        + "message: 'it is ${after.description}'}"
    )
    let message = fixture.evaluate(Self.input([secret])).findings.first?.message ?? ""
    #expect(message == "it is (sensitive)")
  }

  @Test("what is not known yet is denied, warned of, or asked again, as the rule says")
  func unknown() {
    let group = Self.group("a", ["description": .unknown(Slot(index: 0))])
    let rule = #"rule: 'after.description == "x"'"#
    #expect(outcomes("\(rule), onUnknown: deny", group) == [.undecidedDenied])
    #expect(outcomes("\(rule), onUnknown: warn", group) == [.undecidedWarned])
    #expect(outcomes("\(rule), onUnknown: deny, effect: warn", group) == [.undecidedWarned])
    // No step of a plan would ask again.
    #expect(outcomes(rule, group) == [.undecidedWarned])
    #expect(outcomes(rule, group, .validating).isEmpty)
    // Another part decides by itself.
    #expect(outcomes(#"rule: 'after.groupName == "b" && after.description == "x"'"#, group, .validating) == [.denied])
  }

  @Test("what rules find is shown with its place, the rule and what to do")
  func shown() {
    let fixture = PolicyFixture(
      spec: """
        rules:
          - {id: denied, match: {resource: aws/SecurityGroup}, rule: 'false', message: too open, hint: go, \
        references: [X_1]}
          - {id: warned, match: {resource: aws/SecurityGroup}, rule: 'false', effect: warn, message: better not}
          - {id: open, match: {resource: aws/SecurityGroup}, rule: after.description == "x", onUnknown: deny}
          - {id: fails, match: {resource: aws/SecurityGroup}, rule: after.vpcId.contains("x")}
        waivers: [{rule: denied, address: aws.SecurityGroup/b, owner: sec@acme.test, expires: 2025-12-31, reason: demo}]
        """)
    #expect(fixture.diagnostics.isEmpty, "\(fixture.diagnostics)")
    let group = Self.group("a", ["description": .unknown(Slot(index: 0))])
    let found = fixture.evaluate(Self.input([group])).diagnostics + fixture.set.expired(today: "2026-01-01")
    let text = fixture.text
    expectSnapshot(DiagnosticRenderer { _ in Array(text.utf8) }.text(found))
  }

  @Test("a rule that fails allows nothing")
  func failing() {
    let group = Self.group("a")
    #expect(outcomes("rule: 'after.description.contains(\"x\")'", group) == [.failed])
    #expect(outcomes("rule: 'after.description.contains(\"x\")', effect: warn", group) == [.warned])
  }

  @Test("a rule with actions looks at those planned changes, one without at everything that is wanted")
  func actions() {
    let rules = PolicyFixture(
      spec: """
        rules:
          - {id: deleted, match: {resource: "aws/*", actions: [delete]}, rule: before.groupName == "keep"}
          - {id: wanted, match: {resource: "aws/*"}, rule: action != "update"}
        """)
    #expect(rules.diagnostics.isEmpty)
    let resources = [
      Self.group("a", action: .delete, before: ["groupName": "keep"]),
      Self.group("b", action: .delete, before: ["groupName": "other"]), Self.group("c", action: .update),
      Self.group("d", action: .noop),
    ]
    let findings = rules.evaluate(Self.input(resources)).findings
    #expect(
      findings.map { "\($0.rule) \($0.address?.text ?? "")" } == [
        "deleted aws.SecurityGroup/b", "wanted aws.SecurityGroup/c",
      ])
    // Nothing is planned yet, so what is done is not known.
    #expect(rules.evaluate(Self.input(resources, .validating)).findings.isEmpty)
  }

  @Test("a waiver holds through its last day, and is reported after it")
  func waivers() {
    let fixture = PolicyFixture(
      spec: """
        rules: [{id: a, match: {resource: aws/SecurityGroup}, rule: "false"}]
        waivers: [{rule: a, address: "aws.SecurityGroup/la*", owner: sec, reason: demo, expires: 2026-03-01}]
        """)
    func outcome(_ name: String, _ today: String) -> PolicyFinding.Outcome? {
      fixture.evaluate(Self.input([Self.group(name)], today: today)).findings.first?.outcome
    }
    #expect(outcome("lab", "2026-03-01") == .waived && outcome("lab", "2026-03-02") == .denied)
    #expect(outcome("web", "2026-03-01") == .denied)
    #expect(fixture.set.expired(today: "2026-03-01").isEmpty)
    let late = fixture.set.expired(today: "2026-03-02")
    #expect(late.map(\.code.number) == [7007] && late[0].message.contains("expired on 2026-03-01"))
  }

  @Test("rules see the whole set, and what refers to a resource")
  func wholeSet() {
    let fixture = PolicyFixture(
      spec: """
        rules:
          - {id: used, match: {resource: aws/SecurityGroup}, rule: 'referrers.exists(r, r.type == "aws/VpcEndpoint")'}
          - {id: few, match: {estate: true}, rule: 'resources.filter(r, r.after.groupName != "").size() < 2'}
        """)
    var endpoint = PolicyInput.Resource(
      address: Address("aws.VpcEndpoint/e"), type: TypeName("aws/VpcEndpoint"), target: TargetName("main"),
      action: .create, after: ["groupName": "", "securityGroupIds": [.unknown(Slot(index: 0))]])
    endpoint.references = [Address("aws.SecurityGroup/a")]
    let findings = fixture.evaluate(Self.input([Self.group("a"), Self.group("b"), endpoint])).findings
    #expect(findings.map { "\($0.rule) \($0.address?.text ?? "")" } == ["few ", "used aws.SecurityGroup/b"])
  }

  @Test("a hundred rules over many resources find what they should")
  func many() {
    let rules = (0..<100).map { index in
      "  - {id: r\(index), match: {resource: \(index % 2 == 0 ? "aws/SecurityGroup" : "aws/Vpc")}, "
        + "rule: 'after.groupName != \"g\(index)\"'}".replacing(
          "groupName", with: index % 2 == 0 ? "groupName" : "cidrBlock")
    }
    let fixture = PolicyFixture(spec: "rules:\n" + rules.joined(separator: "\n"))
    #expect(fixture.diagnostics.isEmpty, "\(fixture.diagnostics.first as Any)")
    let report = fixture.evaluate(Self.input((0..<1_000).map { Self.group("g\($0)") }))
    #expect(report.findings.count == 50 && report.ruleCount == 50)
    #expect(report.diagnostics.count == 50)
  }

  @Test("many findings of one rule are told as a few and a count")
  func crowd() {
    let fixture = PolicyFixture(spec: "rules: [{id: a, match: {resource: 'aws/*'}, rule: 'false', message: no}]")
    let shown = fixture.evaluate(Self.input((0..<25).map { Self.group("g\($0)") })).diagnostics
    #expect(shown.count == PolicyLimits.shownFindings)
    #expect(shown.last?.notes.last?.message == "the same holds for 15 more addresses")
  }
}

@Suite("what resources cost")
struct CostTests {
  private func estimate(_ resources: [PolicyInput.Resource], _ prices: String = "") throws -> CostReport {
    let fixture = PolicyFixture(spec: prices.isEmpty ? "rules: []" : "prices:\n" + prices)
    let (book, problems) = PriceBook.load(
      fixture.set.policies.compactMap(\.prices), catalog: PackTests.catalog, sources: fixture.set.sources)
    #expect(problems.isEmpty && fixture.diagnostics.isEmpty, "\(problems + fixture.diagnostics)")
    let target = PolicyInput.TargetFacts(name: TargetName("main"), provider: "aws", account: "1", region: "us-west-2")
    let input = PolicyInput(.planning, resources: resources, targets: [target], today: "2026-01-01")
    return CostEstimator.estimate(input, book, catalog: PackTests.catalog).report
  }

  private func resource(
    _ type: String, _ name: String, _ action: Action, before: Value? = nil, after: Value? = .map([])
  )
    -> PolicyInput.Resource
  {
    PolicyInput.Resource(
      address: Address("\(type)/\(name)"), type: TypeName(type), target: TargetName("main"), action: action,
      before: before, after: after)
  }

  @Test("what is priced by the month, by use, free and not known are four things")
  func kinds() throws {
    let report = try estimate([
      resource("aws/NatGateway", "a", .create), resource("aws/Bucket", "b", .create),
      resource("aws/Vpc", "c", .create), resource("aws/Cluster", "d", .create),
      resource("aws/NatGateway", "e", .noop),
      resource("aws/VpcEndpoint", "f", .create, after: ["vpcEndpointType": "Interface", "subnetIds": ["s1", "s2"]]),
      resource(
        "aws/VpcEndpoint", "g", .create,
        after: ["vpcEndpointType": "Interface", "subnetIds": .unknown(Slot(index: 0))]),
    ])
    #expect(Money.text(report.before) == "$32.85" && Money.text(report.after) == "$80.30")
    #expect(Money.change(report.delta) == "+$47.45")
    #expect(report.estimated == 3 && report.byUse == 1 && report.free == 1)
    #expect(report.notEstimated == ["aws/Cluster": 1, "aws/VpcEndpoint": 1])
    #expect(report.lines.map(\.address.text) == ["aws/NatGateway/a", "aws/Bucket/b", "aws/VpcEndpoint/f"])
    #expect(report.lines[1].after == nil && report.lines[1].usage.first == "standard storage: $0.023 per GB-month")
  }

  @Test("prices of the estate come first, by region and condition; what goes is saved")
  func own() throws {
    let report = try estimate(
      [
        resource("aws/NatGateway", "a", .delete, before: ["subnetId": "s"], after: nil),
        resource("aws/Cluster", "b", .create, after: ["nodeType": "db.t4g.small", "numShards": 2]),
      ],
      """
        date: 2026-05-01
        source: our agreement
        table:
          - resource: aws/NatGateway
            regions: ["eu-*"]
            components: [{name: a, unit: hour, price: 9, quantity: "730"}]
          - resource: aws/NatGateway
            regions: ["us-*"]
            components: [{name: a, unit: hour, price: 0.01, quantity: "730"}]
          - resource: aws/Cluster
            when: after.nodeType == "db.t4g.small"
            components:
              - name: node
                unit: hour
                price: 0.05
                quantity: 730 * after.numShards * (after.numReplicasPerShard + 1)
      """)
    #expect(report.date == "2026-05-01" && report.source == "our agreement")
    #expect(Money.text(report.before) == "$7.30" && Money.text(report.after) == "$146.00")
  }

  @Test(
    "amounts are written with cents and thousands",
    arguments: [(0, "$0.00"), (0.005, "$0.01"), (1234567.891, "$1,234,567.89"), (-3, "-$3.00"), (999.999, "$1,000.00")])
  func money(_ amount: Double, _ text: String) { #expect(Money.text(amount) == text) }
}
