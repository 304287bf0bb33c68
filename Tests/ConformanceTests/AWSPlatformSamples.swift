import ProviderKit
import Resources
import Values

/// Samples of the types of AWS that the kinds stand for beside networks and machines.
enum AWSPlatformSamples {
  private static let document: Value = ["Version": "2012-10-17", "Statement": []]
  private static let instance: Value = "arn:aws:sso:::instance/ssoins-1"
  private static let store: Value = "d-1234567890"

  static let all: [BatterySample] = logs + files + keys + redis + federation + people

  private static let logs: [BatterySample] = [
    BatterySample(
      TypeName("aws/LogGroup"), "logs", updated: { _ in ["logGroupName": "/acme/flow", "retentionInDays": 30] },
      fields: { _ in ["logGroupName": "/acme/flow", "retentionInDays": 90] }),
    BatterySample(
      TypeName("aws/FlowLog"), "flow",
      updated: { ["resourceId": $0.id("vpc"), "logGroupName": $0.id("logs"), "tags": ["a": "b"]] },
      fields: { ["resourceId": $0.id("vpc"), "logGroupName": $0.id("logs")] }),
    BatterySample(
      TypeName("aws/ServiceQuotaIncrease"), "quota",
      updated: { _ in ["serviceCode": "ec2", "quotaCode": "L-417A185B", "desiredValue": 512.0] },
      fields: { _ in ["serviceCode": "ec2", "quotaCode": "L-417A185B", "desiredValue": 384.0] }),
  ]

  private static let files: [BatterySample] = [
    BatterySample(
      TypeName("aws/FileSystem"), "files", updated: { _ in ["encrypted": true, "backupPolicy": "ENABLED"] },
      late: { _ in ["policy": document] }, fields: { _ in ["encrypted": true] }),
    BatterySample(
      TypeName("aws/MountTarget"), "mount",
      updated: {
        ["fileSystemId": $0.id("files"), "subnetId": $0.id("subnet"), "securityGroups": [$0.id("one"), $0.id("two")]]
      },
      fields: { ["fileSystemId": $0.id("files"), "subnetId": $0.id("subnet"), "securityGroups": [$0.id("one")]] }),
  ]

  private static let keys: [BatterySample] = [
    BatterySample(
      TypeName("aws/Key"), "key", updated: { _ in ["description": "Data.", "enableKeyRotation": true] },
      fields: { _ in ["description": "Data."] }),
    BatterySample(
      TypeName("aws/Key"), "key-2", fields: { _ in ["description": "Logs."] }),
    BatterySample(
      TypeName("aws/Alias"), "alias", updated: { ["aliasName": "alias/data", "targetKeyId": $0.id("key-2")] },
      fields: { ["aliasName": "alias/data", "targetKeyId": $0.id("key")] }),
  ]

  private static let redis: [BatterySample] = [
    BatterySample(
      TypeName("aws/SubnetGroup"), "redis-subnets",
      updated: { ["subnetGroupName": "redis", "subnetIds": [$0.id("subnet"), $0.id("subnet-2")]] },
      fields: { ["subnetGroupName": "redis", "subnetIds": [$0.id("subnet")]] }),
    BatterySample(
      TypeName("aws/ParameterGroup"), "redis-parameters",
      updated: { _ in
        [
          "parameterGroupName": "redis", "family": "memorydb_redis7",
          "parameters": ["maxmemory-policy": "allkeys-lru"],
        ]
      },
      fields: { _ in ["parameterGroupName": "redis", "family": "memorydb_redis7"] }),
    BatterySample(
      TypeName("aws/Cluster"), "redis", updated: { cluster($0, replicas: 2) }, fields: { cluster($0, replicas: 1) }),
  ]

  private static func cluster(_ objects: BatteryObjects, replicas: Int) -> Value {
    [
      "clusterName": "redis", "nodeType": "db.t4g.small", "aclName": "open-access",
      "subnetGroupName": objects.id("redis-subnets"), "parameterGroupName": objects.id("redis-parameters"),
      "numReplicasPerShard": .int(replicas),
    ]
  }

  private static let federation: [BatterySample] = [
    BatterySample(
      TypeName("aws/OpenIDConnectProvider"), "issuer",
      updated: { _ in ["url": "https://ci.acme.test", "clientIDList": ["sts.amazonaws.com", "acme"]] },
      fields: { _ in ["url": "https://ci.acme.test", "clientIDList": ["sts.amazonaws.com"]] }),
    BatterySample(
      TypeName("aws/SAMLProvider"), "saml",
      updated: { _ in ["name": "okta", "samlMetadataDocument": "<EntityDescriptor a=\"2\"/>"] },
      fields: { _ in ["name": "okta", "samlMetadataDocument": "<EntityDescriptor/>"] }),
    BatterySample(
      TypeName("aws/ManagedPolicy"), "policy",
      updated: { _ in ["policyName": "acme", "policyDocument": document, "tags": ["a": "b"]] },
      fields: { _ in ["policyName": "acme", "policyDocument": document] }),
  ]

  private static let people: [BatterySample] = [
    BatterySample(
      TypeName("aws/PermissionSet"), "set",
      updated: { _ in ["instanceArn": instance, "name": "write", "sessionDuration": "PT8H"] },
      fields: { _ in ["instanceArn": instance, "name": "write"] }),
    BatterySample(
      TypeName("aws/IdentityStoreUser"), "ana", updated: { _ in user("Ana Maria") }, fields: { _ in user("Ana") }),
    BatterySample(
      TypeName("aws/IdentityStoreGroup"), "group",
      updated: { _ in ["identityStoreId": store, "displayName": "ml-research", "description": "Research."] },
      fields: { _ in ["identityStoreId": store, "displayName": "ml-research"] }),
    BatterySample(
      TypeName("aws/IdentityStoreGroupMembership"), "membership",
      fields: { ["identityStoreId": store, "groupId": $0.id("group"), "userId": $0.id("ana")] }),
    BatterySample(
      TypeName("aws/AccountAssignment"), "assignment",
      fields: {
        [
          "instanceArn": instance, "permissionSetArn": $0.id("set"), "targetId": "123456789012",
          "principalType": "GROUP", "principalId": $0.id("group"),
        ]
      }),
  ]

  private static func user(_ name: String) -> Value {
    [
      "identityStoreId": store, "userName": "ana@acme.test", "displayName": .string(name),
      "name": ["givenName": "Ana", "familyName": "Garcia"],
    ]
  }
}
