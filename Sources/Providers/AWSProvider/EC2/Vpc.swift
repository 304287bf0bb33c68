import Resources
import Schemas
import Values

extension AWSType {
  static let vpc = AWSType(
    type: ResourceType(
      TypeName("aws/Vpc"), "A private network in one region.",
      schema: Schema([
        Field(
          "cidrBlock", .string, [.required, .immutable], equality: .cidr,
          "The primary IPv4 block, from /16 to /28."),
        Field(
          "instanceTenancy", .string, .immutable, serverDefault: "default",
          allowed: ["default", "dedicated"],
          "Whether instances run on hardware of their own."),
        Field("enableDnsSupport", .bool, serverDefault: true, "Whether the resolver of the network answers."),
        Field(
          "enableDnsHostnames", .bool, serverDefault: false,
          "Whether instances with public addresses get DNS names."),
        .tags,
        Field("ownerId", .string, .computed, "The account that owns the network."),
        Field("state", .string, [.computed, .volatile], "`pending` or `available`."),
      ]),
      identity: .ec2("vpc-"), marker: .tags, recovery: .markerOnCreate, scope: .region,
      operations: [
        .list: .needs("ec2:DescribeVpcs", "ec2:DescribeVpcAttribute", each: 2),
        .read: .needs("ec2:DescribeVpcs", "ec2:DescribeVpcAttribute", each: 2),
        .create: .needs("ec2:CreateVpc", "ec2:CreateTags", "ec2:ModifyVpcAttribute", quota: "L-F678F1CE"),
        .update: .needs("ec2:ModifyVpcAttribute", "ec2:CreateTags", "ec2:DeleteTags"),
        .delete: .needs("ec2:DeleteVpc"),
      ]))
}
