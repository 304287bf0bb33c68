import Resources
import Values

extension AWSTypeCase {
  /// File systems, clusters of MemoryDB and quotas.
  static let stores: [AWSTypeCase] = [
    AWSTypeCase(kind: "FileSystem") { _ in
      [
        "performanceMode": "generalPurpose", "encrypted": true, "throughputMode": "bursting",
        "lifecyclePolicies": [["transitionToIA": "AFTER_60_DAYS"]], "backupPolicy": "ENABLED",
        "policy": filePolicy("true"), "tags": tags,
      ]
    } changes: { _, _ in
      [
        [("throughputMode", "provisioned"), ("provisionedThroughputInMibps", 64.0)],
        [("throughputMode", "elastic"), ("provisionedThroughputInMibps", nil)],
        [
          (
            "lifecyclePolicies",
            [["transitionToIA": "AFTER_30_DAYS"], ["transitionToPrimaryStorageClass": "AFTER_1_ACCESS"]]
          )
        ], [("lifecyclePolicies", [])], [("backupPolicy", "DISABLED")], [("policy", filePolicy("false"))],
        [("policy", nil)], [("tags", ["Name": "two"])],
      ]
    },
    AWSTypeCase(kind: "MountTarget") { bench in
      let network = try await bench.network()
      let files = try await bench.make("FileSystem", "files", ["encrypted": true])
      let group = try await group("one", network.vpc, bench)
      return [
        "fileSystemId": .string(files.remote.text), "subnetId": .string(network.subnets[0]),
        "securityGroups": [.string(group)],
      ]
    } changes: { bench, _ in
      let vpc = try await bench.list("Vpc").items[0].remote.text
      return [[("securityGroups", [.string(try await group("two", vpc, bench))])]]
    },
    AWSTypeCase(kind: "SubnetGroup") { bench in
      let network = try await bench.network()
      return [
        "subnetGroupName": .string("subnets-\(bench.account.id)"), "description": "a group",
        "subnetIds": [.string(network.subnets[0])], "tags": tags,
      ]
    } changes: { bench, _ in
      let subnets = try await bench.list("Subnet").items.map { Value.string($0.remote.text) }
      return [[("subnetIds", .list(subnets))], [("description", "another")], [("tags", ["Name": "two"])]]
    },
    AWSTypeCase(kind: "ParameterGroup") { bench in
      [
        "parameterGroupName": .string("settings-\(bench.account.id)"), "family": "memorydb_redis7",
        "description": "a group", "parameters": allSettings("allkeys-lru", "30"), "tags": tags,
      ]
    } changes: { _, _ in
      [[("parameters", allSettings("volatile-lru", "0"))], [("tags", ["Name": "two"])]]
    },
    AWSTypeCase(kind: "Cluster") { bench in
      let network = try await bench.network()
      let name = Value.string("store-\(bench.account.id)")
      let subnets = try await bench.make(
        "SubnetGroup", "store", ["subnetGroupName": name, "subnetIds": [.string(network.subnets[0])]])
      let settings = try await bench.make(
        "ParameterGroup", "store", ["parameterGroupName": name, "family": "memorydb_redis7"])
      return [
        "clusterName": name, "nodeType": "db.t4g.small", "aclName": "open-access", "engineVersion": "7.0",
        "subnetGroupName": .string(subnets.remote.text), "parameterGroupName": .string(settings.remote.text),
        "securityGroupIds": [.string(try await group("one", network.vpc, bench))], "numShards": 1,
        "numReplicasPerShard": 0, "tlsEnabled": true, "port": 6379, "snapshotRetentionLimit": 3,
        "maintenanceWindow": "sun:23:00-mon:01:30", "tags": tags,
      ]
    } changes: { bench, _ in
      let vpc = try await bench.list("Vpc").items[0].remote.text
      return [
        [("nodeType", "db.r6g.large"), ("numShards", 2), ("numReplicasPerShard", 1)],
        [("securityGroupIds", [.string(try await group("two", vpc, bench))])],
        [("snapshotRetentionLimit", 0), ("maintenanceWindow", "mon:23:00-tue:01:30")], [("tags", ["Name": "two"])],
      ]
    },
    AWSTypeCase(kind: "ServiceQuotaIncrease") { _ in
      ["serviceCode": "ec2", "quotaCode": "L-417A185B", "desiredValue": 384.0]
    } changes: { _, _ in
      // A second wish for one quota waits for the first; a lower one is granted already.
      [[("desiredValue", 256.0)]]
    },
  ]

  /// Every setting of the family, as the emulator has it.
  private static func allSettings(_ eviction: String, _ timeout: String) -> Value {
    [
      "activedefrag": "no", "maxmemory-policy": .string(eviction), "notify-keyspace-events": "",
      "timeout": .string(timeout),
    ]
  }

  private static func group(_ name: String, _ vpc: String, _ bench: AWSBench) async throws -> String {
    try await bench.make(
      "SecurityGroup", name, ["groupName": .string(name), "description": "a group", "vpcId": .string(vpc)]
    ).remote.text
  }

  private static func filePolicy(_ secure: String) -> Value {
    [
      "Version": "2012-10-17",
      "Statement": [
        [
          "Effect": "Allow", "Principal": ["AWS": "*"], "Action": "elasticfilesystem:ClientMount",
          "Condition": ["Bool": ["aws:SecureTransport": .string(secure)]],
        ]
      ],
    ]
  }
}
