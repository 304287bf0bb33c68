import AWSClient
import ProviderKit
import Resources
import Schemas
import Values

extension AWSType {
  static let elasticIp = AWSType(
    type: ResourceType(
      TypeName("aws/ElasticIp"), "A public IPv4 address that stays; its id is the allocation id.",
      schema: Schema([
        Field("domain", .string, .immutable, serverDefault: "vpc", allowed: ["vpc"], "Always `vpc`."),
        Field(
          "networkBorderGroup", .string, [.immutable, .optionalComputed],
          "Where the address is announced from: the region, or a local zone."),
        Field(
          "publicIpv4Pool", .string, [.immutable, .optionalComputed],
          "The pool it is taken from: `amazon` or one of yours."),
        .tags,
        Field("publicIp", .string, .computed, "The address."),
        Field("associationId", .string, [.computed, .volatile], "Set while something uses the address."),
      ]),
      identity: .ec2("eipalloc-"), marker: .tags, recovery: .markerOnCreate, scope: .region,
      operations: [
        .list: .needs("ec2:DescribeAddresses"),
        .read: .needs("ec2:DescribeAddresses"),
        .create: .needs("ec2:AllocateAddress", "ec2:CreateTags", quota: "L-0263D0A3"),
        .update: .needs("ec2:CreateTags", "ec2:DeleteTags"),
        .delete: .needs("ec2:ReleaseAddress"),
      ]),
    wire: EC2Wire(
      describe: .init(
        operation: "DescribeAddresses", list: "addressesSet", id: "allocationId", idFilter: "allocation-id",
        pageSize: nil),
      creation: .init(
        operation: "AllocateAddress", fields: ["domain", "networkBorderGroup", "publicIpv4Pool"], answer: "",
        tagResource: "elastic-ip"),
      deletion: .init(operation: "ReleaseAddress", idParameter: "AllocationId")))
}
