import Applying
import Inventory
import Planning
import Platform
import ProviderKit
import Resources
import TestSupport
import Testing
import Values

/// A run that dies at a point of its first call: what it left is settled by the next one.
@Suite struct RecoveryTests {
  enum Crash: String, CaseIterable {
    case beforeCall, afterCall
  }

  /// Announces the steps of a plan and stops as a killed process does: the call was made or was not, and
  /// nothing was told.
  private func crash(_ plan: Plan, _ world: ApplyWorld, _ point: Crash, _ key: String, run: String) async throws {
    world.provider.fault(key, point == .afterCall ? .hang : .refuse(.other))
    if point == .afterCall {
      let control = ApplyControl()
      let task = Task { try await world.apply(plan, run: run, control: control) }
      while world.provider.hanging == 0 { await Task.yield() }
      control.interrupt()
      control.interrupt()
      _ = try await task.value
      world.provider.hanging = 0
      return
    }
    // The same intent, committed by hand: the process died before its call.
    let donor = ApplyWorld(records: try await world.records())
    for object in world.provider.objects { donor.provider.change(object.remote) { $0 = object } }
    try await donor.apply(plan, run: run)
    let intent = try #require(
      donor.store.journal.compactMap { entry -> Intent? in
        if case .intent(let intent) = entry.event { intent } else { nil }
      }.first)
    let lease = try await world.store.lock(StoreBattery.holder("ana", run: run), timeout: .zero)
    try await world.store.commit(Batch(events: [.began(plan.id, command: "apply"), .intent(intent)]), lease)
    try await world.store.unlock(lease)
    world.provider.fault(key, nil)
  }

  private func recover(_ world: ApplyWorld) async throws -> [Recovery.Settlement] {
    let lease = try await world.store.lock(StoreBattery.holder("ana", run: "recovery"), timeout: .zero)
    let preview = try await Recovery.preview(try await world.store.load(), world.environment)
    let (snapshot, settled) = try await Recovery.run(try await world.store.load(), lease: lease, world.environment)
    try await world.store.unlock(lease)
    #expect(snapshot.openIntents.isEmpty)
    if preview.snapshot.openIntents.isEmpty {
      #expect(preview.snapshot.records == snapshot.records, "the preview told something else")
    }
    return settled
  }

  @Test(
    "a create is found where it happened, and nothing is recorded where it did not", arguments: Crash.allCases,
    [false, true])
  func create(_ point: Crash, _ isBucket: Bool) async throws {
    let world = ApplyWorld(delay: .seconds(6))
    let type = isBucket ? ScriptedProvider.bucket : ScriptedProvider.vpc
    let plan = PlanScript.create("a", type: type)
    try await crash(plan, world, point, "create aws.\(type.kind)/a", run: "r1")
    let settled = try await recover(world)
    let records = try await world.records()
    if point == .afterCall {
      #expect(records.count == 1 && records[0].remote == world.provider.objects[0].remote && records[0].isComplete)
      #expect(records[0].owned == plan.changes[0].after)
    } else {
      #expect(records.isEmpty && settled.map(\.resolution) == [.absent])
      // The window of the type has passed before that was believed.
      #expect(world.time.elapsed >= .seconds(8))
    }
    #expect(world.provider.calls.filter { $0.hasPrefix("create") }.count == (point == .afterCall ? 1 : 0))
  }

  @Test("an unmarked object with our name is taken for ours and marked; a marked one of others is not")
  func naturalKey() async throws {
    for marker in [nil, Marker(scope: ScopeID(estate: "other"), address: Address("aws.Bucket/x"))] {
      let world = ApplyWorld()
      try await crash(
        PlanScript.create("a", type: ScriptedProvider.bucket), world, .beforeCall, "create aws.Bucket/a", run: "r1")
      world.provider.change(RemoteID("a")) {
        $0 = Observed(type: ScriptedProvider.bucket, remote: RemoteID("a"), fields: ["name": "a"], marker: marker)
      }
      _ = try await recover(world)
      #expect(try await world.records().count == (marker == nil ? 1 : 0))
      #expect(world.provider.objects[0].marker?.scope == (marker?.scope ?? ApplyWorld.scope))
    }
  }

  @Test("two objects with our marker stop recovery, with both shown and nothing written")
  func twoSided() async throws {
    let world = ApplyWorld()
    try await crash(PlanScript.create("a"), world, .beforeCall, "create aws.Vpc/a", run: "r1")
    for id in ["vpc-8", "vpc-9"] {
      world.provider.change(RemoteID(id)) {
        $0 = Observed(
          type: ScriptedProvider.vpc, remote: RemoteID(id), fields: ["cidrBlock": "10.0.0.0/16"],
          marker: Marker(scope: ApplyWorld.scope, address: Address("aws.Vpc/a")))
      }
    }
    let before = world.store.journal.count
    await #expect { _ = try await recover(world) } throws: { error in
      guard case .twoSided(let pairs)? = error as? RecoveryError else { return false }
      return pairs.map(\.objects) == [[RemoteID("vpc-8"), RemoteID("vpc-9")]]
    }
    #expect(world.store.journal.count == before)
  }

  @Test("update, delete, move and adopt are settled by what the object shows", arguments: Crash.allCases)
  func others(_ point: Crash) async throws {
    let isDone = point == .afterCall
    for operation in [Step.Operation.update, .delete, .move, .adopt] {
      let world = ApplyWorld()
      if operation == .adopt {
        world.provider.change(RemoteID("vpc-1")) {
          $0 = Observed(type: ScriptedProvider.vpc, remote: RemoteID("vpc-1"), fields: ["cidrBlock": "10.0.0.0/16"])
        }
      } else {
        try await world.apply(PlanScript.create("a"), run: "r0")
      }
      let plan = script(operation)
      let address = plan.changes[0].address
      let key = operation == .delete ? "delete vpc-1" : "update \(address) \(operation == .update ? "tags" : "")"
      try await crash(plan, world, point, key, run: "r1")
      let settled = try await recover(world)
      let records = try await world.records()
      let expected: Resolution = isDone ? .done(RemoteID("vpc-1")) : .absent
      #expect(settled.map(\.resolution) == [expected], "\(operation) \(point)")
      switch operation {
      case .update: #expect((records[0].owned["tags"] != nil) == isDone)
      case .delete: #expect(records.isEmpty == isDone)
      case .move: #expect(records.map(\.address.text) == [isDone ? "aws.Vpc/b" : "aws.Vpc/a"])
      case .adopt: #expect(records.count == (isDone ? 1 : 0))
      case .create, .forget, .setLate, .clearLate: Issue.record("not in this test")
      }
    }
  }

  private func script(_ operation: Step.Operation) -> Plan {
    var script = PlanScript("p9")
    let fields: Value = ["cidrBlock": "10.0.0.0/16"]
    let change =
      switch operation {
      case .update:
        script.change("a", .update, after: ["cidrBlock": "10.0.0.0/16", "tags": ["k": "v"]]) {
          $0.fields = [FieldChange(path: ValuePath([.key("tags")]), before: nil, after: ["k": "v"])]
        }
      case .move: script.change("b", .move, after: fields) { $0.movedFrom = Address("aws.Vpc/a") }
      case .adopt: script.change("a", .adopt, after: fields) { $0.remote = RemoteID("vpc-1") }
      case .delete: script.change("a", .delete)
      case .create, .forget, .setLate, .clearLate: script.change("a", .noop)
      }
    script.step(change, operation)
    return script.plan
  }
}
