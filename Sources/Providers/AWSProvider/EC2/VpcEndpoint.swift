import Resources
import Schemas
import Values

extension AWSType {
  static let vpcEndpoint = AWSType(
    type: ResourceType(
      TypeName("aws/VpcEndpoint"), "Reaches a service of AWS without the internet.",
      schema: Schema([
        Field("vpcId", .string, [.required, .immutable], references: "aws/Vpc", "The network it serves."),
        Field(
          "serviceName", .string, [.required, .immutable],
          "The service's full name, such as `com.amazonaws.us-west-2.s3`."),
        Field(
          "vpcEndpointType", .string, .immutable, serverDefault: "Gateway",
          allowed: ["Gateway", "Interface"],
          "`Gateway` adds routes to route tables, `Interface` stands in subnets."),
        Field(
          "routeTableIds", .list(.string, .unordered), .exclusive, references: "aws/RouteTable",
          "The route tables of a gateway endpoint."),
        Field(
          "subnetIds", .list(.string, .unordered), .exclusive, references: "aws/Subnet",
          "The subnets of an interface endpoint, one a zone."),
        Field(
          "securityGroupIds", .list(.string, .unordered), [.exclusive, .optionalComputed],
          references: "aws/SecurityGroup",
          "The groups of an interface endpoint; the network's default group where none is written."),
        Field(
          "policyDocument", .any, .optionalComputed, equality: .jsonPolicy,
          "Who may do what through it; everything where none is written."),
        Field(
          "privateDnsEnabled", .bool, .optionalComputed,
          "Whether the service's usual name leads to an interface endpoint."),
        .tags,
        Field(
          "networkInterfaceIds", .list(.string, .unordered), .computed,
          "The interfaces of an interface endpoint."),
        Field("ownerId", .string, .computed, "The account that owns the endpoint."),
        Field("state", .string, [.computed, .volatile], "`pending`, `available`, `deleting` and others."),
      ]),
      identity: .ec2("vpce-"), marker: .tags, recovery: .token, scope: .region,
      operations: [
        .list: .needs("ec2:DescribeVpcEndpoints"),
        .read: .needs("ec2:DescribeVpcEndpoints"),
        .create: .needs(
          "ec2:CreateVpcEndpoint", "ec2:CreateTags", quota: "L-29B6F2EB", timeout: .seconds(600)),
        .update: .needs("ec2:ModifyVpcEndpoint", "ec2:CreateTags", "ec2:DeleteTags", timeout: .seconds(600)),
        .delete: .needs("ec2:DeleteVpcEndpoints", timeout: .seconds(900)),
      ]))
}
