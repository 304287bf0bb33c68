import Resources
import Schemas
import Values

extension AWSType {
  static let role = AWSType(
    type: ResourceType(
      TypeName("aws/Role"), "An identity that services and people assume; trust and policies are part of it.",
      schema: Schema([
        Field(
          "roleName", .string, [.required, .immutable],
          "The name, unique in the account: letters, digits and `+=,.@-_`."),
        Field("path", .string, .immutable, serverDefault: "/", "Begins and ends with `/`."),
        Field("assumeRolePolicyDocument", .any, .required, equality: .jsonPolicy, "Who may assume the role."),
        Field("description", .string, .apart, serverDefault: "", "What it is for."),
        Field("maxSessionDuration", .int, .apart, serverDefault: 3600, "Seconds, from 3600 to 43200."),
        Field(
          "permissionsBoundary", .string, [],
          "The policy, by its resource name, that limits what the role may do."),
        Field(
          "policies", .map(.any), [.exclusive, .guarded], equality: .jsonPolicy,
          "Inline policies by name; at most 10,240 characters together."),
        Field(
          "managedPolicyArns", .list(.string, .unordered), [.exclusive, .guarded],
          "Attached policies by their resource names; 10 by default, 20 at most."),
        .tags,
        Field("arn", .string, .computed, "The Amazon resource name."),
        Field(
          "roleId", .string, .computed, "An id that is never used again, even for a role of the same name."),
      ]),
      identity: Identity(
        naturalKey: ["roleName"], uniqueness: .account, consistencyWindow: .seconds(60), idField: "roleName"),
      marker: .tags, recovery: .naturalKey, scope: .account,
      operations: [
        .list: .needs("iam:GetAccountAuthorizationDetails", "iam:ListRoles"),
        .read: .needs("iam:GetAccountAuthorizationDetails", "iam:ListRoles"),
        .create: .needs(
          "iam:CreateRole", "iam:TagRole", "iam:GetRole", "iam:PutRolePolicy", "iam:AttachRolePolicy",
          quota: "L-FE177D64"),
        .update: .needs(
          "iam:UpdateRole", "iam:UpdateAssumeRolePolicy", "iam:PutRolePermissionsBoundary",
          "iam:DeleteRolePermissionsBoundary", "iam:PutRolePolicy", "iam:DeleteRolePolicy",
          "iam:AttachRolePolicy",
          "iam:DetachRolePolicy", "iam:TagRole", "iam:UntagRole"),
        .delete: .needs(
          "iam:DeleteRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy", "iam:ListInstanceProfilesForRole",
          "iam:RemoveRoleFromInstanceProfile"),
      ],
      madeByService: [
        ServiceMade("path", beginsWith: "/aws-service-role/"), ServiceMade("path", beginsWith: "/aws-reserved/"),
      ]),
    wire: RoleWire())
}
