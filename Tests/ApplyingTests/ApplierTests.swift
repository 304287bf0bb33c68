import Applying
import Inventory
import Planning
import Platform
import ProviderKit
import Resources
import TestSupport
import Testing
import Values

@Suite struct ApplierTests {
  @Test("values of new objects reach those that refer to them, late ones after both stand")
  func references() async throws {
    let world = ApplyWorld()
    var script = PlanScript()
    let parent = script.slot("${aws.Vpc.a.id}", owner: "b", path: "parent")
    let peer = script.slot("${aws.Vpc.b.arn}", owner: "a", path: "peers")
    let a = script.change("a", .create, after: ["cidrBlock": "10.0.0.0/16", "peers": [peer]]) {
      $0.lateFields = ["peers"]
    }
    let b = script.change("b", .create, after: ["cidrBlock": "10.1.0.0/16", "parent": parent]) {
      $0.dependencies = [Address("aws.Vpc/a")]
    }
    let first = script.step(a, .create)
    let second = script.step(b, .create, after: [first])
    script.step(a, .setLate, after: [first, second])
    let summary = try await world.apply(script.plan, run: "r1")
    #expect(summary.outcome == .complete && summary.created == 2 && summary.updated == 0)
    #expect(world.provider.calls == ["create aws.Vpc/a", "create aws.Vpc/b", "update aws.Vpc/a peers"])
    let records = try await world.records()
    #expect(records.map(\.remote.text) == ["vpc-1", "vpc-2"])
    #expect(records[0].owned == ["cidrBlock": "10.0.0.0/16", "peers": ["arn:vpc-2"]])
    #expect(records[1].owned["parent"] == "vpc-1" && records[1].dependencies == [Address("aws.Vpc/a")])
    #expect(records.map(\.isComplete) == [true, true])
  }

  @Test("every call has a durable intent before it and an outcome after it, and secrets are in neither")
  func journal() async throws {
    let world = ApplyWorld()
    var script = PlanScript()
    let secret = Value.string("canary-7f3").markedSensitive
    script.step(script.change("a", .create, after: ["cidrBlock": "10.0.0.0/16", "secret": secret]), .create)
    try await world.apply(script.plan, run: "r1")
    let journal = world.store.journal
    #expect(journal.count == 4)
    for entry in journal { #expect(!String(decoding: JournalCodec.encode(entry), as: UTF8.self).contains("canary")) }
    let record = try #require(try await world.records().first)
    #expect(!String(decoding: RecordCodec.encode(record), as: UTF8.self).contains("canary"))
    #expect(world.provider.objects.first?.fields["secret"] == "canary-7f3")
  }

  @Test("a failure leaves independent branches alone, and the plan can be resumed")
  func resume() async throws {
    let world = ApplyWorld()
    var script = PlanScript()
    let steps = ["a", "b", "c"].map {
      script.step(script.change($0, .create, after: ["cidrBlock": "10.0.0.0/16"]), .create)
    }
    script.step(script.change("d", .create, after: ["cidrBlock": "10.0.0.0/16"]), .create, after: [steps[1]])
    world.provider.fault("create aws.Vpc/b", .refuse(.denied(permission: "ec2:CreateVpc")))
    let first = try await world.apply(script.plan, run: "r1")
    #expect(first.outcome == .partial && first.created == 2)
    #expect(
      first.failures.map(\.step.address.text) == ["aws.Vpc/b"] && first.skipped.map(\.address.text) == ["aws.Vpc/d"])
    await #expect(throws: ApplyError.self) { try await world.apply(script.plan, run: "r2") }
    let second = try await world.apply(script.plan, run: "r3", isResuming: true)
    #expect(second.outcome == .complete && second.created == 2)
    #expect(world.provider.objects.count == 4)
    await #expect(throws: ApplyError.self) { try await world.apply(script.plan, run: "r4", isResuming: true) }
  }

  @Test("a create that is throttled is tried again, one whose answer was lost is found and not repeated")
  func retries() async throws {
    let world = ApplyWorld(delay: .seconds(4))
    world.provider.fault("create aws.Vpc/a", .refuse(.throttled(retryAfter: .seconds(3)), times: 3))
    try await world.apply(PlanScript.create("a"), run: "r1")
    #expect(world.provider.calls.count == 4)
    world.provider.fault("create aws.Vpc/b", .loseAnswer)
    let summary = try await world.apply(PlanScript.create("b", id: "p2"), run: "r2")
    #expect(summary.outcome == .complete && world.provider.objects.count == 2)
    #expect(world.provider.calls.filter { $0 == "create aws.Vpc/b" }.count == 1)
    world.provider.fault("create aws.Vpc/c", .loseCall)
    try await world.apply(PlanScript.create("c", id: "p3"), run: "r3")
    #expect(world.provider.calls.filter { $0 == "create aws.Vpc/c" }.count == 2)
    #expect(world.provider.objects.count == 3)
  }

  @Test("what is left of a half-done create is recorded as incomplete")
  func partial() async throws {
    let world = ApplyWorld()
    world.provider.fault("create aws.Vpc/a", .partial)
    let summary = try await world.apply(PlanScript.create("a"), run: "r1")
    #expect(summary.outcome == .partial)
    let record = try #require(try await world.records().first)
    #expect(!record.isComplete && record.remote == RemoteID("vpc-1"))
    #expect(try await world.store.load().openIntents.isEmpty)
  }

  @Test("a replacement's old record stays, superseded, until its object is gone")
  func replacement() async throws {
    let world = ApplyWorld()
    try await world.apply(PlanScript.create("a"), run: "r1")
    var script = PlanScript("p2")
    let change = script.change("a", .createThenDelete, after: ["cidrBlock": "10.9.0.0/16"]) {
      $0.remote = RemoteID("vpc-1")
      $0.newIncarnation = 2
    }
    let create = script.step(change, .create, incarnation: 2)
    script.step(change, .delete, incarnation: 1, after: [create])
    world.provider.fault("delete vpc-1", .refuse(.denied(permission: nil)))
    try await world.apply(script.plan, run: "r2")
    let between = try await world.records()
    #expect(between.map(\.incarnation) == [1, 2] && between.map(\.isSuperseded) == [true, false])
    try await world.apply(script.plan, run: "r3", isResuming: true)
    #expect(try await world.records().map(\.remote.text) == ["vpc-2"])
    #expect(world.provider.objects.map(\.remote.text) == ["vpc-2"])
  }

  @Test("moving rewrites the marker and the record's key; forgetting leaves the object")
  func moveAndForget() async throws {
    let world = ApplyWorld()
    try await world.apply(PlanScript.create("old"), run: "r1")
    var script = PlanScript("p2")
    script.step(
      script.change("new", .move, after: ["cidrBlock": "10.0.0.0/16"]) { $0.movedFrom = Address("aws.Vpc/old") }, .move)
    try await world.apply(script.plan, run: "r2")
    #expect(try await world.records().map(\.address.text) == ["aws.Vpc/new"])
    #expect(world.provider.objects.first?.marker?.address == Address("aws.Vpc/new"))
    #expect(try await world.store.history(of: Address("aws.Vpc/new")).count == 4)
    var forget = PlanScript("p3")
    forget.step(forget.change("new", .forget), .forget)
    let summary = try await world.apply(forget.plan, run: "r3")
    #expect(summary.forgotten == 1 && summary.outcome == .complete, "\(summary) \(world.store.journal)")
    #expect(try await world.records().map(\.address.text) == [])
    #expect(world.provider.objects.count == 1)
  }

  private func update(_ world: ApplyWorld) -> Plan {
    var script = PlanScript("p2")
    let observed = world.provider.objects[0]
    let paths = [ValuePath([.key("cidrBlock")])]
    let change = script.change("a", .update, after: ["cidrBlock": "10.0.0.0/16", "tags": ["k": "v"]]) {
      $0.remote = observed.remote
      $0.fields = [FieldChange(path: ValuePath([.key("tags"), .key("k")]), before: nil, after: "v")]
      $0.expectation = world.provider.catalog[$0.type].map { type in
        Expectation(
          remote: observed.remote, paths: paths,
          digest: Fingerprint.digest(of: observed.fields, paths: paths, type: type))
      }
    }
    script.step(change, .update)
    return script.plan
  }

  @Test("a plan is stale only where something that it read has changed, and then nothing is written")
  func stale() async throws {
    let world = ApplyWorld()
    try await world.apply(PlanScript.create("a"), run: "r1")
    let plan = update(world)
    let remote = world.provider.objects[0].remote
    world.provider.change(remote) { $0?.fields = ["cidrBlock": "10.7.0.0/16"] }
    await #expect { try await world.apply(plan, run: "r2") } throws: { error in
      guard case .stale(let findings)? = error as? ApplyError else { return false }
      return findings.map(\.path) == ["cidrBlock"]
    }
    world.provider.change(remote) { $0?.fields = ["cidrBlock": "10.0.0.0/16", "tags": ["other": "x"]] }
    #expect(try await world.apply(plan, run: "r3").updated == 1)
    #expect(world.provider.calls == ["create aws.Vpc/a", "update aws.Vpc/a tags"])
  }

  @Test("what another run has created since the plan was made is not created twice")
  func createdMeanwhile() async throws {
    let world = ApplyWorld()
    try await world.apply(PlanScript.create("a"), run: "r1")
    await #expect(throws: ApplyError.self) { try await world.apply(PlanScript.create("a", id: "p2"), run: "r2") }
    #expect(world.provider.objects.count == 1)
    world.provider.change(RemoteID("vpc-1")) { $0 = nil }
    try await world.apply(PlanScript.create("a", id: "p3"), run: "r3")
    #expect(try await world.records().map(\.remote.text) == ["vpc-2"])
  }

  @Test("a name that was taken since the plan was made stops it before the first write")
  func takenName() async throws {
    let world = ApplyWorld()
    world.provider.change(RemoteID("logs")) {
      $0 = Observed(type: ScriptedProvider.bucket, remote: RemoteID("logs"), fields: ["name": "logs"])
    }
    await #expect(throws: ApplyError.self) {
      try await world.apply(PlanScript.create("logs", type: ScriptedProvider.bucket), run: "r1")
    }
    #expect(world.provider.calls.isEmpty && world.store.journal.isEmpty)
  }

  @Test("a second interruption ends hanging calls and leaves their intents for recovery")
  func interruption() async throws {
    let world = ApplyWorld()
    world.provider.fault("create aws.Vpc/a", .hang)
    let control = ApplyControl()
    let run = Task { try await world.apply(PlanScript.create("a"), run: "r1", control: control) }
    while world.provider.hanging == 0 { await Task.yield() }
    control.interrupt()
    control.interrupt()
    #expect(try await run.value.outcome == .interrupted)
    #expect(try await world.store.load().openIntents.count == 1)
    try await world.apply(PlanScript("p2").plan, run: "r2")
    #expect(try await world.records().map(\.remote.text) == ["vpc-1"])
    #expect(try await world.store.load().openIntents.isEmpty)
  }

  @Test("a run whose lock was broken starts nothing more and says so")
  func lockLost() async throws {
    let world = ApplyWorld()
    let lease = try await world.store.lock(StoreBattery.holder("ana", run: "r1"), timeout: .zero)
    var script = PlanScript()
    let first = script.step(script.change("a", .create, after: ["cidrBlock": "10.0.0.0/16"]), .create)
    script.step(script.change("b", .create, after: ["cidrBlock": "10.0.0.0/16"]), .create, after: [first])
    world.provider.fault("create aws.Vpc/a", .hang)
    let plan = script.plan
    let control = ApplyControl()
    let run = Task {
      try await Applier(plan, world.environment).run(
        try await world.store.load(), lease: lease, command: "apply", control: control)
    }
    while world.provider.hanging == 0 { await Task.yield() }
    try await world.store.breakLock(reason: "stuck", by: StoreBattery.holder("bob", run: "r9"))
    control.interrupt()
    control.interrupt()
    let summary = try await run.value
    #expect(summary.inventoryProblem?.reason == .fenced && summary.outcome == .interrupted)
    #expect(world.provider.calls == ["create aws.Vpc/a"])
    #expect(try await world.store.load().openIntents.count == 1)
  }
}
