import Planning
import Resources
import Testing
import Values

@Suite("what the planner refuses")
struct GuardTests {
  @Test("protection survives deleting the block and forbids replacement")
  func protection() {
    var world = PlanningWorld()
    world.have("Vpc", "main", id: "vpc-1", ["cidrBlock": "10.0.0.0/16"], isProtected: true)
    #expect(world.plan().codes == [2101])
    world.want("Vpc", "main", ["cidrBlock": "10.1.0.0/16"]) { $0.protect = true }
    #expect(world.plan().codes == [2101])
  }

  @Test("protect: false is a change of its own, and nothing else")
  func unprotect() {
    var world = PlanningWorld()
    world.have("Vpc", "main", id: "vpc-1", ["cidrBlock": "10.0.0.0/16"], isProtected: true)
    world.want("Vpc", "main", ["cidrBlock": "10.0.0.0/16"])
    let plan = world.plan()
    #expect(plan.diagnostics.isEmpty)
    #expect(plan.change("Vpc/main")?.fields.map(\.path.description) == ["metadata.protect"])
  }

  @Test("what holds data goes only when it is named")
  func stateful() {
    var world = PlanningWorld()
    world.have("Bucket", "data", id: "data", ["bucket": "data"])
    #expect(world.plan().codes == [2102])
    world.options.allowStateful = ["aws.Bucket/data"]
    #expect(world.plan().codes.isEmpty)
    world.options.mode = .destroy
    world.options.allowStateful = []
    #expect(world.plan().codes == [2102])
  }

  @Test("a replacement counts in the delete budget")
  func budget() {
    var world = PlanningWorld()
    world.have("Vpc", "a", id: "vpc-1", ["cidrBlock": "10.0.0.0/16"])
    world.have("Vpc", "b", id: "vpc-2", ["cidrBlock": "10.0.0.0/16"])
    world.want("Vpc", "b", ["cidrBlock": "10.1.0.0/16"])
    world.options.maxDeletes = 1
    #expect(world.plan().codes == [2103])
    world.options.maxDeletes = 2
    #expect(world.plan().codes.isEmpty)
  }

  @Test("NoDelete and released resources are forgotten, not deleted")
  func forgets() {
    var world = PlanningWorld()
    world.have("Vpc", "a", id: "vpc-1", ["cidrBlock": "10.0.0.0/16"])
    world.have("Vpc", "b", id: "vpc-2", ["cidrBlock": "10.0.0.0/16"])
    world.records[0].managementPolicy = .noDelete
    world.released = [Address("aws.Vpc/b")]
    #expect(world.plan().lines == [". aws.Vpc/a", ". aws.Vpc/b"])
  }

  @Test("an observed resource is never written")
  func observeOnly() {
    var world = PlanningWorld()
    world.want("Vpc", "main", ["cidrBlock": "10.1.0.0/16"]) { $0.managementPolicy = .observe }
    #expect(world.plan().codes == [2012])
    world.have("Vpc", "main", id: "vpc-1", ["cidrBlock": "10.0.0.0/16"])
    #expect(world.plan().isEmpty)
  }

  @Test("a name held by somebody else is an error until it is adopted; one held by what we delete is waited for")
  func holders() {
    var world = PlanningWorld()
    world.want("Bucket", "data", ["bucket": "data"])
    world.observation.holders[Address("aws.Bucket/data")] = [
      Observed(type: TypeName("aws/Bucket"), remote: RemoteID("data"), fields: ["bucket": "data"])
    ]
    #expect(world.plan().codes == [2004])
    world.desired[0].lifecycle.adopt = .naturalKey
    #expect(world.plan().lines == ["= aws.Bucket/data"])
    #expect(world.plan().order == ["adopt Bucket/data"])

    var handover = PlanningWorld()
    handover.options.allowStateful = ["*"]
    handover.want("Bucket", "new", ["bucket": "data"])
    handover.have("Bucket", "old", id: "data", ["bucket": "data"])
    handover.observation.holders[Address("aws.Bucket/new")] = [
      Observed(
        type: TypeName("aws/Bucket"), remote: RemoteID("data"), fields: ["bucket": "data"],
        marker: Marker(scope: PlanningWorld.scope, address: Address("aws.Bucket/old")))
    ]
    #expect(handover.plan().order == ["delete Bucket/old", "create Bucket/new"])
  }

  @Test("another estate's object is not adopted until that estate released it")
  func foreign() {
    var world = PlanningWorld()
    world.want("Vpc", "main", ["cidrBlock": "10.0.0.0/16"]) { $0.adopt = .id(RemoteID("vpc-7")) }
    world.observation.holders[Address("aws.Vpc/main")] = [
      Observed(
        type: TypeName("aws/Vpc"), remote: RemoteID("vpc-7"), fields: ["cidrBlock": "10.0.0.0/16"],
        marker: Marker(scope: ScopeID(estate: "est-other"), address: Address("aws.Vpc/theirs")))
    ]
    #expect(world.plan().codes == [2007])
    world.observation.holders = [:]
    #expect(world.plan().codes == [2006])
  }

  @Test("an object with our marker and no record is taken back; two of them are an error")
  func found() {
    var world = PlanningWorld()
    world.want("Vpc", "main", ["cidrBlock": "10.0.0.0/16", "tags": ["a": "b"]])
    let found = Observed(
      type: TypeName("aws/Vpc"), remote: RemoteID("vpc-7"), fields: ["cidrBlock": "10.0.0.0/16"],
      marker: Marker(scope: PlanningWorld.scope, address: Address("aws.Vpc/main"), incarnation: 3))
    world.observation.marked[Address("aws.Vpc/main")] = [found]
    #expect(world.plan().order == ["adopt Vpc/main@3", "update Vpc/main@3"])
    world.observation.marked[Address("aws.Vpc/main")] = [found, found]
    #expect(world.plan().codes == [2005])
  }

  @Test("a record in another account is an error, never a re-creation")
  func otherAccount() {
    var world = PlanningWorld()
    world.want("Vpc", "main", ["cidrBlock": "10.0.0.0/16"])
    world.have("Vpc", "main", id: "vpc-1", ["cidrBlock": "10.0.0.0/16"])
    world.records[0].target.account = "999999999999"
    #expect(world.plan().codes == [2002])
    #expect(world.plan().isEmpty)
  }

  @Test("--only takes what it needs along, and leaves the rest")
  func only() {
    var world = PlanningWorld()
    world.want("Vpc", "main", ["cidrBlock": "10.0.0.0/16"])
    world.want("Vpc", "other", ["cidrBlock": "10.2.0.0/16"])
    world.want("Subnet", "a", ["vpcId": "${aws.Vpc.main.id}", "cidrBlock": "10.0.0.0/20"])
    world.options.only = ["aws.Subnet/*"]
    #expect(world.plan().lines == ["+ aws.Subnet/a", "+ aws.Vpc/main"])
    world.options.only = ["aws.Nothing/*"]
    #expect(world.plan().codes == [2009])
  }
}
