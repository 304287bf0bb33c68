import AWSClient
import Applying
import Engine
import Inventory
import Planning
import Platform
import Resources
import Testing
import Values

@Suite("drift on AWS")
struct AWSDriftTests {
  /// One change made behind our back, and the lines it must lead to.
  struct Case: Sendable {
    var change: String
    var lines: [String]
    /// The next plan leaves it alone: no manifest writes it, or it is nobody's of us.
    var stays = false

    init(_ change: String, _ lines: String..., stays: Bool = false) {
      self.change = change
      self.lines = lines
      self.stays = stays
    }
  }

  /// What Terraform was measured on, in so far as the types exist, and more of the same kinds.
  static let cases = [
    Case("subnet-tag", "~ aws.Subnet/tagged tags.team"),
    Case("subnet-extra-tag", "+ aws.Subnet/extra-tag tags.extra", stays: true),
    Case("subnet-deleted", "- aws.Subnet/lone"),
    Case("subnet-public", "+ aws.Subnet/public mapPublicIpOnLaunch", stays: true),
    Case("vpc-dns", "~ aws.Vpc/net enableDnsHostnames"),
    Case("inline-changed", "~ aws.Role/inline policies"),
    Case("inline-extra", "~ aws.Role/inline-extra policies"),
    Case("inline-on-bare", "! aws.Role/bare policies", stays: true),
    Case("trust", "~ aws.Role/trust assumeRolePolicyDocument"),
    Case("attached-extra", "~ aws.Role/attached managedPolicyArns"),
    Case("attached-on-bare", "! aws.Role/bare managedPolicyArns", stays: true),
    Case("ingress-extra", "~ aws.SecurityGroup/inline ipPermissions"),
    Case("ingress-on-bare", "! aws.SecurityGroup/bare ipPermissions", stays: true),
    Case("ingress-revoked", "~ aws.SecurityGroup/revoked ipPermissions"),
    Case("route-extra", "~ aws.RouteTable/routed routes"),
    Case("route-on-bare", "! aws.RouteTable/bare routes", stays: true),
    Case("association-on-bare", "! aws.RouteTable/joined associations", stays: true),
    Case("versioning-suspended", "~ aws.Bucket/versioned versioning.status"),
    Case(
      "access-block-deleted", "~ aws.Bucket/blocked publicAccessBlock"),
    Case("bucket-policy-added", "! aws.Bucket/bare policy", stays: true),
    Case("extra-subnet", "? aws/Subnet at aws.Vpc/net", stays: true),
    Case("extra-vpc", "* aws/Vpc on main", stays: true),
    Case("extra-table", "? aws/RouteTable at aws.Vpc/net", stays: true),
    Case("extra-group", "? aws/SecurityGroup at aws.Vpc/net", stays: true),
    Case("extra-endpoint", "? aws/VpcEndpoint at aws.Vpc/net", stays: true),
    Case("extra-nat-gateway", "? aws/NatGateway at aws.Subnet/nat", stays: true),
    Case("extra-profile", "? aws/InstanceProfile at aws.Role/bare", stays: true),
  ]

  @Test("every change behind our back is seen, and nothing else; the next apply mends what is ours")
  func behindOurBack() async throws {
    let account = try await MotoAccount()
    let estate = MotoEstate(account, Self.manifests(account.id))
    try await estate.apply()
    #expect(try await estate.drift().lines == [])
    try await estate.change(Self.cases.map(\.change))
    let mark = try await account.mark()
    let report = try await estate.drift()
    let expected = Self.cases.flatMap(\.lines)
    #expect(report.lines.sorted() == expected.sorted())
    #expect(report.isComplete)
    for action in try await account.actions(since: mark) {
      #expect(action.contains(/\.(Describe|Get|List|Head)/), "\(action)")
    }
    try await estate.apply()
    #expect(try await estate.plan() == [])
    #expect(try await estate.drift().lines.sorted() == Self.cases.filter(\.stays).flatMap(\.lines).sorted())
  }

  @Test("each change alone is seen", arguments: ["gateway-detached"])
  func alone(change: String) async throws {
    let account = try await MotoAccount()
    let estate = MotoEstate(account, Self.manifests(account.id))
    try await estate.apply()
    try await estate.change([change])
    #expect(try await estate.drift().lines == ["~ aws.InternetGateway/out vpcId"])
  }

  @Test("a type that may not be listed makes drift incomplete, and never clean")
  func denied() async throws {
    let account = try await MotoAccount()
    let estate = MotoEstate(account, Self.manifests(account.id))
    try await estate.apply()
    try await account.fault(
      "DescribeSubnets", "error",
      [("status", 403), ("code", "UnauthorizedOperation"), ("message", "no"), ("count", 100)])
    let report = try await estate.drift()
    #expect(!report.isComplete && report.lines == [])
    #expect(report.coverage.first { $0.type.text == "aws/Subnet" }?.unreadable.isEmpty == false)
  }

  @Test(
    "right after an apply plan and drift are empty, and a lost inventory comes back",
    arguments: ["quickstart", "aws-network"])
  func examples(name: String) async throws {
    var estate = try await MotoEstate(example: name)
    try await estate.apply()
    #expect(try await estate.plan() == [])
    let report = try await estate.drift()
    #expect(report.lines == [] && report.isComplete)
    let check = try await estate.engine.verify()
    #expect(check.findings.map { "\($0.fault) \($0.address)" } == [] && check.unreadable == [:])
    let before = try await estate.store.load().records
    #expect(check.verified == before.count)
    estate.store = InMemoryStore(time: SystemTime())
    let outcome = try await estate.engine.recover(merges: false, ApplyRequest())
    #expect(outcome.missing == [])
    #expect(try await estate.store.load().records.map(\.key) == before.map(\.key))
    #expect(try await estate.store.load().records == before)
    #expect(try await estate.plan() == [])
    #expect(try await estate.drift().lines == [])
  }

  @Test("a marker that somebody removed is told by verify, and drift looks by id")
  func markerRemoved() async throws {
    let account = try await MotoAccount()
    let estate = MotoEstate(account, Self.manifests(account.id))
    try await estate.apply()
    try await estate.change(["marker-removed"])
    let check = try await estate.engine.verify()
    #expect(check.findings.map { "\($0.fault) \($0.address)" } == ["markerMissing aws.Subnet/tagged"])
    #expect(try await estate.drift().lines == [])
  }
}

extension AWSDriftTests {
  /// One object for every change.
  static func manifests(_ account: String) -> [String: String] {
    var documents = [
      "apiVersion: plumb.dev/v1\nkind: Estate\nmetadata: {name: drift, id: est-\(account)}\n"
        + "spec: {include: [\"*.yaml\"], defaults: {targets: {aws: main}}}\n",
      "apiVersion: plumb.dev/v1\nkind: Target\nmetadata: {name: main}\n"
        + "spec: {aws: {accountId: \"\(account)\", region: us-west-2}}\n",
    ]
    func add(_ kind: String, _ name: String, _ spec: String) {
      documents.append(
        "apiVersion: aws.plumb.dev/v1\nkind: \(kind)\nmetadata: {name: \(name)}\nspec: {\(spec)}\n")
    }
    let net = "vpcId: \"${aws.Vpc.net.id}\""
    add("Vpc", "net", "cidrBlock: 10.0.0.0/16, enableDnsHostnames: true")
    for (index, name) in ["tagged", "extra-tag", "lone", "public", "nat"].enumerated() {
      add("Subnet", name, "\(net), cidrBlock: 10.0.\(index).0/24, availabilityZone: us-west-2a, tags: {team: a}")
    }
    add("InternetGateway", "out", net)
    add(
      "RouteTable", "routed",
      "\(net), routes: [{destinationCidrBlock: 0.0.0.0/0, gatewayId: \"${aws.InternetGateway.out.id}\"}]")
    add("RouteTable", "bare", net)
    add("RouteTable", "joined", net)
    let rule = "ipPermissions: [{ipProtocol: tcp, fromPort: 443, toPort: 443, ipRanges: [{cidrIp: 0.0.0.0/0}]}]"
    for (name, rules) in [("inline", ", \(rule)"), ("revoked", ", \(rule)"), ("bare", "")] {
      add("SecurityGroup", name, "groupName: \(name), description: d, \(net)\(rules)")
    }
    let trust =
      "assumeRolePolicyDocument: {Version: \"2012-10-17\", Statement: [{Effect: Allow, Action: \"sts:AssumeRole\", "
      + "Principal: {Service: ec2.amazonaws.com}}]}"
    let inline =
      ", policies: {read: {Version: \"2012-10-17\", Statement: [{Effect: Allow, Action: \"s3:GetObject\", "
      + "Resource: \"*\"}]}}"
    let attached = ", managedPolicyArns: [\"arn:aws:iam::aws:policy/ReadOnlyAccess\"]"
    for (name, more) in [
      ("inline", inline), ("inline-extra", inline), ("bare", ""), ("trust", ""), ("attached", attached),
    ] {
      add("Role", name, "roleName: \(name), \(trust)\(more)")
    }
    let block =
      "publicAccessBlock: {blockPublicAcls: true, ignorePublicAcls: true, blockPublicPolicy: true, "
      + "restrictPublicBuckets: true}"
    for (name, more) in [("versioned", ", versioning: {status: Enabled}"), ("blocked", ", \(block)"), ("bare", "")] {
      add("Bucket", name, "bucket: \(name)-\(account)\(more)")
    }
    return [
      "plumb.yaml": documents[0] + "---\n" + documents[1], "all.yaml": documents[2...].joined(separator: "---\n"),
    ]
  }
}

extension DriftReport {
  /// `~ address path` for what was changed, `!` where no manifest writes it, `-` gone, `+` added, `?` unmanaged, `*`
  /// beside us, `>` pending.
  var lines: [String] {
    drifted.flatMap { one in
      one.isGone ? ["- \(one.address)"] : one.fields.map { "\($0.isUnwritten ? "!" : "~") \(one.address) \($0.path)" }
    } + additions.map { "+ \($0.address) \($0.path)" }
      + unmanaged.map { "? \($0.type) at \($0.owners.map(\.text).joined(separator: ", "))" }
      + beside.map { "* \($0.type) on \($0.target)" }
      + pending.map { "> \($0.action.rawValue) \($0.address) \($0.paths)" }
  }
}
