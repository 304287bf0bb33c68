import AWSProvider
import ProviderKit
import Resources
import Testing
import Values

@Suite("AWS observed in few requests, written in the right order")
struct AWSObservationTests {
  @Test("lists go through all pages, and show only what carries the scope's marker")
  func pages() async throws {
    let bench = try await AWSBench()
    for index in 0..<5 { try await bench.make("Vpc", "net-\(index)", ["cidrBlock": .string("10.\(index).0.0/16")]) }
    let stranger = try await AWSBench()
    try await stranger.make("Vpc", "net", ["cidrBlock": "10.0.0.0/16"])
    try await bench.account.pageSize(2)
    let (items, pages) = try await bench.list("Vpc")
    #expect(Set(items.compactMap(\.marker?.address.text)) == Set((0..<5).map { "aws.Vpc/net-\($0)" }))
    #expect(items.count == 5)
    #expect(pages == 3)
    let all = try await bench.reader.read(TypeName("aws/Vpc"), items.map(\.remote))
    #expect(Set(all.map(\.remote)) == Set(items.map(\.remote)))
    #expect(try await bench.account.invalid() == [])
  }

  @Test("roles and buckets go through all pages too", arguments: ["Role", "Bucket"])
  func namedPages(_ kind: String) async throws {
    let bench = try await AWSBench()
    for index in 0..<5 {
      let name = Value.string("page-\(index)-\(bench.account.id)")
      let fields: Value =
        kind == "Bucket"
        ? ["bucket": name]
        : ["roleName": name, "assumeRolePolicyDocument": AWSTypeCase.trust("ec2.amazonaws.com")]
      try await bench.make(kind, "it-\(index)", fields)
    }
    try await bench.account.pageSize(2)
    let (items, pages) = try await bench.list(kind)
    #expect(items.count == 5)
    #expect(pages >= 3)
    #expect(try await bench.account.invalid() == [])
  }

  @Test("an unchanged estate of four environments costs at most 36 requests to observe")
  func requestBound() async throws {
    let bench = try await AWSBench()
    for environment in 0..<4 { try await bench.environment(environment) }
    let mark = try await bench.account.mark()
    // A new provider, as a new run has: its identity check counts.
    let fresh = try await MotoAccount.again(bench.account)
    _ = try await fresh.identify(bench.account.target())
    let reader = try await fresh.reader(bench.account.target())
    var count = 0
    for kind in ["Vpc", "Subnet", "InternetGateway", "RouteTable", "SecurityGroup", "Role", "Bucket"] {
      var next: PageToken?
      repeat {
        // What `environment` writes, of the fields that cost requests of their own.
        let filter = ListFilter.scope(bench.account.scope).reading(
          apart: ["enableDnsHostnames", "versioning", "publicAccessBlock"])
        let page = try await reader.list(TypeName("aws/\(kind)"), filter, after: next)
        count += page.items.count
        next = page.next
      } while next != nil
    }
    #expect(count == 4 * (1 + 4 + 1 + 2 + 4 + 4 + 2))
    let requests = try await bench.account.records(since: mark).count
    #expect(requests <= 36, "it took \(requests)")
    #expect(requests == fresh.requestCounts.values.reduce(0, +))
  }

  @Test("a reader's requests are reads, and nothing else leaves")
  func readsOnly() async throws {
    let bench = try await AWSBench()
    try await bench.make("Vpc", "it", AWSFaultTests.vpc)
    let mark = try await bench.account.mark()
    for type in AWSCatalog.catalog.all where bench.account.provider.canList(type.name) {
      _ = try await bench.list(type.name.kind)
    }
    let actions = try await bench.account.actions(since: mark)
    #expect(!actions.isEmpty)
    #expect(actions.allSatisfy { $0.contains(".Describe") || $0.contains(".List") || $0.contains(".Get") })
  }

  @Test("rules are opened before others are closed, and the default egress is closed")
  func ruleOrder() async throws {
    let bench = try await AWSBench()
    let vpc = try await bench.make("Vpc", "net", AWSFaultTests.vpc).remote.text
    var fields: Value = [
      "groupName": "web", "description": "web", "vpcId": .string(vpc),
      "ipPermissions": [["ipProtocol": "tcp", "fromPort": 80, "toPort": 80, "ipRanges": [["cidrIp": "10.0.0.0/8"]]]],
      "ipPermissionsEgress": [
        ["ipProtocol": "tcp", "fromPort": 443, "toPort": 443, "ipRanges": [["cidrIp": "10.0.0.0/8"]]]
      ],
    ]
    let mark = try await bench.account.mark()
    let made = try await bench.make("SecurityGroup", "it", fields)
    #expect(
      try await bench.writes(since: mark) == [
        "CreateSecurityGroup", "AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress",
        "RevokeSecurityGroupEgress",
      ])
    fields = .map(
      fields.entries.map {
        (
          $0.key,
          $0.key == "ipPermissions"
            ? [["ipProtocol": "-1", "userIdGroupPairs": [["groupId": .string(made.remote.text)]]]] : $0.value
        )
      })
    let second = try await bench.account.mark()
    let observed = try await bench.update(made, fields, ["ipPermissions"])
    #expect(try bench.differences(fields, observed) == [])
    #expect(
      try await bench.writes(since: second) == ["AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress"])
  }

  @Test("what holds an object is taken away before it, since AWS refuses otherwise")
  func deleteOrder() async throws {
    let bench = try await AWSBench()
    let network = try await bench.network()
    let gateway = try await bench.make("InternetGateway", "out", ["vpcId": .string(network.vpc)])
    let table = try await bench.make(
      "RouteTable", "it",
      [
        "vpcId": .string(network.vpc), "associations": [["subnetId": .string(network.subnets[0])]],
        "routes": [["destinationCidrBlock": "0.0.0.0/0", "gatewayId": .string(gateway.remote.text)]],
      ])
    let role = try await bench.make(
      "Role", "it",
      [
        "roleName": "held", "assumeRolePolicyDocument": AWSTypeCase.trust("ec2.amazonaws.com"),
        "policies": ["one": AWSTypeCase.allow("s3:*")],
        "managedPolicyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
      ])
    try await bench.make("InstanceProfile", "it", ["instanceProfileName": "held", "roles": ["held"]])
    let mark = try await bench.account.mark()
    for one in [table, gateway, role] { try await bench.delete(one) }
    #expect(
      try await bench.writes(since: mark) == [
        "DisassociateRouteTable", "DeleteRouteTable", "DetachInternetGateway", "DeleteInternetGateway",
        "RemoveRoleFromInstanceProfile", "DetachRolePolicy", "DeleteRolePolicy", "DeleteRole",
      ])
  }

  @Test("the marker is in the create call, or follows a bucket's at once")
  func markerOrder() async throws {
    let bench = try await AWSBench()
    try await bench.make(
      "Bucket", "it", ["bucket": .string("order-\(bench.account.id)"), "versioning": ["status": "Enabled"]])
    #expect(try await bench.writes(since: 0) == ["CreateBucket", "PutBucketTagging", "PutBucketVersioning"])
    let mark = try await bench.account.mark()
    try await bench.make("Vpc", "it", AWSFaultTests.vpc)
    #expect(try await bench.writes(since: mark) == ["CreateVpc"])
  }

  @Test("a tag's change names that tag alone")
  func tagChange() async throws {
    let bench = try await AWSBench()
    let made = try await bench.make("Vpc", "it", ["cidrBlock": "10.0.0.0/16", "tags": ["a": "1", "b": "2"]])
    let path = ValuePath().appending("tags").appending("a")
    let change = FieldChanges(
      changes: [FieldChange(path: path, before: "1", after: "3")],
      desired: ["cidrBlock": "10.0.0.0/16", "tags": ["a": "3", "b": "2"]], marker: made.marker)
    let mark = try await bench.account.mark()
    let observed = try await bench.writer.update(change, of: made, OperationToken("t"), .ignore)
    #expect(observed.fields["tags"] == ["a": "3", "b": "2"])
    let writes = try await bench.account.records(since: mark).filter { $0["action"] == "CreateTags" }
    #expect(writes.map { $0["params"]?["Tags"] } == [[["Key": "a", "Value": "3"]]])
  }
}

extension AWSBench {
  /// The writes so far, by operation.
  func writes(since: Int) async throws -> [String] {
    try await account.actions(since: since).compactMap { $0.split(separator: ".").last.map(String.init) }
      .filter { name in !["Describe", "List", "Get", "Head"].contains { name.hasPrefix($0) } }
  }

  /// One environment: a network of four subnets with two tables, four groups, four roles and two buckets.
  func environment(_ number: Int) async throws {
    let name = "e\(number)"
    let vpc = try await make(
      "Vpc", name, ["cidrBlock": .string("10.\(number).0.0/16"), "enableDnsHostnames": true]
    ).remote.text
    var subnets: [String] = []
    for index in 0..<4 {
      let block = Value.string("10.\(number).\(index * 4).0/22")
      subnets.append(
        try await make("Subnet", "\(name)-\(index)", ["vpcId": .string(vpc), "cidrBlock": block]).remote.text)
    }
    let gateway = try await make("InternetGateway", name, ["vpcId": .string(vpc)]).remote.text
    for index in 0..<2 {
      let used = subnets.enumerated().filter { $0.offset % 2 == index }.map {
        ["subnetId": .string($0.element)] as Value
      }
      try await make(
        "RouteTable", "\(name)-\(index)",
        [
          "vpcId": .string(vpc), "associations": .list(used),
          "routes": [["destinationCidrBlock": "0.0.0.0/0", "gatewayId": .string(gateway)]],
        ])
    }
    for index in 0..<4 {
      try await make(
        "SecurityGroup", "\(name)-\(index)",
        [
          "groupName": .string("\(name)-\(index)"), "description": "tier", "vpcId": .string(vpc),
          "ipPermissions": [
            ["ipProtocol": "tcp", "fromPort": 8000, "toPort": 8001, "ipRanges": [["cidrIp": "10.0.0.0/8"]]]
          ],
        ])
      try await make(
        "Role", "\(name)-\(index)",
        [
          "roleName": .string("\(name)-role-\(index)"),
          "assumeRolePolicyDocument": AWSTypeCase.trust("ec2.amazonaws.com"),
          "policies": ["inline": AWSTypeCase.allow("s3:GetObject")],
        ])
    }
    for index in 0..<2 {
      try await make(
        "Bucket", "\(name)-\(index)",
        [
          "bucket": .string("\(name)-\(index)-\(account.id)"), "versioning": ["status": "Enabled"],
          "publicAccessBlock": ["blockPublicAcls": true, "ignorePublicAcls": true],
        ])
    }
  }
}
