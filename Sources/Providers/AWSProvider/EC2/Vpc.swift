import AWSClient
import ProviderKit
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
        Field("enableDnsSupport", .bool, .apart, serverDefault: true, "Whether the resolver of the network answers."),
        Field(
          "enableDnsHostnames", .bool, .apart, serverDefault: false,
          "Whether instances with public addresses get DNS names."),
        .tags,
        Field("ownerId", .string, .computed, "The account that owns the network."),
        Field("isDefault", .bool, .computed, "Whether AWS made the network with the account."),
        Field("state", .string, [.computed, .volatile], "`pending` or `available`."),
      ]),
      identity: .ec2("vpc-"), marker: .tags, recovery: .markerOnCreate, scope: .region,
      operations: [
        .list: .needs("ec2:DescribeVpcs", "ec2:DescribeVpcAttribute", each: 2),
        .read: .needs("ec2:DescribeVpcs", "ec2:DescribeVpcAttribute", each: 2),
        .create: .needs("ec2:CreateVpc", "ec2:CreateTags", "ec2:ModifyVpcAttribute", quota: "L-F678F1CE"),
        .update: .needs("ec2:ModifyVpcAttribute", "ec2:CreateTags", "ec2:DeleteTags"),
        .delete: .needs("ec2:DeleteVpc"),
      ], madeByService: [ServiceMade("isDefault", is: true)]),
    wire: EC2Wire(
      describe: .init(operation: "DescribeVpcs", list: "vpcSet", id: "vpcId", idFilter: "vpc-id"),
      complete: vpcAttributes,
      lifeCycle: .init(state: "state"),
      creation: .init(
        operation: "CreateVpc", fields: ["cidrBlock", "instanceTenancy"], answer: "vpc", tagResource: "vpc"),
      writers: [vpcAttribute("enableDnsSupport"), vpcAttribute("enableDnsHostnames")],
      deletion: .init(operation: "DeleteVpc", idParameter: "VpcId")))

  /// DescribeVpcAttribute answers for one attribute of one network at a time.
  @Sendable private static func vpcAttributes(
    _ session: AWSSession, _ id: String, _ names: [String]
  ) async throws(ProviderError) -> [(String, Value)] {
    var attributes: [(String, Value)] = []
    for name in names {
      let answer = try await session.send(
        .ec2("DescribeVpcAttribute", .read, [("VpcId", .string(id)), ("Attribute", .string(name))]))
      if let value = answer.value.text("\(name).value") { attributes.append((name, .bool(value == "true"))) }
    }
    return attributes
  }

  /// ModifyVpcAttribute takes one attribute at a time; one that was dropped goes back to its default.
  private static func vpcAttribute(_ name: String) -> EC2Wire.FieldWriter {
    .init(fields: [name], followsCreate: true) { task, now, wanted throws(ProviderError) in
      guard let value = wanted[name], !value.isNull, value != now.fields[name] else { return }
      _ = try await task.session.send(
        .ec2(
          "ModifyVpcAttribute", .repeatable,
          [("VpcId", .string(now.id)), (name.wireName, Value.map([("Value", value)]))]))
    }
  }
}
