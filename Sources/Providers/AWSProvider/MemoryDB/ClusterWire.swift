import AWSClient
import ProviderKit
import Resources
import Schemas
import Values

/// Clusters: a change is worked on for minutes, and one at a time.
struct ClusterWire: MemoryDBWire {
  private static let decoder = AnswerDecoder(names: [
    "clusterName": "Name", "nodeType": "NodeType", "aclName": "ACLName", "subnetGroupName": "SubnetGroupName",
    "parameterGroupName": "ParameterGroupName", "securityGroupIds": "SecurityGroups[SecurityGroupId]",
    "numShards": "NumberOfShards", "tlsEnabled": "TLSEnabled", "engineVersion": "EngineVersion",
    "kmsKeyId": "KmsKeyId", "port": "ClusterEndpoint.Port", "snapshotRetentionLimit": "SnapshotRetentionLimit",
    "maintenanceWindow": "MaintenanceWindow", "arn": "ARN", "clusterEndpoint": "ClusterEndpoint.Address",
    "status": "Status",
  ])
  /// What one call changes together.
  private static let settings = [
    "nodeType", "aclName", "parameterGroupName", "securityGroupIds", "engineVersion", "snapshotRetentionLimit",
    "maintenanceWindow",
  ]
  private static let standards: [String: Value] = [
    "snapshotRetentionLimit": 0, "numShards": 1, "numReplicasPerShard": 1, "securityGroupIds": [],
  ]

  let noun = "Cluster"
  let details: [(String, Value)] = [("ShowShardDetails", true)]

  func fields(
    _ raw: Value, _ session: AWSSession, _ type: ResourceType
  ) async throws(ProviderError) -> Fields? {
    var fields = Self.decoder.fields(raw, type.schema)
    let nodes = raw.items("Shards").first?.text("NumberOfNodes").flatMap { Int($0) }
    fields["numReplicasPerShard"] = nodes.map { .int($0 - 1) }
    return fields
  }

  func make(_ fields: Value, _ marker: Marker, _ task: WriteTask) async throws(ProviderError) -> String {
    let own =
      Self.settings + [
        "clusterName", "subnetGroupName", "numShards", "numReplicasPerShard", "tlsEnabled", "kmsKeyId", "port",
      ]
    let parameters = own.compactMap { name in
      fields[name].flatMap { $0.isNull ? nil : (Self.parameter(name), $0) }
    }
    let tags = [("Tags", Tagging(fields, marker).parameters)]
    _ = try await task.session.send(.memoryDB("CreateCluster", .once, parameters + tags))
    return fields["clusterName"]?.string ?? ""
  }

  private static func parameter(_ name: String) -> String {
    switch name {
    case "aclName": "ACLName"
    case "tlsEnabled": "TLSEnabled"
    default: name.wireName
    }
  }

  /// Only what differs is sent: the service refuses a change to what is so already.
  func write(_ fields: Set<String>, _ wanted: Value, _ now: Observed, _ task: WriteTask) async throws(ProviderError) {
    func due(_ name: String) -> Value? {
      let value = wanted[name] ?? Self.standards[name]
      guard fields.contains(name), let value, !value.isNull, let field = task.type.schema[name] else { return nil }
      if let present = now.fields[name], field.equal(value, present) { return nil }
      return value
    }
    try await change(Self.settings.compactMap { name in due(name).map { (Self.parameter(name), $0) } }, now, task)
    let replicas = due("numReplicasPerShard").map { [("ReplicaConfiguration", ["ReplicaCount": $0] as Value)] }
    try await change(replicas ?? [], now, task)
    let shards = due("numShards").map { [("ShardConfiguration", ["ShardCount": $0] as Value)] }
    try await change(shards ?? [], now, task)
  }

  private func change(
    _ parameters: [(String, Value)], _ now: Observed, _ task: WriteTask
  ) async throws(ProviderError) {
    guard !parameters.isEmpty else { return }
    let name = now.remote.text
    _ = try await task.session.send(.memoryDB("UpdateCluster", .repeatable, [nameParameter(name)] + parameters))
    try await task.wait(until: "\(name) is changed") { () async throws(ProviderError) -> Void? in
      try await raw(task.session, name)?.text("Status") == "available" ? () : nil
    }
  }
}
