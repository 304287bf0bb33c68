import Diagnostics
import Planning
import Resources
import Testing
import Values

/// Plans whose steps would wait for each other, were they ordered in the way that is best for one resource alone.
@Suite("an order for every plan")
struct OrderTests {
  /// A subnet under a new name takes the range of the one that goes; `node` is replaced, since it moves over.
  private func renamed(createBeforeDestroy: Bool? = nil) -> PlanningWorld {
    var world = PlanningWorld()
    let subnet: Value = ["vpcId": "vpc-1", "cidrBlock": "10.0.0.0/20"]
    world.want("Subnet", "new", subnet)
    world.want("Subnet", "node", ["vpcId": "${aws.Subnet.new.id}", "cidrBlock": "10.0.16.0/20"]) {
      $0.createBeforeDestroy = createBeforeDestroy
    }
    world.have("Subnet", "old", id: "subnet-1", subnet)
    world.have(
      "Subnet", "node", id: "subnet-2", ["vpcId": "subnet-1", "cidrBlock": "10.0.16.0/20"],
      dependencies: ["Subnet/old"])
    world.hold("Subnet", "new", by: "old", id: "subnet-1", subnet)
    return world
  }

  @Test("what needs an object that waits for the name of a leaving one is deleted before its new one is made")
  func deletedFirst() {
    let plan = renamed().plan()
    #expect(plan.diagnostics.isEmpty)
    #expect(
      plan.order == ["delete Subnet/node", "delete Subnet/old", "create Subnet/new", "create Subnet/node@2"])
  }

  @Test("createBeforeDestroy cannot hold where what is needed waits for the old object, and says so")
  func warned() {
    let plan = renamed(createBeforeDestroy: true).plan()
    #expect(plan.codes == [2104])
    #expect(
      plan.diagnostics.first?.message
        == "`aws.Subnet/node` cannot be created first: what it needs can be made only when the old object is gone")
    #expect(plan.steps.count == 4)
  }

  @Test("an old object lets go before its new one is whole, where that one awaits what takes the place")
  func clearedEarly() {
    var world = PlanningWorld()
    let group: Value = ["vpcId": "v", "groupName": "web"]
    world.options.allowStateful = ["*"]
    world.want("SecurityGroup", "new", group)
    world.want("Bucket", "b", ["bucket": "b-2", "policy": ["who": "${aws.SecurityGroup.new.id}"]])
    world.have("SecurityGroup", "old", id: "sg-1", group)
    world.have(
      "Bucket", "b", id: "b-1", ["bucket": "b-1", "policy": ["who": "sg-1"]], lateDependencies: ["SecurityGroup/old"])
    world.hold("SecurityGroup", "new", by: "old", id: "sg-1", group)
    let plan = world.plan()
    #expect(plan.diagnostics.isEmpty)
    #expect(plan.lines.contains("+/- aws.Bucket/b"))
    #expect(plan.runs("clear-late Bucket/b", before: "delete SecurityGroup/old"))
    #expect(plan.runs("delete SecurityGroup/old", before: "create SecurityGroup/new"))
    #expect(plan.runs("create SecurityGroup/new", before: "set-late Bucket/b@2"))
    #expect(plan.runs("set-late Bucket/b@2", before: "delete Bucket/b"))
  }

  @Test("an old object of an unfinished replacement goes first where the new one waits for what it needs")
  func leftover() {
    var world = PlanningWorld()
    world.options.replace = ["aws.SecurityGroup/web"]
    world.options.allowStateful = ["*"]
    let group: Value = ["vpcId": "v", "groupName": "web"]
    world.want("SecurityGroup", "web", group)
    world.want("Bucket", "b", ["bucket": "b", "tags": ["web": "${aws.SecurityGroup.web.id}"]])
    world.have("SecurityGroup", "web", id: "sg-1", group)
    world.have("Bucket", "b", id: "b-0", ["bucket": "b"], dependencies: ["SecurityGroup/web"], isSuperseded: true)
    world.have(
      "Bucket", "b", id: "b", ["bucket": "b", "tags": ["web": "sg-1"]], dependencies: ["SecurityGroup/web"],
      incarnation: 2)
    let plan = world.plan()
    #expect(plan.diagnostics.isEmpty)
    #expect(plan.runs("delete Bucket/b", before: "delete SecurityGroup/web"))
    #expect(plan.runs("create SecurityGroup/web@2", before: "update Bucket/b@2"))
  }

  /// A subnet moved to another network and back again, before its first object was deleted; `node` still names that.
  private func movedBack() -> PlanningWorld {
    var world = PlanningWorld()
    let range: Value = "10.0.0.0/20"
    world.want("Subnet", "a", ["vpcId": "vpc-1", "cidrBlock": range])
    world.have("Subnet", "a", id: "subnet-1", ["vpcId": "vpc-1", "cidrBlock": range], isSuperseded: true)
    world.have("Subnet", "a", id: "subnet-2", ["vpcId": "vpc-2", "cidrBlock": range], incarnation: 2)
    return world
  }

  @Test("what returns to a name that its own old object still has is made when that one is gone")
  func movedBackAlone() {
    let plan = movedBack().plan()
    #expect(plan.diagnostics.isEmpty)
    #expect(plan.order == ["delete Subnet/a", "create Subnet/a@3", "delete Subnet/a@2"])
  }

  @Test(
    "whoever still names an old object whose name is wanted again goes, or lets go, before it",
    arguments: [true, false])
  func movedBackInUse(isReplaced: Bool) {
    var world = movedBack()
    if isReplaced {
      world.want("SecurityGroup", "node", ["vpcId": "${aws.Subnet.a.id}", "groupName": "node"])
      world.have(
        "SecurityGroup", "node", id: "sg-1", ["vpcId": "subnet-1", "groupName": "node"], dependencies: ["Subnet/a"])
    } else {
      world.want("Vpc", "node", ["cidrBlock": "10.0.0.0/16", "tags": ["in": "${aws.Subnet.a.id}"]])
      world.have(
        "Vpc", "node", id: "vpc-9", ["cidrBlock": "10.0.0.0/16", "tags": ["in": "subnet-1"]], dependencies: ["Subnet/a"]
      )
    }
    let plan = world.plan()
    #expect(plan.diagnostics.isEmpty)
    #expect(plan.runs("delete Subnet/a", before: "create Subnet/a@3"))
    if isReplaced {
      #expect(plan.runs("delete SecurityGroup/node", before: "delete Subnet/a"))
      #expect(plan.runs("create Subnet/a@3", before: "create SecurityGroup/node@2"))
    } else {
      #expect(plan.runs("clear-late Vpc/node", before: "delete Subnet/a"))
      #expect(plan.runs("create Subnet/a@3", before: "update Vpc/node"))
    }
  }

  @Test("a name that an old object of another address still has is free when that one is gone")
  func heldByOldObject() {
    var world = movedBack()
    world.desired = []
    world.want("Subnet", "a", ["vpcId": "vpc-2", "cidrBlock": "10.0.0.0/20"])
    let subnet: Value = ["vpcId": "vpc-1", "cidrBlock": "10.0.0.0/20"]
    world.want("Subnet", "b", subnet)
    world.hold("Subnet", "b", by: "a", id: "subnet-1", subnet)
    let plan = world.plan()
    #expect(plan.diagnostics.isEmpty)
    #expect(plan.order == ["delete Subnet/a", "create Subnet/b"])
  }

  @Test("an address that comes back to its old object's name waits for its delete")
  func comesBack() {
    var world = movedBack()
    world.records.removeLast()
    world.hold("Subnet", "a", by: "a", id: "subnet-1", ["vpcId": "vpc-1", "cidrBlock": "10.0.0.0/20"])
    let plan = world.plan()
    #expect(plan.diagnostics.isEmpty)
    #expect(plan.order == ["delete Subnet/a", "create Subnet/a@2"])
  }

  /// Two networks that have swapped who names whom, and the old object of one was not deleted yet.
  private func swapped(_ shows: [String: Value]) -> PlanningWorld {
    var world = PlanningWorld()
    world.options.mode = .destroy
    func fields(_ id: String) -> Value { .map([("cidrBlock", "10.0.0.0/16"), ("tags", shows[id] ?? .map([]))]) }
    world.have("Vpc", "a", id: "vpc-a1", fields("vpc-a1"), dependencies: ["Vpc/b"], isSuperseded: true)
    world.have("Vpc", "a", id: "vpc-a2", fields("vpc-a2"), incarnation: 2)
    world.have("Vpc", "b", id: "vpc-b", fields("vpc-b"), dependencies: ["Vpc/a"])
    return world
  }

  @Test("a swap of references that was interrupted is destroyed in the order that its objects show")
  func interruptedSwap() {
    let new = swapped(["vpc-b": ["peer": "vpc-a2"]]).plan()
    #expect(new.diagnostics.isEmpty)
    #expect(new.order.count == 3)
    #expect(new.runs("delete Vpc/b", before: "delete Vpc/a@2"))
    let old = swapped(["vpc-a1": ["peer": "arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-b"]]).plan()
    #expect(old.diagnostics.isEmpty)
    #expect(old.runs("delete Vpc/a", before: "delete Vpc/b"))
    #expect(old.runs("delete Vpc/b", before: "delete Vpc/a@2"))
  }

  @Test("a name whose holder cannot be deleted now is not planned to be free", arguments: [true, false])
  func heldName(isReleased: Bool) {
    var world = PlanningWorld()
    let group: Value = ["vpcId": "v", "groupName": "web"]
    world.want("SecurityGroup", "new", group)
    world.have("SecurityGroup", "old", id: "sg-1", group)
    world.hold("SecurityGroup", "new", by: "old", id: "sg-1", group)
    if isReleased {
      world.released = [world.records[0].address]
    } else {
      world.observation.recorded[world.records[0].key] = .unreadable("it is throttled")
    }
    let errors = world.plan().diagnostics.filter { $0.severity == .error }
    #expect(
      errors.map(\.message) == [
        isReleased
          ? "`aws.SecurityGroup/new` cannot be created: `aws.SecurityGroup/old` has its name and is not deleted"
          : "`aws.SecurityGroup/new` cannot be created yet: `aws.SecurityGroup/old` has its name and could not be "
            + "read: it is throttled"
      ])
  }

  @Test("a destroy has an order whatever records say", arguments: [true, false])
  func recordedCircle(isShown: Bool) {
    var world = PlanningWorld()
    world.options.mode = .destroy
    for (name, other) in [("a", "b"), ("b", "c"), ("c", "a")] {
      let tags: Value = isShown ? .map([("next", .string("vpc-\(other)"))]) : .map([])
      world.have(
        "Vpc", name, id: "vpc-\(name)", .map([("cidrBlock", "10.0.0.0/16"), ("tags", tags)]),
        dependencies: ["Vpc/\(other)"])
    }
    let plan = world.plan()
    #expect(plan.diagnostics.isEmpty)
    #expect(plan.order.sorted() == ["delete Vpc/a", "delete Vpc/b", "delete Vpc/c"])
  }
}
