import Resources
import Schemas
import Values

extension AWSType {
  /// https://docs.aws.amazon.com/efs/latest/ug/API_CreateFileSystem.html
  static let fileSystem = AWSType(
    type: ResourceType(
      TypeName("aws/FileSystem"), "Files shared over NFS by machines of many zones.",
      schema: Schema([
        Field(
          "performanceMode", .string, .immutable, serverDefault: "generalPurpose",
          allowed: ["generalPurpose", "maxIO"],
          "How it answers under load."),
        Field("encrypted", .bool, .immutable, serverDefault: false, "Whether what it holds is encrypted."),
        Field(
          "kmsKeyId", .string, [.immutable, .optionalComputed], references: "aws/Key", "The key's resource name."),
        Field(
          "throughputMode", .string, serverDefault: "bursting", allowed: ["bursting", "provisioned", "elastic"],
          "How throughput is had."),
        Field("provisionedThroughputInMibps", .double, [], "Of provisioned throughput: MiB a second."),
        Field("availabilityZoneName", .string, .immutable, "Of a file system in one zone: the zone."),
        Field(
          "lifecyclePolicies",
          .list(
            .object(
              Schema([
                Field("transitionToIA", .string, [], "`AFTER_60_DAYS` and so on: when files move to slower storage."),
                Field("transitionToArchive", .string, [], "When they move to the slowest."),
                Field("transitionToPrimaryStorageClass", .string, [], "`AFTER_1_ACCESS`: when they come back."),
              ])), .unordered), .exclusive, "When files move; each item says one move."),
        Field(
          "backupPolicy", .string, serverDefault: "DISABLED", allowed: ["ENABLED", "DISABLED"],
          "Whether AWS Backup keeps copies."),
        Field("policy", .any, [.guarded, .late], equality: .jsonPolicy, "Who may mount it, as a policy document."),
        .tags,
        Field("arn", .string, .computed, "The Amazon resource name."),
        Field("sizeInBytes", .int, [.computed, .volatile], "How much it holds."),
      ]),
      identity: Identity(uniqueness: .region, consistencyWindow: .seconds(30), idPrefix: "fs-"), marker: .tags,
      recovery: .markerOnCreate, scope: .region, isStateful: true,
      operations: [
        .list: .needs(
          "elasticfilesystem:DescribeFileSystems", "elasticfilesystem:DescribeLifecycleConfiguration",
          "elasticfilesystem:DescribeBackupPolicy", "elasticfilesystem:DescribeFileSystemPolicy", each: 3),
        .read: .needs(
          "elasticfilesystem:DescribeFileSystems", "elasticfilesystem:DescribeLifecycleConfiguration",
          "elasticfilesystem:DescribeBackupPolicy", "elasticfilesystem:DescribeFileSystemPolicy", each: 3),
        .create: .needs(
          "elasticfilesystem:CreateFileSystem", "elasticfilesystem:TagResource",
          "elasticfilesystem:PutLifecycleConfiguration", "elasticfilesystem:PutBackupPolicy"),
        .update: .needs(
          "elasticfilesystem:UpdateFileSystem", "elasticfilesystem:PutLifecycleConfiguration",
          "elasticfilesystem:PutBackupPolicy", "elasticfilesystem:PutFileSystemPolicy",
          "elasticfilesystem:DeleteFileSystemPolicy", "elasticfilesystem:TagResource", "elasticfilesystem:UntagResource"
        ),
        .delete: .needs("elasticfilesystem:DeleteFileSystem"),
      ]),
    wire: FileSystemWire())

  /// https://docs.aws.amazon.com/efs/latest/ug/API_CreateMountTarget.html
  static let mountTarget = AWSType(
    type: ResourceType(
      TypeName("aws/MountTarget"), "Where the machines of a zone reach a file system; one a zone.",
      schema: Schema([
        Field("fileSystemId", .string, [.required, .immutable], references: "aws/FileSystem", "The file system."),
        Field("subnetId", .string, [.required, .immutable], references: "aws/Subnet", "The subnet it stands in."),
        Field(
          "ipAddress", .string, [.immutable, .optionalComputed], "Its address; one is chosen where none is written."),
        Field(
          "securityGroups", .list(.string, .unordered), [.exclusive, .optionalComputed],
          references: "aws/SecurityGroup",
          "Who may reach it, on NFS's port 2049; the network's default group where none is written."),
        Field("availabilityZoneName", .string, .computed, "The zone of its subnet."),
      ]),
      identity: Identity(
        naturalKey: ["fileSystemId", "subnetId"], uniqueness: .region, consistencyWindow: .seconds(30),
        idPrefix: "fsmt-"),
      marker: .none, recovery: .naturalKey, scope: .zone,
      operations: [
        .list: .needs(
          "elasticfilesystem:DescribeFileSystems", "elasticfilesystem:DescribeMountTargets",
          "elasticfilesystem:DescribeMountTargetSecurityGroups", each: 2),
        .read: .needs(
          "elasticfilesystem:DescribeMountTargets", "elasticfilesystem:DescribeMountTargetSecurityGroups", each: 1),
        .create: .needs("elasticfilesystem:CreateMountTarget", "ec2:CreateNetworkInterface"),
        .update: .needs("elasticfilesystem:ModifyMountTargetSecurityGroups"),
        .delete: .needs("elasticfilesystem:DeleteMountTarget", "ec2:DeleteNetworkInterface"),
      ]),
    wire: MountTargetWire())
}
