import Applying
import Diagnostics
import Engine
import Inventory
import Planning
import Platform
import Policies
import Resources
import TestSupport
import Testing
import Values

@Suite("policies in plans and applies")
struct PolicyWorkflowTests {
  private static let estate = """
    apiVersion: plumb.dev/v1
    kind: Estate
    metadata: {name: test, id: est-policy}
    spec: {include: ["*.yaml"], defaults: {targets: {aws: main}}}
    ---
    apiVersion: plumb.dev/v1
    kind: Target
    metadata: {name: main}
    spec: {aws: {accountId: "123456789012", region: us-west-2}}
    """

  private static let network = """
    apiVersion: aws.plumb.dev/v1
    kind: Vpc
    metadata: {name: main}
    spec: {cidrBlock: 10.0.0.0/16}
    ---
    apiVersion: aws.plumb.dev/v1
    kind: Subnet
    metadata: {name: a}
    spec: {vpcId: "${aws.Vpc.main.id}", cidrBlock: 10.0.0.0/20, tags: {network: "${aws.Vpc.main.id}"}}
    """

  private static func policy(_ rules: String) -> String {
    "apiVersion: plumb.dev/v1\nkind: Policy\nmetadata: {name: house}\nspec:\n" + rules + "\n"
  }

  private static func world(_ rules: String?) -> EngineWorld {
    var files = ["plumb.yaml": estate, "network.yaml": network]
    if let rules { files["policies.yaml"] = policy(rules) }
    return EngineWorld(files: files)
  }

  private func failure(_ body: () async throws -> Void) async -> EngineFailure? {
    do { try await body() } catch let error as EngineFailure { return error } catch { return nil }
    return nil
  }

  @Test("policies add findings to a plan and change nothing else")
  func findingsOnly() async throws {
    let rules = """
        packs: [baseline, production, cost]
        rules:
          - {id: never, match: {resource: "aws/*"}, rule: "false", message: no}
          - {id: open, match: {resource: aws/Subnet}, rule: 'after.vpcId.startsWith("vpc-")'}
      """
    let plain = try await Self.world(nil).plan(), judged = try await Self.world(rules).plan()
    #expect(plain.policies == nil && plain.cost == nil)
    #expect(judged.policies?.isDenied == true && judged.policies?.rechecks.map(\.rule) == ["open"])
    var bare = judged
    bare.policies = nil
    bare.cost = nil
    bare.id = plain.id
    bare.createdAt = plain.createdAt
    // The digest is of all documents, so that a plan made under other policies is out of date.
    #expect(bare.manifestDigest != plain.manifestDigest)
    bare.manifestDigest = plain.manifestDigest
    #expect(PlanFile.bytes(bare, version: "1") == PlanFile.bytes(plain, version: "1"))
  }

  @Test("a plan with findings, rechecks and costs is read back as it was written")
  func planFile() async throws {
    let rules = """
        packs: [baseline, cost]
        rules:
          - id: open
            match: {resource: aws/Subnet}
            rule: after.vpcId.startsWith("vpc-")
            message: "it is ${after.vpcId}"
          - {id: never, match: {resource: aws/Vpc}, rule: "false", severity: high, references: [X_1], hint: do not}
        waivers: [{rule: never, address: "*", owner: ana, reason: demo, expires: 2099-01-01}]
      """
    let plan = try await Self.world(rules).plan()
    let bytes = PlanFile.bytes(plan, version: "1")
    let read = try PlanFile.read(bytes, file: "x.plan")
    #expect(read.policies == plan.policies && read.cost == plan.cost && plan.cost != nil)
    #expect(PlanFile.bytes(read, version: "1") == bytes)
  }

  @Test("a policy that sets a parameter of a kind says why")
  func reasons() {
    func found(_ setting: String) -> [Diagnostic] {
      let world = Self.world("  parameters: {network.subnet.maxPrefix: {\(setting)}}")
      return world.engine.validate().diagnostics.filter { $0.code == .policyParameter }
    }
    #expect(found("value: 24").map(\.position?.line) == [5])
    #expect(found("value: 24, reason: a small lab").isEmpty)
  }

  @Test("what is denied is not applied, and exits so")
  func denied() async throws {
    let world = Self.world("  rules: [{id: never, match: {resource: aws/Vpc}, rule: 'false', hint: stop}]")
    let refused = await failure { try await world.apply() }
    #expect(refused?.exitCode == .denied && refused?.diagnostics.map(\.code) == [.policyDenied])
    let found = try #require(refused?.diagnostics.first)
    #expect(found.position?.file == "network.yaml" && found.position?.line == 1)
    #expect(found.notes.first?.position?.file == "policies.yaml" && found.hints == ["stop"])
    #expect(try await world.store.load().records.isEmpty)
  }

  @Test("a rule that awaits a value is asked just before its step, and stops that step alone")
  func recheck() async throws {
    let rules = """
        rules:
          - id: open
            match: {resource: aws/Subnet}
            rule: after.vpcId == "vpc-x"
            message: "it lies in ${after.vpcId}"
      """
    let world = Self.world(rules)
    let plan = try await world.plan()
    #expect(plan.policies?.findings.isEmpty == true && plan.policies?.rechecks.count == 1)
    let summary = try #require(try await world.apply())
    #expect(summary.outcome == .partial && summary.created == 1 && summary.isDenied)
    let problem = try #require(summary.failures.first?.problem)
    #expect(problem.effect == .none && problem.message.contains("the policy rule `open` denies it: it lies in vpc-"))
    let records = try await world.store.load().records
    #expect(records.map(\.address.text) == ["aws.Vpc/main"])
  }

  @Test("a rule that holds when its value is known lets the step go")
  func recheckAllows() async throws {
    let rules = #"  rules: [{id: open, match: {resource: aws/Subnet}, rule: 'after.tags.network.startsWith("vpc-")'}]"#
    let summary = try #require(try await Self.world(rules).apply())
    #expect(summary.outcome == .complete && summary.created == 2)
  }

  @Test("--waive lets a rule be, and the journal remembers it")
  func waive() async throws {
    let rules = """
        rules:
          - {id: never, match: {resource: aws/Vpc}, rule: 'false'}
          - {id: open, match: {resource: aws/Subnet}, rule: 'after.vpcId == "vpc-x"'}
      """
    let world = Self.world(rules)
    var request = ApplyRequest()
    request.waiver = ApplyRequest.Waiver(rules: ["nevr"], reason: "x")
    let unknown = await failure {
      _ = try await world.engine.apply(request, control: ApplyControl(), events: { _ in }, confirm: { _ in true })
    }
    #expect(unknown?.diagnostics.first?.code == .nothingToWaive)
    #expect(unknown?.diagnostics.first?.hints == ["did you mean `never`?"])
    request.waiver = ApplyRequest.Waiver(rules: ["never", "open"], reason: "incident 4711")
    let outcome = try await world.engine.apply(
      request, control: ApplyControl(), events: { _ in }, confirm: { $0.plan.policies?.isDenied == false })
    guard case .applied(let summary, let planned?) = outcome else {
      Issue.record("nothing was applied")
      return
    }
    #expect(summary.outcome == .complete && planned.plan.policies?.findings.map(\.outcome) == [.overridden])
    for (address, rule) in [("aws.Vpc/main", "never"), ("aws.Subnet/a", "open")] {
      let history = try await world.store.history(of: Address(address))
      let waivers = history.map(\.event).filter { if case .waived = $0 { true } else { false } }
      #expect(
        waivers == [.waived(rule: rule, addresses: [Address(address)], reason: "incident 4711", by: "test")])
    }
  }

  @Test("a saved plan asks the rules it was made with, without any policy at hand")
  func savedPlan() async throws {
    let rules = #"  rules: [{id: open, match: {resource: aws/Subnet}, rule: 'after.vpcId == "vpc-x"'}]"#
    let world = Self.world(rules)
    let plan = try PlanFile.read(PlanFile.bytes(try await world.plan(), version: "1"), file: "x.plan")
    let outcome = try await world.engine.apply(
      saved: plan, isResuming: false, ApplyRequest(), control: ApplyControl(), events: { _ in })
    guard case .applied(let summary, _) = outcome else {
      Issue.record("nothing was applied")
      return
    }
    #expect(summary.isDenied && summary.created == 1)
  }

  @Test("what can be told without a cloud is told by validate")
  func validate() async throws {
    let rules = """
        rules:
          - {id: never, match: {resource: aws/Vpc}, rule: 'false'}
          - {id: named, match: {kind: "aws.Subnet"}, rule: 'metadata.name == "b"', effect: warn}
          - {id: planned, match: {resource: "aws/*", actions: [create]}, rule: 'false'}
          - {id: later, match: {resource: "aws/*"}, rule: 'action == "update"'}
      """
    let engine = Self.world(rules).engine
    let report = try await engine.checkPolicies(engine.validate()).report
    #expect(report.findings.map { "\($0.rule) \($0.outcome.rawValue)" } == ["named warned", "never denied"])
  }
}
