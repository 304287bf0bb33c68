import AWSClient
import ProviderKit
import Resources
import Schemas
import Values

extension AWSType {
  /// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html
  static let flowLog = AWSType(
    type: ResourceType(
      TypeName("aws/FlowLog"), "Writes down the connections of a network, a subnet or an interface.",
      schema: Schema([
        Field("resourceId", .string, [.required, .immutable], references: "aws/Vpc", "What is watched."),
        Field(
          "resourceType", .string, .immutable, serverDefault: "VPC", allowed: ["VPC", "Subnet", "NetworkInterface"],
          "What kind of thing that is."),
        Field(
          "trafficType", .string, .immutable, serverDefault: "ALL", allowed: ["ACCEPT", "REJECT", "ALL"],
          "Which connections are written down."),
        Field(
          "logDestinationType", .string, .immutable, serverDefault: "cloud-watch-logs",
          allowed: ["cloud-watch-logs", "s3", "kinesis-data-firehose"], "Where to."),
        Field(
          "logGroupName", .string, .immutable,
          references: "aws/LogGroup", "Of CloudWatch: the log group, by its name."),
        Field("logDestination", .string, [.immutable, .optionalComputed], "Of S3: the bucket's resource name."),
        Field(
          "deliverLogsPermissionArn", .string, .immutable, references: "aws/Role",
          "Of CloudWatch: the role that may write there."),
        Field(
          "maxAggregationInterval", .int, .immutable, serverDefault: 600,
          "Seconds for which packets are counted together: 60 or 600."),
        .tags,
      ]),
      identity: .ec2("fl-"), marker: .tags, recovery: .token, scope: .region,
      operations: [
        .list: .needs("ec2:DescribeFlowLogs"), .read: .needs("ec2:DescribeFlowLogs"),
        .create: .needs("ec2:CreateFlowLogs", "ec2:CreateTags", "logs:CreateLogDelivery", "iam:PassRole"),
        .update: .needs("ec2:CreateTags", "ec2:DeleteTags"),
        .delete: .needs("ec2:DeleteFlowLogs", "logs:DeleteLogDelivery"),
      ]),
    wire: EC2Wire(
      describe: .init(
        operation: "DescribeFlowLogs", list: "flowLogSet", id: "flowLogId", idFilter: "flow-log-id"),
      // What is watched is told by its id alone.
      refine: { raw, fields in
        let kinds = ["vpc": "VPC", "subnet": "Subnet", "eni": "NetworkInterface"]
        let prefix = raw.text("resourceId").map { String($0.prefix { $0 != "-" }) }
        fields["resourceType"] = prefix.flatMap { kinds[$0] }.map { .string($0) }
      },
      creation: .init(
        operation: "CreateFlowLogs",
        fields: [
          "resourceId", "resourceType", "trafficType", "logDestinationType", "logGroupName", "logDestination",
          "deliverLogsPermissionArn", "maxAggregationInterval",
        ], names: ["resourceId": "ResourceId.1"], standards: ["resourceType", "trafficType"], answer: "",
        idList: "flowLogIdSet", tagResource: "vpc-flow-log", takesToken: true),
      deletion: .init(operation: "DeleteFlowLogs", idParameter: "FlowLogId", takesList: true)))
}
