import Diagnostics
import Planning
import Resources
import Testing
import Values

@Suite("what the planner decides")
struct PlannerTests {
  @Test("a new network is created before its subnet, whose id field is known after apply")
  func createsInOrder() {
    var world = PlanningWorld()
    world.want("Subnet", "a", ["vpcId": "${aws.Vpc.main.id}", "cidrBlock": "10.0.0.0/20"])
    world.want("Vpc", "main", ["cidrBlock": "10.0.0.0/16"])
    let plan = world.plan()
    #expect(plan.lines == ["+ aws.Subnet/a", "+ aws.Vpc/main"])
    #expect(plan.order == ["create Vpc/main", "create Subnet/a"])
    #expect(plan.change("Subnet/a")?.after?["vpcId"]?.kind == .unknown)
    #expect(plan.diagnostics.isEmpty)
  }

  @Test("what stands as it is wanted draws no step, in whatever form it is written")
  func nothingToDo() {
    var world = PlanningWorld()
    world.want("Vpc", "main", ["cidrBlock": "10.0.0.0/16", "tags": ["team": "ml"]])
    world.want("Subnet", "a", ["vpcId": "${aws.Vpc.main.id}", "cidrBlock": "10.0.0.0/20"])
    world.have(
      "Vpc", "main", id: "vpc-1", ["cidrBlock": "10.0.0.0/16", "tags": ["team": "ml"]],
      observed: ["cidrBlock": "10.0.3.0/16", "tags": ["team": "ml", "aws:x": "y"], "state": "available"])
    world.have("Subnet", "a", id: "subnet-1", ["vpcId": "vpc-1", "cidrBlock": "10.0.0.0/20"])
    let plan = world.plan()
    #expect(plan.isEmpty)
    #expect(plan.coverage.compared == 2)
  }

  @Test("the same input gives the same plan")
  func deterministic() {
    var world = PlanningWorld()
    for name in ["c", "a", "b"] { world.want("Vpc", name, ["cidrBlock": "10.0.0.0/16"]) }
    world.have("Vpc", "z", id: "vpc-9", ["cidrBlock": "10.9.0.0/16"])
    #expect(world.plan().order == world.plan().order)
    #expect(world.plan().order == ["create Vpc/a", "create Vpc/b", "create Vpc/c", "delete Vpc/z"])
  }

  @Test("a tag changed outside is drift, one changed in the manifest is not, and others' tags are left alone")
  func causes() {
    var world = PlanningWorld()
    world.want("Vpc", "main", ["cidrBlock": "10.0.0.0/16", "tags": ["team": "ml", "cost": "new"]])
    world.have(
      "Vpc", "main", id: "vpc-1", ["cidrBlock": "10.0.0.0/16", "tags": ["team": "ml", "cost": "old"]],
      observed: ["cidrBlock": "10.0.0.0/16", "tags": ["team": "web", "cost": "old", "theirs": "x"]])
    let change = world.plan().change("Vpc/main")
    #expect(change?.action == .update)
    #expect(change?.fields.map(\.path.description) == ["tags.team", "tags.cost"])
    #expect(change?.causes.map(\.kind) == [.drift, .manifest])
    #expect(change?.reason == .manifestChanged)
  }

  @Test("a dropped tag is removed, a dropped field with a server default is reset, and extras are left")
  func drops() {
    var world = PlanningWorld()
    world.want("Vpc", "main", ["cidrBlock": "10.0.0.0/16", "tags": ["team": "ml"]])
    world.have(
      "Vpc", "main", id: "vpc-1",
      ["cidrBlock": "10.0.0.0/16", "enableDnsHostnames": true, "tags": ["team": "ml", "old": "x"]])
    let change = world.plan().change("Vpc/main")
    #expect(change?.fields.map(\.effect) == [.remove, .reset])
    #expect(change?.fields.last?.after == false)
  }

  @Test("an immutable change of a network replaces it and its subnet, new ones first, dependents deleted first")
  func replaceChain() {
    var world = PlanningWorld()
    world.want("Vpc", "main", ["cidrBlock": "10.1.0.0/16"])
    world.want("Subnet", "a", ["vpcId": "${aws.Vpc.main.id}", "cidrBlock": "10.0.0.0/20"])
    world.have("Vpc", "main", id: "vpc-1", ["cidrBlock": "10.0.0.0/16"])
    world.have(
      "Subnet", "a", id: "subnet-1", ["vpcId": "vpc-1", "cidrBlock": "10.0.0.0/20"], dependencies: ["Vpc/main"])
    let plan = world.plan()
    #expect(plan.lines == ["+/- aws.Subnet/a", "+/- aws.Vpc/main"])
    #expect(plan.order == ["create Vpc/main@2", "create Subnet/a@2", "delete Subnet/a", "delete Vpc/main"])
    #expect(plan.change("Subnet/a")?.causes.first?.upstream == Address("aws.Vpc/main"))
  }

  @Test("where the name must be unique and stays, the old one is deleted first")
  func deleteFirst() {
    var world = PlanningWorld()
    world.options.replace = ["aws.SecurityGroup/web"]
    world.want("SecurityGroup", "web", ["vpcId": "vpc-1", "groupName": "web"])
    world.have("SecurityGroup", "web", id: "sg-1", ["vpcId": "vpc-1", "groupName": "web"])
    #expect(world.plan().lines == ["-/+ aws.SecurityGroup/web"])
    #expect(world.plan().order == ["delete SecurityGroup/web", "create SecurityGroup/web@2"])
  }

  @Test("createBeforeDestroy cannot hold above something that is deleted first, and says so")
  func forcedDeleteFirst() {
    var world = PlanningWorld()
    world.options.allowStateful = ["*"]
    world.want("Bucket", "b", ["bucket": "b"]) { $0.createBeforeDestroy = false }
    world.want("SecurityGroup", "web", ["vpcId": "${aws.Bucket.b.id}", "groupName": "web"]) {
      $0.createBeforeDestroy = true
    }
    world.have("Bucket", "b", id: "b-old", ["bucket": "b-old"])
    world.have("SecurityGroup", "web", id: "sg-1", ["vpcId": "b-old", "groupName": "web"], dependencies: ["Bucket/b"])
    let plan = world.plan()
    #expect(plan.lines == ["-/+ aws.Bucket/b", "-/+ aws.SecurityGroup/web"])
    #expect(
      plan.order == ["delete SecurityGroup/web", "delete Bucket/b", "create Bucket/b@2", "create SecurityGroup/web@2"])
    #expect(plan.codes == [2104])
  }

  @Test("groups whose rules name each other are no cycle: rules are a step of their own, cleared before deleting")
  func mutualReferences() {
    var world = PlanningWorld()
    world.want(
      "SecurityGroup", "a", ["vpcId": "v", "groupName": "a", "ipPermissions": [["peer": "${aws.SecurityGroup.b.id}"]]])
    world.want(
      "SecurityGroup", "b", ["vpcId": "v", "groupName": "b", "ipPermissions": [["peer": "${aws.SecurityGroup.a.id}"]]])
    let plan = world.plan()
    #expect(plan.diagnostics.isEmpty)
    for group in ["a", "b"] {
      for other in ["a", "b"] {
        #expect(plan.runs("create SecurityGroup/\(other)", before: "set-late SecurityGroup/\(group)"))
      }
    }
    var gone = PlanningWorld()
    gone.have(
      "SecurityGroup", "a", id: "sg-a", ["ipPermissions": [["peer": "sg-b"]]], lateDependencies: ["SecurityGroup/b"])
    gone.have(
      "SecurityGroup", "b", id: "sg-b", ["ipPermissions": [["peer": "sg-a"]]], lateDependencies: ["SecurityGroup/a"])
    let removal = gone.plan()
    for group in ["a", "b"] {
      for other in ["a", "b"] {
        #expect(removal.runs("clear-late SecurityGroup/\(other)", before: "delete SecurityGroup/\(group)"))
      }
    }
  }

  @Test("a rule of an existing group that names a new group waits for it, and the new group for nothing of the rule")
  func lateUpdate() {
    var world = PlanningWorld()
    world.want(
      "SecurityGroup", "old",
      ["vpcId": "v", "groupName": "old", "ipPermissions": [["peer": "${aws.SecurityGroup.new.id}"]]])
    world.want("SecurityGroup", "new", ["vpcId": "${aws.SecurityGroup.old.vpcId}", "groupName": "new"])
    world.have("SecurityGroup", "old", id: "sg-1", ["vpcId": "v", "groupName": "old", "ipPermissions": []])
    let plan = world.plan()
    #expect(plan.order == ["create SecurityGroup/new", "set-late SecurityGroup/old"])
    #expect(plan.change("SecurityGroup/new")?.after?["vpcId"] == "v")
  }

  @Test("an object that a run has moved and not recorded is moved, whether or not the manifest still says so")
  func halfMoved() {
    var world = PlanningWorld()
    world.want("Vpc", "new", ["cidrBlock": "10.0.0.0/16"])
    world.have("Vpc", "old", id: "vpc-1", ["cidrBlock": "10.0.0.0/16"])
    var object = Observed(
      type: TypeName("aws/Vpc"), remote: RemoteID("vpc-1"), fields: ["cidrBlock": "10.0.0.0/16"],
      marker: Marker(
        scope: PlanningWorld.scope, address: Address(group: "aws", kind: "Vpc", name: "new"), incarnation: 1))
    world.observation.recorded[world.records[0].key] = .present(object)
    #expect(world.plan().lines == ["> aws.Vpc/new"])
    object.marker?.scope = ScopeID(estate: "est-other")
    world.observation.recorded[world.records[0].key] = .present(object)
    #expect(world.plan().lines == ["+ aws.Vpc/new", "- aws.Vpc/old"])
  }

  @Test("a cycle of references is shown as its path")
  func cycle() {
    var world = PlanningWorld()
    world.want("Vpc", "a", ["cidrBlock": "${aws.Vpc.b.cidrBlock}"])
    world.want("Vpc", "b", ["cidrBlock": "${aws.Vpc.a.cidrBlock}"])
    let problem = world.plan().diagnostics.first
    #expect(problem?.message == "these resources need each other: `aws.Vpc/a` → `aws.Vpc/b` → `aws.Vpc/a`")
  }

  @Test("what is gone is made again, and what is gone and unwanted is forgotten")
  func gone() {
    var world = PlanningWorld()
    world.want("Vpc", "main", ["cidrBlock": "10.0.0.0/16"])
    world.have("Vpc", "main", id: "vpc-1", ["cidrBlock": "10.0.0.0/16"])
    world.have("Vpc", "old", id: "vpc-2", ["cidrBlock": "10.2.0.0/16"])
    world.lose("Vpc", "main")
    world.lose("Vpc", "old")
    #expect(world.plan().lines == ["+ aws.Vpc/main", ". aws.Vpc/old"])
  }

  @Test("an unreadable object is neither changed nor deleted, and coverage says so")
  func unreadable() {
    var world = PlanningWorld()
    world.want("Vpc", "main", ["cidrBlock": "10.1.0.0/16"])
    world.have("Vpc", "main", id: "vpc-1", ["cidrBlock": "10.0.0.0/16"])
    world.have("Vpc", "old", id: "vpc-2", ["cidrBlock": "10.0.0.0/16"])
    for record in world.records { world.observation.recorded[record.key] = .unreadable("denied") }
    let plan = world.plan()
    #expect(plan.isEmpty && !plan.coverage.isComplete && plan.codes == [2008, 2008])
  }

  @Test("the old object of an unfinished replacement is deleted by the next plan")
  func leftover() {
    var world = PlanningWorld()
    world.want("Vpc", "main", ["cidrBlock": "10.1.0.0/16"])
    world.have("Vpc", "main", id: "vpc-1", ["cidrBlock": "10.0.0.0/16"], isSuperseded: true)
    world.have("Vpc", "main", id: "vpc-2", ["cidrBlock": "10.1.0.0/16"], incarnation: 2)
    #expect(world.plan().order == ["delete Vpc/main"])
    #expect(world.plan().changes.last?.reason == .superseded)
  }

  @Test("a moved resource keeps its object")
  func moved() {
    var world = PlanningWorld()
    world.want("Vpc", "new", ["cidrBlock": "10.0.0.0/16"]) { $0.movedFrom = Address("aws.Vpc/old") }
    world.have("Vpc", "old", id: "vpc-1", ["cidrBlock": "10.0.0.0/16"])
    world.have("Subnet", "a", id: "subnet-1", ["vpcId": "vpc-1"], dependencies: ["Vpc/old"])
    let plan = world.plan()
    #expect(plan.lines == ["- aws.Subnet/a", "> aws.Vpc/new"])
    #expect(plan.change("Vpc/new")?.movedFrom == Address("aws.Vpc/old"))
  }
}
