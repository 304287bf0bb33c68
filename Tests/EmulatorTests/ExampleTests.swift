import AWSProvider
import Platform
import Resources
import TestSupport
import Testing
import Values

/// The examples, applied by the built program to an account of their own.
@Suite("the examples on a live endpoint")
struct ExampleTests {
  /// What a plan without changes may ask: who we are, a list of each type, and what the types declare for each object.
  static func readBudget(_ addresses: some Collection<String>) throws -> Int {
    let kinds = addresses.map { $0.dropFirst("aws.".count).prefix { $0 != "/" } }
    let each = try kinds.map { kind in
      try #require(AWSCatalog.catalog[TypeName("aws/\(kind)")]).operations[.list]?.requestsPerObject ?? 0
    }
    // Roles come from two lists: one has their policies, the other their settings.
    let lists = Set(kinds).count + (kinds.contains("Role") ? 1 : 0)
    return 1 + lists + each.reduce(0, +)
  }

  private func expectReadsWithinBudget(_ estate: LiveEstate, most: Int) async throws {
    let mark = try await estate.account.mark()
    try await estate.expectNothingToDo()
    let asked = try await estate.account.records(since: mark).count
    let budget = try await Self.readBudget(estate.recorded().keys)
    #expect(asked <= budget)
    #expect(asked <= most)
  }

  @Test("a small network: made, left alone, changed, replaced, removed")
  func network() async throws {
    let estate = try await LiveEstate("aws-network")
    try await estate.expect("apply --auto-approve", says: "Resources: 13 added, 0 changed, 0 destroyed.")
    try await expectReadsWithinBudget(estate, most: 18)
    try await expectAgreement(estate, owner: "platform", block: "10.30.0.0/17", incarnation: "")

    try estate.edit("plumb.yaml", "owner: platform", "owner: lab")
    try await estate.expect("apply --auto-approve", says: "Resources: 0 added, 13 changed, 0 destroyed.")
    try await estate.expectNothingToDo()
    try await expectAgreement(estate, owner: "lab", block: "10.30.0.0/17", incarnation: "")

    let mark = try await estate.account.mark()
    try estate.edit("manifests/network.yaml", "10.30.0.0/17", "10.30.0.0/16")
    try await estate.expect("apply --auto-approve", says: "Resources: 8 added, 1 changed, 8 destroyed.")
    try expectReplacementOrder(try await estate.account.writes(since: mark))
    try await estate.expectNothingToDo()
    try await expectAgreement(estate, owner: "lab", block: "10.30.0.0/16", incarnation: "@2")

    try await estate.expect("destroy --auto-approve", code: 1, says: "`aws.Bucket/data` holds data")
    #expect(try await estate.account.standing().count == 13)
    try await estate.expect("destroy --auto-approve --allow-stateful aws.Bucket/data", says: "Resources: 13 destroyed.")
    #expect(try await estate.account.standing() == [])
    #expect(try await estate.recorded().isEmpty)
    #expect(try await estate.account.invalid() == [])
  }

  @Test("thirty resources: all stand once, and a plan asks no more than it declares")
  func quickstart() async throws {
    let estate = try await LiveEstate("quickstart")
    try await estate.expect("apply --auto-approve", says: "Resources: 30 added, 0 changed, 0 destroyed.")
    try await expectReadsWithinBudget(estate, most: 34)
    let standing = try await estate.account.standing()
    let recorded = try await estate.recorded()
    #expect(standing.count == 30)
    #expect(
      Set(standing.map { "\($0.address ?? "nothing") \($0.id)" }) == Set(recorded.map { "\($0.key) \($0.value)" }))
    #expect(try await estate.account.invalid() == [])
  }

  /// A platform without its parts on other clouds.
  private func platformOnAWS() async throws -> LiveEstate {
    let estate = try await LiveEstate("platform")
    for name in ["gcp", "kubernetes"] { estate.folder.write("# Not here.\n", to: "manifests/\(name).yaml") }
    let organization = try #require(TextFile.read(estate.folder.file("manifests/organization.yaml")))
    let own = organization.split(separator: "---\n", omittingEmptySubsequences: false).filter {
      !$0.contains("target: eks-east")
    }
    estate.folder.write(own.joined(separator: "---\n"), to: "manifests/organization.yaml")
    try estate.edit("manifests/aws.yaml", "bucket: acme-ray-prod", "bucket: b\(estate.account.id)-ray")
    return estate
  }

  /// One field each, and the requests that it leads to. A lower wish than what is granted leads to none.
  private static let edits = [
    ("retentionDays: 90", "retentionDays: 30", ["logs.PutRetentionPolicy"]),
    ("file: {enabled: true}", "file: {enabled: true, backup: false}", ["elasticfilesystem.PutBackupPolicy"]),
    (
      "file: {enabled: true, backup: false}", "file: {enabled: true, backup: false, transitionToIADays: 30}",
      ["elasticfilesystem.PutLifecycleConfiguration"]
    ),
    (
      "faultTolerance: {enabled: true}", "faultTolerance: {enabled: true, replicasPerShard: 2}",
      ["memorydb.UpdateCluster"]
    ),
    (
      "faultTolerance: {enabled: true, replicasPerShard: 2}",
      "faultTolerance: {enabled: true, replicasPerShard: 2, nodeType: db.r6g.large}", ["memorydb.UpdateCluster"]
    ),
  ]

  @Test("the AWS part of a platform, from its kinds: made, left alone, one field edited, removed")
  func platform() async throws {
    let estate = try await platformOnAWS()
    try await estate.expect("apply --auto-approve", says: "Resources: 37 added, 0 changed, 0 destroyed.")
    try await estate.expectNothingToDo()
    let standing = try await estate.account.standing()
    // A wish for a quota is no object.
    let recorded = try await estate.recorded().filter { !$0.key.contains("/increase[") }
    #expect(
      Set(standing.map { "\($0.kind) \($0.id)" }).count == standing.count && standing.count == recorded.count,
      "\(standing.map { "\($0.kind) \($0.id)" }) \(recorded)")
    try await estate.expect("drift", says: "No drift")

    for (old, new, writes) in Self.edits {
      try estate.edit("manifests/aws.yaml", old, new)
      let mark = try await estate.account.mark()
      try await estate.expect("apply --auto-approve", says: "Resources: 0 added, 1 changed, 0 destroyed.")
      #expect(try await estate.account.writes(since: mark) == writes, "\(new)")
      try await estate.expectNothingToDo()
    }
    try await expectRecovery(estate)

    try await estate.expect("destroy --auto-approve --allow-stateful *", says: "destroyed.")
    #expect(try await estate.account.standing() == [])
    #expect(try await estate.recorded().isEmpty)
    #expect(try await estate.account.invalid() == [])
  }

  /// A lost inventory comes back from markers, and from names where a type has no place for a marker.
  private func expectRecovery(_ estate: LiveEstate) async throws {
    let before = try await estate.recorded()
    // Every target is looked through, and only that of AWS is here.
    let settings = try #require(TextFile.read(estate.folder.file("plumb.yaml")))
    let here = settings.split(separator: "---\n", omittingEmptySubsequences: false).filter {
      !$0.contains("kind: Target") || $0.contains("aws:")
    }
    estate.folder.write(here.joined(separator: "---\n"), to: "plumb.yaml")
    try estate.edit("plumb.yaml", ", gcp: gcp-ml, kubernetes: eks-east", "")
    estate.folder.remove(".plumb")
    try await estate.expect("inventory recover", says: "Recovered: \(before.count) records. No object was touched.")
    #expect(try await estate.recorded() == before)
    try await estate.expectNothingToDo()
    try await estate.expect("drift", says: "No drift")
  }

  /// New ones first where both can stand at once; whatever stands in something goes before it.
  private func expectReplacementOrder(_ writes: [String]) throws {
    func first(_ action: String) throws -> Int { try #require(writes.firstIndex(of: "ec2.\(action)"), "\(writes)") }
    func last(_ action: String) throws -> Int { try #require(writes.lastIndex(of: "ec2.\(action)"), "\(writes)") }
    #expect(try last("CreateVpc") < first("CreateSubnet"))
    #expect(try first("CreateSubnet") < first("DeleteSubnet"))
    #expect(try last("CreateSecurityGroup") < first("DeleteSecurityGroup"))
    #expect(try last("CreateVpc") < first("DeleteVpc"))
    // An address is in one gateway at a time, a table's endpoint too: the old ones make room.
    #expect(try last("DeleteNatGateway") < first("CreateNatGateway"))
    #expect(try last("DeleteVpcEndpoints") < first("CreateVpcEndpoint"))
    #expect(try last("DeleteVpcEndpoints") < first("DeleteRouteTable"))
    #expect(try last("DeleteRouteTable") < last("DeleteSubnet"))
    #expect(writes.last { $0.hasPrefix("ec2.Delete") } == "ec2.DeleteVpc")
    #expect(writes.count { $0.hasPrefix("ec2.Create") } == 10)
    #expect(writes.count { $0.hasPrefix("ec2.Delete") } == 8)
  }

  /// boto3 sees what the manifests say, at the ids that the inventory holds.
  /// - Parameter incarnation: what the markers of replaced objects end with.
  private func expectAgreement(_ estate: LiveEstate, owner: String, block: String, incarnation: String) async throws {
    let ids = try await estate.recorded()
    let manifests = ExampleFacts(
      ids: ids.mapValues { .string($0) }, owner: owner, block: block, account: estate.account.id)
    let replaced = ["Vpc", "Subnet", "RouteTable", "NatGateway", "SecurityGroup", "VpcEndpoint"]
    let seen = try await estate.account.readBack()
    #expect(seen.count == ids.count)
    for (address, fields) in manifests.fields {
      let suffix = replaced.contains { address.hasPrefix("\($0)/") } ? incarnation : ""
      let actual = seen["aws.\(address)\(suffix)"]
      #expect(actual == fields, "\(address): boto3 sees \(actual.map { JSONWriter().text($0) } ?? "nothing")")
    }
  }
}

/// What the manifests of `examples/aws-network` say, in the words of boto3's answers.
private struct ExampleFacts {
  var ids: [String: Value]
  var owner: String
  var block: String
  var account: String

  private func id(_ address: String) -> Value { ids["aws.\(address)"] ?? .null }
  private var tags: Value { ["owner": .string(owner)] }

  var fields: [String: Value] { network.merging(storage) { $1 } }

  private var network: [String: Value] {
    [
      "Vpc/lab": [
        "id": id("Vpc/lab"), "cidrBlock": .string(block), "enableDnsSupport": true, "enableDnsHostnames": true,
        "tags": ["owner": .string(owner), "Name": "lab"],
      ],
      "InternetGateway/lab": ["id": id("InternetGateway/lab"), "vpcId": id("Vpc/lab"), "tags": tags],
      "Subnet/public-a": subnet("public-a", "10.30.0.0/22", true),
      "Subnet/private-a": subnet("private-a", "10.30.32.0/20", false),
      "ElasticIp/nat-a": ["id": id("ElasticIp/nat-a"), "tags": tags],
      "NatGateway/a": [
        "id": id("NatGateway/a"), "subnetId": id("Subnet/public-a"), "allocationId": id("ElasticIp/nat-a"),
        "tags": tags,
      ],
      "RouteTable/public": table("public", "InternetGateway/lab"),
      "RouteTable/private-a": table("private-a", "NatGateway/a", in: "private-a"),
      "VpcEndpoint/s3": [
        "id": id("VpcEndpoint/s3"), "serviceName": "com.amazonaws.us-west-2.s3",
        "routeTableIds": [id("RouteTable/private-a")], "tags": tags,
      ],
      "SecurityGroup/lab": [
        "id": id("SecurityGroup/lab"), "groupName": "lab",
        "in": [.string("-1 - \(id("SecurityGroup/lab").string ?? "")")],
        "out": ["-1 - 0.0.0.0/0"], "tags": tags,
      ],
    ]
  }

  private func subnet(_ name: String, _ block: String, _ isPublic: Bool) -> Value {
    [
      "id": id("Subnet/\(name)"), "vpcId": id("Vpc/lab"), "cidrBlock": .string(block), "availabilityZone": "us-west-2a",
      "mapPublicIpOnLaunch": .bool(isPublic), "tags": tags,
    ]
  }

  private func table(_ name: String, _ way: String, in subnet: String = "public-a") -> Value {
    [
      "id": id("RouteTable/\(name)"), "routes": ["0.0.0.0/0": id(way)], "subnets": [id("Subnet/\(subnet)")],
      "tags": tags,
    ]
  }

  private var storage: [String: Value] {
    let bucket = "b\(account)-lab-data"
    func allow(_ action: Value, _ resource: String, _ who: Value? = nil) -> Value {
      let principal: [(String, Value)] = who.map { [("Principal", $0)] } ?? []
      let statement = [("Effect", "Allow")] + principal + [("Action", action), ("Resource", .string(resource))]
      return ["Version": "2012-10-17", "Statement": [.map(statement)]]
    }
    let trust: Value = ["Effect": "Allow", "Action": "sts:AssumeRole", "Principal": ["Service": "ec2.amazonaws.com"]]
    return [
      "Bucket/data": [
        "id": .string(bucket), "versioning": "Enabled",
        "publicAccessBlock": [
          "BlockPublicAcls": true, "IgnorePublicAcls": true, "BlockPublicPolicy": true, "RestrictPublicBuckets": true,
        ], "encryption": .null,
        "policy": allow(
          ["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::\(bucket)/*",
          ["AWS": .string("arn:aws:iam::\(account):role/lab-node")]), "tags": tags,
      ],
      "Role/lab-node": [
        "id": "lab-node", "trust": ["Version": "2012-10-17", "Statement": [trust]],
        "policies": ["data": allow("s3:ListBucket", "arn:aws:s3:::\(bucket)")], "attached": [], "tags": tags,
      ],
      "InstanceProfile/lab-node": ["id": "lab-node", "roles": ["lab-node"], "tags": tags],
    ]
  }
}
