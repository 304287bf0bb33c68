import Platform

/// Two states of one estate, between which something of every kind happens.
enum MixedEstate {
  static let estate = """
    apiVersion: plumb.dev/v1
    kind: Estate
    metadata: {name: mixed, id: est-mixed}
    spec: {include: ["*.yaml"], defaults: {targets: {aws: main}}}
    ---
    apiVersion: plumb.dev/v1
    kind: Target
    metadata: {name: main}
    spec: {aws: {accountId: "123456789012", region: us-west-2}}

    """

  static func document(_ kind: String, _ metadata: String, _ spec: String) -> String {
    "---\napiVersion: aws.plumb.dev/v1\nkind: \(kind)\nmetadata: {\(metadata)}\nspec: {\(spec)}\n"
  }

  static func files(_ documents: [String]) -> SimulatedFiles {
    SimulatedFiles(["/estate/plumb.yaml": estate, "/estate/all.yaml": documents.joined()])
  }

  private static func group(_ name: String, _ text: String, _ other: String) -> String {
    document(
      "SecurityGroup", "name: \(name)",
      """
      vpcId: "${aws.Vpc.main.id}", description: \(text), \
      ipPermissions: [{ipProtocol: "-1", userIdGroupPairs: [{groupId: "${aws.SecurityGroup.\(other).id}"}]}]
      """)
  }

  private static func subnet(_ metadata: String, _ cidr: String, _ rest: String = "") -> String {
    document("Subnet", metadata, "vpcId: \"${aws.Vpc.main.id}\", cidrBlock: \(cidr)\(rest)")
  }

  /// One network, whose name nothing keeps from being made twice.
  static let lone = files([document("Vpc", "name: main", "cidrBlock: 10.0.0.0/16")])

  static let before = files([
    document("Vpc", "name: main", "cidrBlock: 10.0.0.0/16, tags: {team: a}"),
    document("Vpc", "name: side", "cidrBlock: 10.1.0.0/16"),
    document("InternetGateway", "name: side", "vpcId: \"${aws.Vpc.side.id}\""),
    subnet("name: kept", "10.0.0.0/24"), subnet("name: remade", "10.0.1.0/24"), subnet("name: dropped", "10.0.2.0/24"),
    subnet("name: early", "10.0.3.0/24"),
    group("a", "first", "b"), group("b", "second", "a"), group("c", "third", "a"),
    document("ElasticIp", "name: nat", ""),
    document(
      "NatGateway", "name: nat", "subnetId: \"${aws.Subnet.remade.id}\", allocationId: \"${aws.ElasticIp.nat.id}\""),
    document(
      "RouteTable", "name: main", "vpcId: \"${aws.Vpc.main.id}\", associations: [{subnetId: \"${aws.Subnet.kept.id}\"}]"
    ),
    document("Bucket", "name: data", "bucket: mixed-data, tags: {team: a}"),
    document("Role", "name: node", "assumeRolePolicyDocument: {Version: \"2012-10-17\", Statement: []}"),
    document("InstanceProfile", "name: node", "roles: [\"${aws.Role.node.roleName}\"]"),
  ])

  static let after = files([
    document("Vpc", "name: main", "cidrBlock: 10.0.0.0/16, tags: {team: b}, enableDnsHostnames: true"),
    document("Vpc", "name: side", "cidrBlock: 10.2.0.0/16"),
    document("InternetGateway", "name: side", "vpcId: \"${aws.Vpc.side.id}\""),
    subnet("name: kept", "10.0.0.0/24", ", mapPublicIpOnLaunch: true"), subnet("name: remade", "10.0.9.0/24"),
    subnet("name: late, movedFrom: aws.Subnet/early", "10.0.3.0/24"), subnet("name: new", "10.0.4.0/24"),
    group("a", "first", "b"), group("b", "other", "d"), group("d", "fourth", "a"),
    document("ElasticIp", "name: nat", "tags: {team: b}"),
    document(
      "NatGateway", "name: nat", "subnetId: \"${aws.Subnet.remade.id}\", allocationId: \"${aws.ElasticIp.nat.id}\""),
    document(
      "RouteTable", "name: main",
      "vpcId: \"${aws.Vpc.main.id}\", associations: [{subnetId: \"${aws.Subnet.new.id}\"}]"),
    document("Bucket", "name: data", "bucket: mixed-other, tags: {team: b}"),
    document(
      "Role", "name: node", "path: /nodes/, assumeRolePolicyDocument: {Version: \"2012-10-17\", Statement: []}"),
    document("InstanceProfile", "name: node", "roles: [\"${aws.Role.node.roleName}\"]"),
  ])
}
