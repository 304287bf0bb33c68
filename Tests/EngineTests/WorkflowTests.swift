import Applying
import Diagnostics
import Engine
import Inventory
import Planning
import Resources
import SandboxProvider
import Testing

@Suite("workflows on the sandbox")
struct WorkflowTests {
  @Test("the examples apply, plan empty, and are destroyed to nothing", arguments: ["quickstart", "aws-network"])
  func examples(name: String) async throws {
    let world = EngineWorld(root: "\(projectFolder())/examples/\(name)")
    let first = try await world.plan()
    #expect(first.diagnostics == [])
    #expect(first.changes.allSatisfy { $0.action == .create })
    let summary = try await world.apply()
    #expect(
      summary?.outcome == .complete, "\(summary?.failures.map { "\($0.step.address): \($0.problem.message)" } ?? [])")
    #expect(summary?.created == first.changes.count)
    #expect(try await world.plan().lines == [])
    guard !first.changes.contains(where: \.lifecycle.protect) else {
      await #expect(throws: EngineFailure.self) { try await world.apply { $0.mode = .destroy } }
      return
    }
    let gone = try await world.apply {
      $0.mode = .destroy
      $0.allowStateful = ["*"]
    }
    #expect(gone?.outcome == .complete, "\(gone?.failures.map { "\($0.step.address): \($0.problem.message)" } ?? [])")
    #expect(try await world.store.load().records.map(\.address.text) == [])
    #expect(try await world.plan().lines.count == first.changes.count)
  }

  private static let estate = """
    apiVersion: plumb.dev/v1
    kind: Estate
    metadata: {name: test, id: est-test00}
    spec: {include: ["*.yaml"], defaults: {targets: {aws: main}}}
    ---
    apiVersion: plumb.dev/v1
    kind: Target
    metadata: {name: main}
    spec: {aws: {accountId: "123456789012", region: us-west-2}}

    """

  private static func network(_ cidr: String, tag: String = "a") -> String {
    """
    apiVersion: aws.plumb.dev/v1
    kind: Vpc
    metadata: {name: main}
    spec: {cidrBlock: \(cidr), tags: {team: \(tag)}}
    ---
    apiVersion: aws.plumb.dev/v1
    kind: Subnet
    metadata: {name: a}
    spec: {vpcId: "${aws.Vpc.main.id}", cidrBlock: 10.0.0.0/20, availabilityZone: us-west-2a}
    """
  }

  @Test("a tag is updated in place, and an immutable field replaces the network and its subnet")
  func updates() async throws {
    let world = EngineWorld(files: ["plumb.yaml": Self.estate, "net.yaml": Self.network("10.0.0.0/16")])
    try await world.apply()
    let tagged = world.with(["plumb.yaml": Self.estate, "net.yaml": Self.network("10.0.0.0/16", tag: "b")])
    #expect(try await tagged.apply()?.updated == 1)
    #expect(try await tagged.plan().lines == [])
    let replaced = tagged.with(["plumb.yaml": Self.estate, "net.yaml": Self.network("10.0.0.0/17", tag: "b")])
    let summary = try await replaced.apply()
    #expect(summary?.outcome == .complete && summary?.created == 2 && summary?.deleted == 2)
    #expect(try await replaced.plan().lines == [])
    #expect(try await replaced.store.load().records.map(\.incarnation) == [2, 2])
  }

  @Test("a saved plan for another scope or other manifests is refused with both shown, and nothing is written")
  func foreignPlan() async throws {
    let network = Self.network("10.0.0.0/16")
    let world = EngineWorld(files: ["plumb.yaml": Self.estate, "net.yaml": network])
    let plan = try await world.plan()
    func refusal(_ files: [String: String]) async throws -> [String] {
      do throws(EngineFailure) {
        _ = try await world.with(files).engine.apply(
          saved: plan, isResuming: false, ApplyRequest(), control: ApplyControl(), events: { _ in })
        return []
      } catch {
        #expect(error.exitCode == .stale)
        return error.diagnostics.flatMap { [$0.message] + $0.notes.map(\.message) }
      }
    }
    let scope = try await refusal([
      "plumb.yaml": Self.estate.replacing("id: est-", with: "id: est-x"), "net.yaml": network,
    ])
    #expect(
      scope.first?.contains("the plan is for scope `\(plan.scope)`, and this estate is `est-x") == true, "\(scope)")
    let manifests = try await refusal(["plumb.yaml": Self.estate, "net.yaml": Self.network("10.9.0.0/16")])
    #expect(manifests.first == "the manifests have changed since the plan was made")
    #expect(manifests.contains("planned from manifests with digest \(plan.manifestDigest.prefix(12))"))
    #expect(manifests.count == 3)
    #expect(world.log.effects.isEmpty && world.store.journal.isEmpty)
  }

  @Test("a target that is removed while something is recorded in it is an error that lists it")
  func removedTarget() async throws {
    let world = EngineWorld(files: ["plumb.yaml": Self.estate, "net.yaml": Self.network("10.0.0.0/16")])
    try await world.apply()
    let other = Self.estate.replacing("main", with: "other")
    await #expect { try await world.with(["plumb.yaml": other]).plan() } throws: { error in
      (error as? EngineFailure)?.diagnostics.first?.code == DiagnosticCode(2201)
    }
  }

  @Test("what is forgotten stays in the cloud, and what is moved keeps its object and its marker")
  func inventoryChanges() async throws {
    let world = EngineWorld(files: ["plumb.yaml": Self.estate, "net.yaml": Self.network("10.0.0.0/16")])
    try await world.apply()
    #expect(try await world.engine.forget([Address("aws.Subnet/a")], reason: "test", ApplyRequest()) == 1)
    let plan = try await world.plan()
    #expect(plan.changes.filter { $0.action != .noop }.map(\.action) == [.adopt])
    #expect(try await world.engine.move(Address("aws.Vpc/main"), to: Address("aws.Vpc/moved"), ApplyRequest()) == 1)
    let renamed = Self.network("10.0.0.0/16").replacing("name: main", with: "name: moved").replacing(
      "Vpc.main", with: "Vpc.moved")
    let moved = world.with(["plumb.yaml": Self.estate, "net.yaml": renamed])
    #expect(try await moved.plan().changes.filter { $0.action != .noop }.map(\.address.text) == ["aws.Subnet/a"])
  }

  @Test("a lost answer is found again by the next run, and nothing is made twice")
  func lostAnswer() async throws {
    var rule = FaultPlan.Rule(.lostResponse)
    rule.operations = [.create]
    rule.limit = 1
    var faults = FaultPlan()
    faults.rules = [rule]
    let world = EngineWorld(
      files: ["plumb.yaml": Self.estate, "net.yaml": Self.network("10.0.0.0/16")], faults: faults)
    try await world.apply()
    try await world.apply()
    #expect(try await world.plan().lines == [])
    #expect(world.log.effects.filter { $0.operation == .create }.count == 2)
  }
}
