import Resources
import Schemas
import Values

extension AWSType {
  static let instanceProfile = AWSType(
    type: ResourceType(
      TypeName("aws/InstanceProfile"), "Hands a role to EC2 instances.",
      schema: Schema([
        Field("instanceProfileName", .string, [.required, .immutable], "The name, unique in the account."),
        Field("path", .string, .immutable, serverDefault: "/", "Begins and ends with `/`."),
        Field(
          "roles", .list(.string, .unordered), [.exclusive, .guarded], references: "aws/Role",
          "The name of its role; at most one."),
        .tags,
        Field("arn", .string, .computed, "The Amazon resource name."),
        Field("instanceProfileId", .string, .computed, "An id that is never used again."),
      ]),
      identity: Identity(
        naturalKey: ["instanceProfileName"], uniqueness: .account, consistencyWindow: .seconds(60),
        idField: "instanceProfileName"),
      marker: .tags, recovery: .naturalKey, scope: .account,
      operations: [
        .list: .needs("iam:ListInstanceProfiles", "iam:ListInstanceProfileTags", each: 1),
        .read: .needs("iam:GetInstanceProfile", each: 1),
        .create: .needs(
          "iam:CreateInstanceProfile", "iam:TagInstanceProfile", "iam:AddRoleToInstanceProfile",
          "iam:PassRole",
          quota: "L-6E65F664"),
        .update: .needs(
          "iam:AddRoleToInstanceProfile", "iam:RemoveRoleFromInstanceProfile", "iam:PassRole",
          "iam:TagInstanceProfile",
          "iam:UntagInstanceProfile"),
        .delete: .needs("iam:RemoveRoleFromInstanceProfile", "iam:DeleteInstanceProfile"),
      ]),
    wire: InstanceProfileWire())
}
