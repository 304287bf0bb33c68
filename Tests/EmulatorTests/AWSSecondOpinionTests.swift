import AWSProvider
import Platform
import ProviderKit
import Resources
import TestSupport
import Testing
import Values

@Suite("what AWS's own tools say")
struct AWSSecondOpinionTests {
  @Test("boto3 reads back what was written, type by type")
  func readBack() async throws {
    let bench = try await AWSBench()
    let expected = try await network(bench).merging(named(bench)) { $1 }
    let seen = try await boto3(bench.account)
    #expect(Set(seen.keys) == Set(expected.keys.map { "aws.\($0)" }))
    for (name, value) in expected {
      let actual = seen["aws.\(name)"].map { JSONWriter().text($0) } ?? "missing"
      #expect(seen["aws.\(name)"] == value, "\(name): boto3 sees \(actual)")
    }
    #expect(try await bench.account.invalid() == [])
  }

  /// Makes one of each type of a network; gives what boto3 is to see of each.
  private func network(_ bench: AWSBench) async throws -> [String: Value] {
    let vpc = try await bench.make(
      "Vpc", "net", ["cidrBlock": "10.20.0.0/16", "enableDnsHostnames": true, "tags": ["Name": "net"]])
    let net = Value.string(vpc.remote.text)
    let subnet = try await bench.make(
      "Subnet", "a",
      ["vpcId": net, "cidrBlock": "10.20.0.0/20", "availabilityZone": "us-west-2a", "mapPublicIpOnLaunch": true])
    let gateway = try await bench.make("InternetGateway", "out", ["vpcId": net])
    let address = try await bench.make("ElasticIp", "nat", ["tags": ["Name": "nat"]])
    let nat = try await bench.make(
      "NatGateway", "nat", ["subnetId": .string(subnet.remote.text), "allocationId": .string(address.remote.text)])
    let table = try await bench.make(
      "RouteTable", "public",
      [
        "vpcId": net, "associations": [["subnetId": .string(subnet.remote.text)]],
        "routes": [
          ["destinationCidrBlock": "0.0.0.0/0", "gatewayId": .string(gateway.remote.text)],
          ["destinationCidrBlock": "10.99.0.0/16", "natGatewayId": .string(nat.remote.text)],
        ],
      ])
    let group = try await bench.make(
      "SecurityGroup", "web",
      [
        "groupName": "web", "description": "web", "vpcId": net,
        "ipPermissions": [
          [
            "ipProtocol": "tcp", "fromPort": 443, "toPort": 443, "ipRanges": [["cidrIp": "10.0.0.0/8"]],
            "ipv6Ranges": [["cidrIpv6": "2001:db8::/32"]],
          ]
        ], "ipPermissionsEgress": [],
      ])
    let endpoint = try await bench.make(
      "VpcEndpoint", "s3",
      [
        "vpcId": net, "serviceName": "com.amazonaws.us-west-2.s3", "routeTableIds": [.string(table.remote.text)],
      ])
    return [
      "Vpc/net": [
        "id": net, "cidrBlock": "10.20.0.0/16", "enableDnsSupport": true, "enableDnsHostnames": true,
        "tags": ["Name": "net"],
      ],
      "Subnet/a": [
        "id": .string(subnet.remote.text), "vpcId": net, "cidrBlock": "10.20.0.0/20", "availabilityZone": "us-west-2a",
        "mapPublicIpOnLaunch": true, "tags": [:],
      ], "InternetGateway/out": ["id": .string(gateway.remote.text), "vpcId": net, "tags": [:]],
      "ElasticIp/nat": ["id": .string(address.remote.text), "tags": ["Name": "nat"]],
      "NatGateway/nat": [
        "id": .string(nat.remote.text), "subnetId": .string(subnet.remote.text),
        "allocationId": .string(address.remote.text), "tags": [:],
      ],
      "RouteTable/public": [
        "id": .string(table.remote.text),
        "routes": ["0.0.0.0/0": .string(gateway.remote.text), "10.99.0.0/16": .string(nat.remote.text)],
        "subnets": [.string(subnet.remote.text)], "tags": [:],
      ],
      "SecurityGroup/web": [
        "id": .string(group.remote.text), "groupName": "web",
        "in": ["tcp 443-443 10.0.0.0/8", "tcp 443-443 2001:db8::/32"], "out": [], "tags": [:],
      ],
      "VpcEndpoint/s3": [
        "id": .string(endpoint.remote.text), "serviceName": "com.amazonaws.us-west-2.s3",
        "routeTableIds": [.string(table.remote.text)], "tags": [:],
      ],
    ]
  }

  /// The same for what has a name.
  private func named(_ bench: AWSBench) async throws -> [String: Value] {
    let id = bench.account.id
    let trust = AWSTypeCase.trust("ec2.amazonaws.com")
    try await bench.make(
      "Role", "node",
      [
        "roleName": "node", "assumeRolePolicyDocument": trust, "policies": ["read": AWSTypeCase.allow("s3:GetObject")],
        "managedPolicyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"], "tags": ["Team": "ml"],
      ])
    try await bench.make("InstanceProfile", "node", ["instanceProfileName": "node", "roles": ["node"]])
    let policy = AWSTypeCase.bucketPolicy("data-\(id)", "false")
    let flags = ["blockPublicAcls", "ignorePublicAcls", "blockPublicPolicy", "restrictPublicBuckets"]
    try await bench.make(
      "Bucket", "data",
      [
        "bucket": .string("data-\(id)"), "versioning": ["status": "Enabled"], "encryption": ["sseAlgorithm": "AES256"],
        "publicAccessBlock": .map(flags.map { ($0, true) }), "policy": policy, "tags": ["a": "b & c"],
      ])
    return [
      "Role/node": [
        "id": "node", "trust": trust, "policies": ["read": AWSTypeCase.allow("s3:GetObject")],
        "attached": ["arn:aws:iam::aws:policy/ReadOnlyAccess"], "tags": ["Team": "ml"],
      ], "InstanceProfile/node": ["id": "node", "roles": ["node"], "tags": [:]],
      "Bucket/data": [
        "id": .string("data-\(id)"), "versioning": "Enabled",
        "publicAccessBlock": .map(flags.map { ($0.prefix(1).uppercased() + $0.dropFirst(), true) }),
        "encryption": "AES256", "policy": policy, "tags": ["a": "b & c"],
      ],
    ]
  }

  @Test("the kept full answers are what the present service models give")
  func fixtures() async throws {
    let folder = TemporaryDirectory()
    let fixtures = Moto.packageFolder + "/Tests/AWSProviderTests/Fixtures"
    let result = try await ProcessGate.run([Moto.python, "\(fixtures)/make_answers.py", folder.path])
    #expect(result.code == 0)
    let files = LocalFiles()
    let names = try files.list(folder.path)
    #expect(names == (try files.list(fixtures).filter { $0 != "make_answers.py" }))
    for name in names {
      #expect(try files.read(folder.file(name)) == files.read("\(fixtures)/\(name)"), "\(name): run make_answers.py")
    }
  }

  private func boto3(_ account: MotoAccount) async throws -> Value {
    let script = Moto.packageFolder + "/Tests/Emulators/read_back.py"
    let result = try await ProcessGate.run([Moto.python, script, "\(account.moto.port)", account.id, "us-west-2"])
    #expect(result.code == 0, "\(result.errorText)")
    return try JSONReader.parse(result.output)
  }
}
