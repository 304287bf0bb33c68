import Resources
import Schemas
import Values

extension AWSType {
  /// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
  static let logGroup = AWSType(
    type: ResourceType(
      TypeName("aws/LogGroup"), "Keeps the events of logs of one kind.",
      schema: Schema([
        Field("logGroupName", .string, [.required, .immutable], "The name, unique in the account and region."),
        Field(
          "retentionInDays", .int, [],
          "How long events are kept: 1, 3, 5, 7, 14, 30, 60, 90 and so on; for ever where none is written."),
        Field("kmsKeyId", .string, [], references: "aws/Key", "The key they are encrypted with, by its resource name."),
        Field(
          "logGroupClass", .string, .immutable, serverDefault: "STANDARD", allowed: ["STANDARD", "INFREQUENT_ACCESS"],
          "How it is paid for."),
        .tags,
        Field("arn", .string, .computed, "The Amazon resource name."),
      ]),
      identity: Identity(
        naturalKey: ["logGroupName"], uniqueness: .region, consistencyWindow: .seconds(10), idField: "logGroupName"),
      marker: .tags, recovery: .naturalKey, scope: .region, isStateful: true,
      operations: [
        .list: .needs("logs:DescribeLogGroups", "logs:ListTagsForResource", each: 1),
        .read: .needs("logs:DescribeLogGroups", "logs:ListTagsForResource", each: 1),
        .create: .needs("logs:CreateLogGroup", "logs:PutRetentionPolicy", "logs:TagResource"),
        .update: .needs(
          "logs:PutRetentionPolicy", "logs:DeleteRetentionPolicy", "logs:AssociateKmsKey", "logs:DisassociateKmsKey",
          "logs:TagResource", "logs:UntagResource"),
        .delete: .needs("logs:DeleteLogGroup"),
      ]),
    wire: LogGroupWire())
}
