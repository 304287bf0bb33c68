import Resources
import Schemas
import Values

/// Redis with a durable log: https://docs.aws.amazon.com/memorydb/latest/APIReference/Welcome.html
extension AWSType {
  static let cluster = AWSType(
    type: ResourceType(
      TypeName("aws/Cluster"), "A cluster of MemoryDB.",
      schema: Schema([
        Field("clusterName", .string, [.required, .immutable], "The name, unique in the account and region."),
        Field("nodeType", .string, .required, "The size of its machines, such as `db.t4g.small`."),
        Field("aclName", .string, .required, "Who may log in; `open-access` lets everybody who reaches it."),
        Field("subnetGroupName", .string, .immutable, references: "aws/SubnetGroup", "Where it stands."),
        Field("parameterGroupName", .string, .optionalComputed, references: "aws/ParameterGroup", "Its settings."),
        Field(
          "securityGroupIds", .list(.string, .unordered), .exclusive, references: "aws/SecurityGroup",
          "Who may reach it."
        ),
        Field("numShards", .int, serverDefault: 1, "Into how many parts the data is cut."),
        Field("numReplicasPerShard", .int, serverDefault: 1, "How many replicas take over, 0 to 5."),
        Field("tlsEnabled", .bool, .immutable, serverDefault: true, "Whether connections are encrypted."),
        Field("engineVersion", .string, .optionalComputed, "`7.0` and so on."),
        Field("kmsKeyId", .string, .immutable, references: "aws/Key", "The key its data is encrypted with."),
        Field("port", .int, .immutable, serverDefault: 6379, "On which port it answers."),
        Field("snapshotRetentionLimit", .int, serverDefault: 0, "How many days automatic snapshots are kept."),
        Field("maintenanceWindow", .string, .optionalComputed, "When it may be worked on: `sun:23:00-mon:01:30`."),
        .tags,
        Field("arn", .string, .computed, "The Amazon resource name."),
        Field("clusterEndpoint", .string, .computed, "Where it is reached."),
        Field("status", .string, [.computed, .volatile], "`creating`, `available` and so on."),
      ]),
      identity: Identity(
        naturalKey: ["clusterName"], uniqueness: .region, consistencyWindow: .seconds(30), idField: "clusterName"),
      marker: .tags, recovery: .naturalKey, scope: .region, isStateful: true,
      operations: memoryDB("Cluster", timeout: .seconds(3_600))),
    wire: ClusterWire())

  static let subnetGroup = AWSType(
    type: ResourceType(
      TypeName("aws/SubnetGroup"), "The subnets that clusters of MemoryDB stand in.",
      schema: Schema([
        Field(
          "subnetGroupName", .string, [.required, .immutable], "The name, unique in the account and region; lower case."
        ),
        Field("description", .string, serverDefault: "", "What it is for."),
        Field(
          "subnetIds", .list(.string, .unordered), [.required, .exclusive], references: "aws/Subnet", "The subnets."),
        .tags,
        Field("arn", .string, .computed, "The Amazon resource name."),
        Field("vpcId", .string, .computed, "Their network."),
      ]),
      identity: Identity(
        naturalKey: ["subnetGroupName"], uniqueness: .region, consistencyWindow: .seconds(30),
        idField: "subnetGroupName"),
      marker: .tags, recovery: .naturalKey, scope: .region, operations: memoryDB("SubnetGroup"),
      madeByService: [ServiceMade("subnetGroupName", is: "default")]),
    wire: SubnetGroupWire())

  static let parameterGroup = AWSType(
    type: ResourceType(
      TypeName("aws/ParameterGroup"), "Settings of clusters of MemoryDB.",
      schema: Schema([
        Field(
          "parameterGroupName", .string, [.required, .immutable],
          "The name, unique in the account and region; lower case."),
        Field("family", .string, [.required, .immutable], "Whose settings: `memorydb_redis7`."),
        Field("description", .string, .immutable, serverDefault: "", "What it is for."),
        Field(
          "parameters", .map(.string), .optionalComputed,
          "Settings by name, such as `maxmemory-policy`; others keep the family's."),
        .tags,
        Field("arn", .string, .computed, "The Amazon resource name."),
      ]),
      identity: Identity(
        naturalKey: ["parameterGroupName"], uniqueness: .region, consistencyWindow: .seconds(30),
        idField: "parameterGroupName"),
      marker: .tags, recovery: .naturalKey, scope: .region,
      operations: memoryDB(
        "ParameterGroup", reads: ["memorydb:DescribeParameters"], updates: ["memorydb:ResetParameterGroup"]),
      madeByService: [ServiceMade("parameterGroupName", beginsWith: "default.")]),
    wire: ParameterGroupWire())

  private static func memoryDB(
    _ noun: String, reads: [String] = [], updates: [String] = [], timeout: Duration = .seconds(300)
  ) -> [Operation: OperationFacts] {
    let looks = OperationFacts(
      permissions: ["memorydb:Describe\(noun)s", "memorydb:ListTags"] + reads, requestsPerObject: 1 + reads.count)
    let changes = ["memorydb:Update\(noun)", "memorydb:TagResource", "memorydb:UntagResource"] + updates
    return [
      .list: looks, .read: looks,
      .create: .needs("memorydb:Create\(noun)", "memorydb:TagResource", timeout: timeout),
      .update: OperationFacts(permissions: changes, timeout: timeout),
      .delete: .needs("memorydb:Delete\(noun)", timeout: timeout),
    ]
  }
}
