import AWSClient
import ProviderKit
import Resources
import Schemas
import Values

extension AWSType {
  static let natGateway = AWSType(
    type: ResourceType(
      TypeName("aws/NatGateway"), "Lets private subnets open connections outwards.",
      schema: Schema([
        Field(
          "subnetId", .string, [.required, .immutable], references: "aws/Subnet", "The subnet it stands in."),
        Field(
          "allocationId", .string, .immutable, references: "aws/ElasticIp",
          "The public address; required for a public gateway, whose network needs an attached internet gateway."
        ),
        Field(
          "connectivityType", .string, .immutable, serverDefault: "public", allowed: ["public", "private"],
          "Whether it leads to the internet or to other networks only."),
        .tags,
        Field("vpcId", .string, .computed, "The network of its subnet."),
        Field("privateIp", .string, .computed, "Its address within the subnet."),
        Field("publicIp", .string, .computed, "Its address on the internet."),
        Field(
          "state", .string, [.computed, .volatile],
          "`pending`, `available`, `failed`, `deleting` or `deleted`."),
      ]),
      identity: .ec2("nat-", naturalKey: ["allocationId"]), marker: .tags, recovery: .token, scope: .zone,
      operations: [
        .list: .needs("ec2:DescribeNatGateways"),
        .read: .needs("ec2:DescribeNatGateways"),
        .create: .needs(
          "ec2:CreateNatGateway", "ec2:CreateTags", quota: "L-FE5A380F", timeout: .seconds(600)),
        .update: .needs("ec2:CreateTags", "ec2:DeleteTags"),
        .delete: .needs("ec2:DeleteNatGateway", timeout: .seconds(900)),
      ]),
    wire: EC2Wire(
      describe: .init(
        operation: "DescribeNatGateways", list: "natGatewaySet", id: "natGatewayId",
        idFilter: "nat-gateway-id"),
      decoder: AnswerDecoder(names: ["allocationId": "none", "privateIp": "none", "publicIp": "none"]),
      refine: { raw, fields in
        let addresses = raw.items("natGatewayAddressSet")
        let primary = addresses.first { $0.text("isPrimary") == "true" } ?? addresses.first
        for name in ["allocationId", "privateIp", "publicIp"] {
          fields[name] = primary?.text(name).map { .string($0) }
        }
      },
      lifeCycle: .init(
        state: "state", gone: ["deleted", "deleting", "failed"], failed: ["failed"],
        deleted: ["deleted", "failed"]),
      creation: .init(
        operation: "CreateNatGateway", fields: ["subnetId", "allocationId", "connectivityType"],
        answer: "natGateway",
        tagResource: "natgateway", takesToken: true),
      deletion: .init(operation: "DeleteNatGateway", idParameter: "NatGatewayId")))
}
