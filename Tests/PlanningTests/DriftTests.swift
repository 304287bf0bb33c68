import Planning
import ProviderKit
import Resources
import Testing
import Values

@Suite("drift, told apart from what else differs")
struct DriftTests {
  private static let net: Value = ["cidrBlock": "10.0.0.0/16", "tags": ["team": "a"]]

  private func report(_ world: PlanningWorld, scans: [TypeScan] = [], unsettled: [Address: String] = [:]) -> DriftReport
  {
    DriftBuilder(world.input, scans: scans, unsettled: unsettled).build()
  }

  @Test("what a manifest changed is pending, and what somebody else changed is drift, at one address too")
  func apart() throws {
    var world = PlanningWorld()
    world.want("Vpc", "main", ["cidrBlock": "10.0.0.0/16", "tags": ["team": "a", "env": "new"]])
    world.have(
      "Vpc", "main", id: "vpc-1", Self.net, observed: ["cidrBlock": "10.0.0.0/16", "tags": ["team": "b", "x": "y"]])
    let report = report(world)
    let drifted = try #require(report.drifted.first)
    #expect(drifted.fields.map(\.path.description) == ["tags.team"])
    #expect(drifted.fields[0].recorded == "a" && drifted.fields[0].observed == "b")
    #expect(report.pending.map(\.action) == [.update])
    #expect(report.pending.first?.paths.map(\.description) == ["tags.env"])
    #expect(report.additions.map(\.path.description) == ["tags.x"])
    #expect(report.isComplete && report.clean == 0)
  }

  @Test("a change that was taken over into the manifest is neither drift nor pending")
  func accepted() {
    var world = PlanningWorld()
    world.want("Vpc", "main", ["cidrBlock": "10.0.0.0/16", "tags": ["team": "b", "x": "y"]])
    world.have(
      "Vpc", "main", id: "vpc-1", ["cidrBlock": "10.0.0.0/16", "tags": ["team": "a", "old": "z"]],
      observed: ["cidrBlock": "10.0.0.0/16", "tags": ["team": "b", "x": "y"]])
    let report = report(world)
    #expect(report.drifted.isEmpty && report.additions.isEmpty && report.pending.isEmpty && report.clean == 1)
    #expect(world.plan().isEmpty)
  }

  @Test("an object that is gone is drift, and nothing that names it becomes pending")
  func gone() {
    var world = PlanningWorld()
    world.want("Vpc", "main", Self.net)
    world.want("Subnet", "a", ["vpcId": "${aws.Vpc.main.id}", "cidrBlock": "10.0.0.0/20"])
    world.have("Vpc", "main", id: "vpc-1", Self.net)
    world.have("Subnet", "a", id: "subnet-1", ["vpcId": "vpc-1", "cidrBlock": "10.0.0.0/20"])
    world.lose("Vpc", "main")
    let report = report(world)
    #expect(report.drifted.map(\.isGone) == [true])
    #expect(report.pending.map(\.address) == [])
  }

  @Test("what is recorded and in no manifest any more is pending, and compared all the same")
  func dropped() {
    var world = PlanningWorld()
    world.have("Vpc", "old", id: "vpc-1", Self.net, observed: ["cidrBlock": "10.0.0.0/16", "tags": [:]])
    let report = report(world)
    #expect(report.drifted.first?.fields.map(\.path.description) == ["tags.team"])
    #expect(report.pending.map(\.action) == [.delete])
  }

  @Test("ignored fields are counted, unreadable ones make the report incomplete")
  func coverage() {
    var world = PlanningWorld()
    world.want("Vpc", "main", Self.net) { $0.ignore = [ValuePath("tags.team")].compactMap { $0 } }
    world.want("Bucket", "data", ["bucket": "data", "tags": ["a": "b"]])
    world.have("Vpc", "main", id: "vpc-1", Self.net, observed: ["cidrBlock": "10.0.0.0/16", "tags": ["team": "b"]])
    world.have("Bucket", "data", id: "data", ["bucket": "data", "tags": ["a": "b"]])
    let key = world.records[1].key
    world.observation.recorded[key] = .present(
      Observed(type: TypeName("aws/Bucket"), remote: RemoteID("data"), fields: ["bucket": "data"], unreadable: ["tags"])
    )
    let report = report(world)
    #expect(report.drifted.isEmpty && !report.isComplete)
    #expect(report.coverage.map(\.compared) == [1, 1])
    #expect(report.coverage.map(\.ignored) == [0, 1])
    #expect(report.coverage[0].unreadable == ["aws.Bucket/data.tags": "it could not be read"])
  }

  @Test("a record whose last operation is not settled is not compared")
  func unsettled() {
    var world = PlanningWorld()
    world.have("Vpc", "main", id: "vpc-1", Self.net, observed: ["cidrBlock": "10.0.0.0/16", "tags": [:]])
    let report = report(world, unsettled: [world.records[0].address: "nobody knows"])
    #expect(report.drifted.isEmpty && report.pending.isEmpty && !report.isComplete)
  }

  @Test("objects that name ours are unmanaged; ours, and those of networks that are not ours, are not")
  func unmanaged() {
    var world = PlanningWorld()
    world.want("Vpc", "main", Self.net)
    world.have("Vpc", "main", id: "vpc-1", Self.net)
    #expect(
      DriftBuilder.scanned(world.records, PlanningWorld.catalog).map(\.1.text) == [
        "aws/SecurityGroup", "aws/Subnet", "aws/Vpc",
      ])
    func subnet(_ id: String, in vpc: String) -> Observed {
      Observed(
        type: TypeName("aws/Subnet"), remote: RemoteID(id), fields: ["vpcId": .string(vpc), "tags": ["Name": "x"]])
    }
    let scan = TypeScan(
      target: TargetName("main"), type: TypeName("aws/Subnet"),
      objects: [subnet("subnet-1", in: "vpc-1"), subnet("subnet-2", in: "vpc-2")])
    let failed = TypeScan(
      target: TargetName("main"), type: TypeName("aws/SecurityGroup"), objects: [], unreadable: "denied")
    let report = report(world, scans: [scan, failed])
    #expect(report.unmanaged.map(\.remote.text) == ["subnet-1"])
    #expect(report.unmanaged.first?.owners.map(\.text) == ["aws.Vpc/main"] && report.unmanaged.first?.name == "x")
    #expect(!report.isComplete && report.drifted.isEmpty)
  }
}
