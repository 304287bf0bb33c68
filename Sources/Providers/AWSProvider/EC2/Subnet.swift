import AWSClient
import ProviderKit
import Resources
import Schemas
import Values

extension AWSType {
  static let subnet = AWSType(
    type: ResourceType(
      TypeName("aws/Subnet"), "A range of a network's addresses in one zone.",
      schema: Schema([
        Field("vpcId", .string, [.required, .immutable], references: "aws/Vpc", "The network it lies in."),
        Field(
          "cidrBlock", .string, [.required, .immutable], equality: .cidr,
          "The IPv4 block, from /16 to /28, within one of the network's; AWS keeps five addresses."),
        Field(
          "availabilityZone", .string, [.immutable, .optionalComputed],
          "The zone by name, such as `us-west-2a`; AWS chooses where none is written."),
        Field(
          "availabilityZoneId", .string, [.immutable, .optionalComputed],
          "The zone by id, such as `usw2-az1`: the same place in every account."),
        Field(
          "mapPublicIpOnLaunch", .bool, serverDefault: false,
          "Whether network interfaces made here get a public address."),
        .tags,
        Field("subnetArn", .string, .computed, "The Amazon resource name."),
        Field("availableIpAddressCount", .int, [.computed, .volatile], "Addresses not in use."),
        Field("state", .string, [.computed, .volatile], "`pending` or `available`."),
      ]),
      identity: .ec2("subnet-", naturalKey: ["vpcId", "cidrBlock"]), marker: .tags, recovery: .markerOnCreate,
      scope: .zone,
      operations: [
        .list: .needs("ec2:DescribeSubnets"),
        .read: .needs("ec2:DescribeSubnets"),
        .create: .needs(
          "ec2:CreateSubnet", "ec2:CreateTags", "ec2:ModifySubnetAttribute", quota: "L-407747CB"),
        .update: .needs("ec2:ModifySubnetAttribute", "ec2:CreateTags", "ec2:DeleteTags"),
        .delete: .needs("ec2:DeleteSubnet", timeout: .seconds(600)),
      ]),
    wire: EC2Wire(
      describe: .init(
        operation: "DescribeSubnets", list: "subnetSet", id: "subnetId", idFilter: "subnet-id",
        filters: ["vpcId": "vpc-id", "cidrBlock": "cidr-block"]),
      lifeCycle: .init(state: "state"),
      creation: .init(
        operation: "CreateSubnet", fields: ["vpcId", "cidrBlock", "availabilityZone", "availabilityZoneId"],
        answer: "subnet", tagResource: "subnet"),
      writers: [
        .init(fields: ["mapPublicIpOnLaunch"], followsCreate: true) {
          task, now, wanted throws(ProviderError) in
          guard let value = wanted["mapPublicIpOnLaunch"], value != now.fields["mapPublicIpOnLaunch"] else {
            return
          }
          _ = try await task.session.send(
            .ec2(
              "ModifySubnetAttribute", .repeatable,
              [("SubnetId", .string(now.id)), ("MapPublicIpOnLaunch", ["Value": value])]))
        }
      ],
      deletion: .init(operation: "DeleteSubnet", idParameter: "SubnetId")))
}
