import Planning
import Resources
import Testing
import Values

@Suite("records that are written anew, and fields that nobody can read")
struct RecordRefreshTests {
  private func observed(_ fields: Value, unreadable: [String]) -> Observation.State {
    .present(Observed(type: TypeName("aws/Vpc"), remote: RemoteID("vpc-1"), fields: fields, unreadable: unreadable))
  }

  @Test("what was changed first and written then is a no-op, and the record becomes what the manifest has")
  func takenOver() throws {
    var world = PlanningWorld()
    let wanted: Value = ["cidrBlock": "10.0.0.0/16", "tags": ["team": "b"]]
    world.want("Vpc", "main", wanted)
    world.have(
      "Vpc", "main", id: "vpc-1", ["cidrBlock": "10.0.0.0/16", "tags": ["team": "a"]], observed: wanted)
    let plan = world.plan()
    #expect(plan.isEmpty)
    #expect(plan.change("Vpc/main")?.recordedAnew == wanted)
    let read = try PlanFile.read(PlanFile.bytes(plan, version: "1.0.0"), file: "x.plan")
    #expect(read.change("Vpc/main")?.recordedAnew == wanted)
  }

  @Test("a record that says what the manifest has is left alone")
  func right() {
    var world = PlanningWorld()
    world.want("Vpc", "main", ["cidrBlock": "10.0.0.0/16"])
    world.have("Vpc", "main", id: "vpc-1", ["cidrBlock": "10.0.0.0/16"], observed: ["cidrBlock": "10.0.0.0/16"])
    world.want("Subnet", "a", ["vpcId": "${aws.Vpc.main.id}", "cidrBlock": "10.0.1.0/24"])
    world.have(
      "Subnet", "a", id: "subnet-1", ["vpcId": "vpc-1", "cidrBlock": "10.0.1.0/24"], dependencies: ["Vpc/main"])
    #expect(world.plan().changes.allSatisfy { $0.recordedAnew == nil && $0.action == .noop })
  }

  @Test("a reference in the place of an id, and another management policy, get into the record")
  func order() {
    var world = PlanningWorld()
    world.want("Vpc", "main", ["cidrBlock": "10.0.0.0/16"]) { $0.managementPolicy = .noDelete }
    world.have("Vpc", "main", id: "vpc-1", ["cidrBlock": "10.0.0.0/16"])
    world.want("Subnet", "a", ["vpcId": "${aws.Vpc.main.id}", "cidrBlock": "10.0.1.0/24"])
    world.have("Subnet", "a", id: "subnet-1", ["vpcId": "vpc-1", "cidrBlock": "10.0.1.0/24"])
    let plan = world.plan()
    #expect(plan.isEmpty && plan.changes.count { $0.recordedAnew != nil } == 2)
  }

  @Test("what is not selected, and what could not be read, is not recorded anew")
  func notLookedAt() {
    var world = PlanningWorld()
    world.want("Vpc", "main", ["cidrBlock": "10.0.0.0/16"]) { $0.managementPolicy = .noDelete }
    world.have("Vpc", "main", id: "vpc-1", ["cidrBlock": "10.0.0.0/16"])
    world.want("Vpc", "other", ["cidrBlock": "10.1.0.0/16"])
    world.options.only = ["aws.Vpc/other"]
    #expect(world.plan().change("Vpc/main")?.recordedAnew == nil)
    world.options.only = []
    for record in world.records { world.observation.recorded[record.key] = .unreadable("denied") }
    #expect(world.plan().change("Vpc/main")?.recordedAnew == nil)
  }

  @Test("a field that could not be read is written where the manifest has changed it, and left where it has not")
  func unreadableField() {
    var world = PlanningWorld()
    world.want("Vpc", "main", ["cidrBlock": "10.0.0.0/16", "tags": ["team": "b"]])
    world.have("Vpc", "main", id: "vpc-1", ["cidrBlock": "10.0.0.0/16", "tags": ["team": "a"]])
    let key = RecordKey(Address("aws.Vpc/main"))
    world.observation.recorded[key] = observed(["cidrBlock": "10.0.0.0/16"], unreadable: ["tags"])
    let changed = world.plan()
    #expect(changed.lines == ["~ aws.Vpc/main"])
    #expect(changed.change("Vpc/main")?.fields.map(\.path.description) == ["tags.team"])
    #expect(changed.change("Vpc/main")?.fields.first?.before == "a")
    world.records[0].owned = ["cidrBlock": "10.0.0.0/16", "tags": ["team": "b"]]
    let same = world.plan()
    #expect(same.isEmpty && !same.coverage.isComplete)
  }

  @Test("an operation that stopped half way may not have written what cannot be read: it is written again")
  func unfinished() {
    var world = PlanningWorld()
    world.want("Vpc", "main", ["cidrBlock": "10.0.0.0/16", "tags": ["team": "a"]])
    world.have("Vpc", "main", id: "vpc-1", ["cidrBlock": "10.0.0.0/16", "tags": ["team": "a"]])
    world.records[0].isComplete = false
    world.observation.recorded[RecordKey(Address("aws.Vpc/main"))] = observed(
      ["cidrBlock": "10.0.0.0/16"], unreadable: ["tags"])
    let plan = world.plan()
    #expect(plan.lines == ["~ aws.Vpc/main"])
    #expect(plan.change("Vpc/main")?.fields.map(\.path.description) == ["tags"])
  }
}

@Suite("what unknowns await")
struct AwaitedTests {
  private func awaited(_ plan: Plan, _ address: String, _ field: String) -> [String] {
    guard let slot = plan.change(address)?.after?[field]?.unknown else { return ["(known)"] }
    return plan.awaited(slot).map(\.text)
  }

  @Test("only addresses that are still to be applied are named, each once, in the order of reading")
  func named() {
    var world = PlanningWorld()
    world.want("Vpc", "main", ["cidrBlock": "10.0.0.0/16"])
    world.want("Vpc", "new", ["cidrBlock": "10.1.0.0/16"])
    world.have("Vpc", "main", id: "vpc-1", ["cidrBlock": "10.0.0.0/16"])
    world.want(
      "Bucket", "b",
      ["bucket": "${aws.Vpc.main.id}-${aws.Vpc.new.id}-${aws.Vpc.new.state}-${aws.Vpc.new.cidrBlock}"])
    world.want("Subnet", "a", ["vpcId": "${aws.Vpc.main.id}", "cidrBlock": "10.0.0.0/24"])
    world.want("Subnet", "c", ["vpcId": "${aws.Bucket.b.bucket}", "cidrBlock": "10.0.0.0/24"])
    let plan = world.plan()
    #expect(awaited(plan, "Bucket/b", "bucket") == ["aws.Vpc/new"])
    #expect(awaited(plan, "Subnet/a", "vpcId") == ["(known)"])
    #expect(awaited(plan, "Subnet/c", "vpcId") == ["aws.Bucket/b"])
  }
}
