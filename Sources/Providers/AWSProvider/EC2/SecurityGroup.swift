import AWSClient
import ProviderKit
import Resources
import Schemas
import Values

extension AWSType {
  static let securityGroup = AWSType(
    type: ResourceType(
      TypeName("aws/SecurityGroup"),
      "A stateful firewall around network interfaces; its rules are part of it.",
      schema: Schema([
        Field(
          "groupName", .string, [.required, .immutable],
          "The name, unique in its network; not beginning with `sg-`."),
        Field("description", .string, [.required, .immutable], "What it is for; AWS allows no change."),
        Field(
          "vpcId", .string, [.required, .immutable], references: "aws/Vpc", "The network it belongs to."),
        Field(
          "ipPermissions", .list(.object(permissionSchema), .unordered), [.exclusive, .late, .guarded],
          equality: .distributed,
          "What may come in; how rules are grouped does not matter."),
        Field(
          "ipPermissionsEgress", .list(.object(permissionSchema), .unordered), [.exclusive, .late],
          equality: .distributed, "What may go out; a new group allows everything until this is written."),
        .tags,
        Field("ownerId", .string, .computed, "The account that owns the group."),
      ]),
      identity: .ec2("sg-", naturalKey: ["vpcId", "groupName"]), marker: .tags, recovery: .markerOnCreate,
      scope: .region,
      operations: [
        .list: .needs("ec2:DescribeSecurityGroups"),
        .read: .needs("ec2:DescribeSecurityGroups"),
        .create: .needs("ec2:CreateSecurityGroup", "ec2:CreateTags", quota: "L-E79EC296"),
        .update: .needs(
          "ec2:AuthorizeSecurityGroupIngress", "ec2:AuthorizeSecurityGroupEgress",
          "ec2:RevokeSecurityGroupIngress",
          "ec2:RevokeSecurityGroupEgress", "ec2:CreateTags", "ec2:DeleteTags"),
        .delete: .needs("ec2:DeleteSecurityGroup", timeout: .seconds(600)),
      ], madeByService: [ServiceMade("groupName", is: "default")]),
    wire: EC2Wire(
      describe: .init(
        operation: "DescribeSecurityGroups", list: "securityGroupInfo", id: "groupId", idFilter: "group-id",
        filters: ["vpcId": "vpc-id", "groupName": "group-name"]),
      decoder: AnswerDecoder(names: [
        "description": "groupDescription", "ipPermissions.userIdGroupPairs": "groups",
        "ipPermissionsEgress.userIdGroupPairs": "groups",
      ]),
      refine: { raw, fields in
        for name in ["ipPermissions", "ipPermissionsEgress"] {
          fields[name] = fields[name].map { SecurityGroupRules.withoutOwner($0, raw.text("ownerId")) }
        }
      },
      creation: .init(
        operation: "CreateSecurityGroup", fields: ["groupName", "description", "vpcId"],
        names: ["description": "GroupDescription"], answer: "", tagResource: "security-group"),
      writers: [
        SecurityGroupRules.writer("ipPermissions"), SecurityGroupRules.writer("ipPermissionsEgress"),
      ],
      deletion: .init(operation: "DeleteSecurityGroup", idParameter: "GroupId")))
  static let permissionSchema = Schema([
    Field(
      "ipProtocol", .string, .required, "`tcp`, `udp`, `icmp`, `icmpv6`, a protocol number, or `-1` for all."),
    Field("fromPort", .int, [], "The first port, or the ICMP type; not with `-1`."),
    Field("toPort", .int, [], "The last port, or the ICMP code; not with `-1`."),
    Field("ipRanges", .list(.object(ipRangeSchema), .unordered), [], "IPv4 blocks."),
    Field("ipv6Ranges", .list(.object(ipv6RangeSchema), .unordered), [], "IPv6 blocks."),
    Field("prefixListIds", .list(.object(prefixListSchema), .unordered), [], "Prefix lists."),
    Field(
      "userIdGroupPairs", .list(.object(groupPairSchema), .unordered), [],
      "Other groups, or the group itself."),
  ])

  static let ipRangeSchema = Schema([
    Field("cidrIp", .string, .required, equality: .cidr, "The block."),
    Field("description", .string, [], "What the rule is for."),
  ])
  static let ipv6RangeSchema = Schema([
    Field("cidrIpv6", .string, .required, equality: .cidr, "The block."),
    Field("description", .string, [], "What the rule is for."),
  ])
  static let prefixListSchema = Schema([
    Field("prefixListId", .string, .required, "The list."),
    Field("description", .string, [], "What the rule is for."),
  ])
  static let groupPairSchema = Schema([
    Field("groupId", .string, .required, references: "aws/SecurityGroup", "The group."),
    Field("userId", .string, [], "The group's account, where it is another one."),
    Field("description", .string, [], "What the rule is for."),
  ])
}
