import Resources
import Schemas

extension AWSType {
  static let internetGateway = AWSType(
    type: ResourceType(
      TypeName("aws/InternetGateway"), "The way from a network to the internet and back.",
      schema: Schema([
        Field(
          "vpcId", .string, references: "aws/Vpc", "The network it is attached to; a network has at most one."
        ),
        .tags,
        Field("ownerId", .string, .computed, "The account that owns the gateway."),
      ]),
      identity: .ec2("igw-"), marker: .tags, recovery: .markerOnCreate, scope: .region,
      operations: [
        .list: .needs("ec2:DescribeInternetGateways"),
        .read: .needs("ec2:DescribeInternetGateways"),
        .create: .needs(
          "ec2:CreateInternetGateway", "ec2:CreateTags", "ec2:AttachInternetGateway", quota: "L-A4707A72"),
        .update: .needs(
          "ec2:AttachInternetGateway", "ec2:DetachInternetGateway", "ec2:CreateTags", "ec2:DeleteTags"),
        .delete: .needs("ec2:DetachInternetGateway", "ec2:DeleteInternetGateway", timeout: .seconds(600)),
      ]))
}
