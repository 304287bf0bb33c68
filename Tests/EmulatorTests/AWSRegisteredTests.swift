import Resources
import TestSupport
import Testing
import Values

/// What others made is named by a registered cloud and an adopted network, and never written.
@Suite("registered clouds on a live endpoint")
struct AWSRegisteredTests {
  private static let plumb = """
    apiVersion: plumb.dev/v1
    kind: Estate
    metadata: {name: registered, id: est-ACCOUNT}
    spec: {defaults: {targets: {aws: main}}}
    ---
    apiVersion: plumb.dev/v1
    kind: Target
    metadata: {name: main}
    spec: {aws: {accountId: "ACCOUNT", region: us-west-2}}

    """

  private static func manifests(_ ids: [String: String]) -> String {
    """
    apiVersion: plumb.dev/v1
    kind: Network
    metadata: {name: legacy, target: main}
    spec:
      cidr: 10.40.0.0/20
      subnets:
        - {key: a, zone: us-west-2a, cidr: 10.40.0.0/24}
        - {key: b, zone: us-west-2b, cidr: 10.40.1.0/24}
      adopt:
        vpcId: \(ids["vpc"] ?? "")
        subnetIds: {a: \(ids["a"] ?? ""), b: \(ids["b"] ?? "")}
        securityGroupId: \(ids["group"] ?? "")
    ---
    apiVersion: plumb.dev/v1
    kind: Cloud
    metadata: {name: legacy}
    spec:
      mode: Registered
      computeStack: VM
      networkRef: {name: legacy}
      adopt: {controlPlaneRole: vendor-access, nodeRole: cluster-node}
    ---
    apiVersion: plumb.dev/v1
    kind: Storage
    metadata: {name: legacy}
    spec:
      cloudRef: {name: legacy}
      networkRef: {name: legacy}
      object: {bucket: legacy-ACCOUNT}
      file: {enabled: true}
      adopt: {bucket: legacy-ACCOUNT, fileSystemId: \(ids["files"] ?? "")}

    """
  }

  /// Made by somebody else's hands.
  private func legacy(_ account: MotoAccount) async throws -> [String: String] {
    func id(_ operation: String, _ parameters: Value, _ path: String) async throws -> String {
      var found = try await account.call(operation, parameters)
      for step in path.split(separator: ".") { found = found[String(step)] ?? .null }
      return found.string ?? ""
    }
    var ids: [String: String] = [:]
    ids["vpc"] = try await id("ec2.create_vpc", ["CidrBlock": "10.40.0.0/20"], "Vpc.VpcId")
    let vpc = Value.string(ids["vpc"] ?? "")
    for (key, block) in [("a", "10.40.0.0/24"), ("b", "10.40.1.0/24")] {
      ids[key] = try await id(
        "ec2.create_subnet",
        ["VpcId": vpc, "CidrBlock": .string(block), "AvailabilityZone": .string("us-west-2\(key)")], "Subnet.SubnetId")
    }
    ids["group"] = try await id(
      "ec2.create_security_group", ["GroupName": "old", "Description": "old", "VpcId": vpc], "GroupId")
    let trust: Value = .string(JSONWriter().text(AWSTypeCase.trust("ec2.amazonaws.com")))
    for role in ["vendor-access", "cluster-node"] {
      try await account.call("iam.create_role", ["RoleName": .string(role), "AssumeRolePolicyDocument": trust])
    }
    try await account.call("iam.create_instance_profile", ["InstanceProfileName": "cluster-node"])
    try await account.call(
      "iam.add_role_to_instance_profile", ["InstanceProfileName": "cluster-node", "RoleName": "cluster-node"])
    try await account.call(
      "s3.create_bucket",
      [
        "Bucket": .string("legacy-\(account.id)"),
        "CreateBucketConfiguration": ["LocationConstraint": "us-west-2"],
      ])
    ids["files"] = try await id("efs.create_file_system", ["CreationToken": "old"], "FileSystemId")
    return ids
  }

  @Test("nothing of it is written: not by an apply, not after a change behind our back, not by a destroy")
  func watched() async throws {
    let estate = try await LiveEstate(files: ["plumb.yaml": Self.plumb])
    let ids = try await legacy(estate.account)
    estate.folder.write(
      Self.manifests(ids).replacing("ACCOUNT", with: estate.account.id), to: "manifests/legacy.yaml")
    // Sizes warn, since nobody can change them.
    try await estate.expect("validate", says: "a network is /19 or larger, and this is /20")
    try await estate.expect("validate", says: "a subnet is /22 or larger, and `a` is /24")
    let mark = try await estate.account.mark()
    try await estate.expect("apply --auto-approve", says: "9 adopted, 0 added, 0 changed, 0 destroyed.")
    let writes = try await estate.account.writes(since: mark)
    #expect(writes == [])
    #expect(try await estate.recorded().count == 9)
    try await estate.expectNothingToDo()
    try await estate.expect("drift", says: "Network/legacy/vpc enableDnsHostnames: false")

    try await estate.account.call("ec2.delete_security_group", ["GroupId": .string(ids["group"] ?? "")])
    let second = try await estate.account.mark()
    try await estate.expect("drift", code: 3, says: "Network/legacy/cluster was deleted outside of Plumb")
    _ = try await estate.plumb("destroy --auto-approve --allow-stateful *")
    #expect(try await estate.account.writes(since: second) == [])
    #expect(try await estate.account.standing().filter { $0.kind != "SecurityGroup" }.count == 8)
    #expect(try await estate.account.invalid() == [])
  }
}
