import Inventory
import Planning
import Resources
import Testing
import Values

/// Changes behind our back to what networks and machines stand beside: file systems, stores, people.
@Suite("drift on AWS beside networks")
struct AWSPlatformDriftTests {
  @Test("each change is seen, and nothing else; the next apply mends what is ours")
  func behindOurBack() async throws {
    let account = try await MotoAccount()
    let found = try await account.call("sso-admin.list_instances", [:])["Instances"]?[0]
    let (center, store) = (found?["InstanceArn"] ?? .null, found?["IdentityStoreId"] ?? .null)
    let estate = MotoEstate(
      account, Self.manifests(account.id, center.string ?? "", store.string ?? ""))
    try await estate.apply()
    #expect(try await estate.plan() == [])
    #expect(try await estate.drift().lines == [])

    let ids = try await Self.ids(estate)
    let changes = Self.changesOfStores(ids) + Self.changesOfPeople(ids, center, store, account.id)
    for (operation, parameters, _) in changes { try await account.call(operation, parameters) }
    let expected = changes.flatMap(\.lines)
    let report = try await estate.drift()
    #expect(report.isComplete)
    #expect(report.lines.sorted() == expected.sorted())

    try await estate.apply()
    #expect(try await estate.plan() == [])
    let stays = expected.filter { "!+*".contains($0.prefix(1)) }
    #expect(try await estate.drift().lines.sorted() == stays.sorted())
    #expect(try await account.invalid() == [])
  }

  private static func ids(_ estate: MotoEstate) async throws -> [String: Value] {
    let records = try await estate.store.load().records
    return Dictionary(
      records.map { (String($0.address.text.dropFirst("aws.".count)), Value.string($0.remote.text)) },
      uniquingKeysWith: { first, _ in first })
  }

  private typealias BehindChange = (operation: String, parameters: Value, lines: [String])

  private static let policy: Value = .string(
    #"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}"#)

  private static func changesOfStores(_ ids: [String: Value]) -> [BehindChange] {
    func id(_ name: String) -> Value { ids[name] ?? .null }
    return [
      (
        "efs.put_backup_policy", ["FileSystemId": id("FileSystem/files"), "BackupPolicy": ["Status": "DISABLED"]],
        ["~ aws.FileSystem/files backupPolicy"]
      ),
      (
        "efs.put_file_system_policy", ["FileSystemId": id("FileSystem/bare"), "Policy": policy],
        ["! aws.FileSystem/bare policy"]
      ),
      ("efs.create_file_system", ["CreationToken": "stranger"], ["* aws/FileSystem on main"]),
      (
        "efs.modify_mount_target_security_groups",
        ["MountTargetId": id("MountTarget/it"), "SecurityGroups": [id("SecurityGroup/two")]],
        ["~ aws.MountTarget/it securityGroups"]
      ),
      (
        "memorydb.update_parameter_group",
        [
          "ParameterGroupName": "settings",
          "ParameterNameValues": [
            ["ParameterName": "timeout", "ParameterValue": "30"],
            ["ParameterName": "maxmemory-policy", "ParameterValue": "noeviction"],
          ],
        ], [#"~ aws.ParameterGroup/settings parameters["maxmemory-policy"]"#]
      ),
      (
        "memorydb.update_cluster", ["ClusterName": "store", "NodeType": "db.r6g.large"],
        ["~ aws.Cluster/store nodeType"]
      ),
    ]
  }

  private static func changesOfPeople(
    _ ids: [String: Value], _ center: Value, _ store: Value, _ account: String
  ) -> [BehindChange] {
    func id(_ name: String) -> Value { ids[name] ?? .null }
    let set: [(String, Value)] = [("InstanceArn", center), ("PermissionSetArn", id("PermissionSet/set"))]
    let bare: [(String, Value)] = [("InstanceArn", center), ("PermissionSetArn", id("PermissionSet/bare"))]
    return [
      (
        "iam.update_saml_provider",
        [
          "SAMLProviderArn": id("SAMLProvider/okta"),
          "SAMLMetadataDocument": AWSTypeCase.samlMetadata("https://other.example.com"),
        ], ["~ aws.SAMLProvider/okta samlMetadataDocument"]
      ),
      (
        "sso-admin.update_permission_set", .map(set + [("SessionDuration", "PT12H")]),
        ["~ aws.PermissionSet/set sessionDuration"]
      ),
      (
        "sso-admin.put_inline_policy_to_permission_set", .map(bare + [("InlinePolicy", policy)]),
        ["! aws.PermissionSet/bare inlinePolicy"]
      ),
      (
        "sso-admin.delete_account_assignment",
        .map(
          set + [
            ("TargetId", .string(account)), ("TargetType", "AWS_ACCOUNT"), ("PrincipalType", "GROUP"),
            ("PrincipalId", id("IdentityStoreGroup/research")),
          ]), ["- aws.AccountAssignment/it"]
      ),
      (
        "identitystore.update_user",
        [
          "IdentityStoreId": store, "UserId": id("IdentityStoreUser/ana"),
          "Operations": [["AttributePath": "displayName", "AttributeValue": "Somebody"]],
        ], ["~ aws.IdentityStoreUser/ana displayName"]
      ),
      (
        "identitystore.delete_group_membership",
        ["IdentityStoreId": store, "MembershipId": id("IdentityStoreGroupMembership/it")],
        ["- aws.IdentityStoreGroupMembership/it"]
      ),
    ]
  }

  /// One object for every change.
  private static func manifests(
    _ account: String, _ center: String, _ store: String
  ) -> [String: String] {
    var documents: [String] = []
    func add(_ kind: String, _ name: String, _ spec: String) {
      documents.append("apiVersion: aws.plumb.dev/v1\nkind: \(kind)\nmetadata: {name: \(name)}\nspec: {\(spec)}\n")
    }
    func id(_ kind: String, _ name: String) -> String { "\"${aws.\(kind).\(name).id}\"" }
    add("Vpc", "net", "cidrBlock: 10.0.0.0/16")
    add("Subnet", "a", "vpcId: \(id("Vpc", "net")), cidrBlock: 10.0.0.0/24, availabilityZone: us-west-2a")
    for name in ["one", "two"] {
      add("SecurityGroup", name, "groupName: \(name), description: d, vpcId: \(id("Vpc", "net"))")
    }
    add("FileSystem", "files", "encrypted: true, backupPolicy: ENABLED")
    add("FileSystem", "bare", "encrypted: true")
    add(
      "MountTarget", "it",
      "fileSystemId: \(id("FileSystem", "files")), subnetId: \(id("Subnet", "a")), "
        + "securityGroups: [\(id("SecurityGroup", "one"))]")
    add("SubnetGroup", "subnets", "subnetGroupName: subnets, subnetIds: [\(id("Subnet", "a"))]")
    add(
      "ParameterGroup", "settings",
      "parameterGroupName: settings, family: memorydb_redis7, parameters: {maxmemory-policy: allkeys-lru}")
    add(
      "Cluster", "store",
      "clusterName: store, nodeType: db.t4g.small, aclName: open-access, subnetGroupName: "
        + "\(id("SubnetGroup", "subnets")), parameterGroupName: \(id("ParameterGroup", "settings"))")
    add(
      "SAMLProvider", "okta",
      "name: okta, samlMetadataDocument: '\(AWSTypeCase.samlMetadata("https://idp.example.com").string ?? "")'")
    add("PermissionSet", "set", "instanceArn: \"\(center)\", name: set, sessionDuration: PT8H")
    add("PermissionSet", "bare", "instanceArn: \"\(center)\", name: bare")
    add("IdentityStoreGroup", "research", "identityStoreId: \(store), displayName: research")
    add(
      "IdentityStoreUser", "ana",
      "identityStoreId: \(store), userName: ana, displayName: Ana, name: {givenName: Ana, familyName: Martin}")
    add(
      "IdentityStoreGroupMembership", "it",
      "identityStoreId: \(store), groupId: \(id("IdentityStoreGroup", "research")), "
        + "userId: \(id("IdentityStoreUser", "ana"))")
    add(
      "AccountAssignment", "it",
      "instanceArn: \"\(center)\", permissionSetArn: \(id("PermissionSet", "set")), targetId: \"\(account)\", "
        + "principalType: GROUP, principalId: \(id("IdentityStoreGroup", "research"))")
    add("ServiceQuotaIncrease", "cpus", "serviceCode: ec2, quotaCode: L-417A185B, desiredValue: 384")
    let settings = """
      apiVersion: plumb.dev/v1
      kind: Estate
      metadata: {name: drift, id: est-\(account)}
      spec: {include: ["*.yaml"], defaults: {targets: {aws: main}}}
      ---
      apiVersion: plumb.dev/v1
      kind: Target
      metadata: {name: main}
      spec: {aws: {accountId: "\(account)", region: us-west-2}}

      """
    return ["plumb.yaml": settings, "all.yaml": documents.joined(separator: "---\n")]
  }
}
