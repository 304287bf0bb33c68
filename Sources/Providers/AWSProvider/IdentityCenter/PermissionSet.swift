import Resources
import Schemas
import Values

/// Access of people to accounts: https://docs.aws.amazon.com/singlesignon/latest/APIReference/welcome.html
extension AWSType {
  static let permissionSet = AWSType(
    type: ResourceType(
      TypeName("aws/PermissionSet"), "What people may do in the accounts they are assigned to.",
      schema: Schema([
        Field("instanceArn", .string, [.required, .immutable], "The instance of Identity Center."),
        Field("name", .string, [.required, .immutable], "The name, unique in the instance; 32 characters at most."),
        Field("description", .string, [], "What it is for."),
        Field("sessionDuration", .string, serverDefault: "PT1H", "How long a session lasts, in ISO 8601: `PT8H`."),
        Field("inlinePolicy", .any, .guarded, equality: .jsonPolicy, "What it permits, as a policy document."),
        Field(
          "managedPolicies", .list(.string, .unordered), [.exclusive, .guarded],
          "Policies of AWS by their resource names."),
        .tags,
        Field("permissionSetArn", .string, .computed, "The Amazon resource name."),
      ]),
      identity: Identity(
        naturalKey: ["instanceArn", "name"], uniqueness: .account, consistencyWindow: .seconds(30), idPrefix: "ps-"),
      marker: .tags, recovery: .naturalKey, scope: .account,
      operations: [
        .list: .needs(
          "sso:ListInstances", "sso:ListPermissionSets", "sso:DescribePermissionSet",
          "sso:GetInlinePolicyForPermissionSet", "sso:ListManagedPoliciesInPermissionSet", "sso:ListTagsForResource",
          each: 5),
        .read: .needs(
          "sso:DescribePermissionSet", "sso:GetInlinePolicyForPermissionSet",
          "sso:ListManagedPoliciesInPermissionSet", "sso:ListTagsForResource", each: 4),
        .create: .needs(
          "sso:CreatePermissionSet", "sso:TagResource", "sso:PutInlinePolicyToPermissionSet",
          "sso:AttachManagedPolicyToPermissionSet", "sso:ListAccountsForProvisionedPermissionSet"),
        .update: .needs(
          "sso:UpdatePermissionSet", "sso:PutInlinePolicyToPermissionSet", "sso:DeleteInlinePolicyFromPermissionSet",
          "sso:AttachManagedPolicyToPermissionSet", "sso:DetachManagedPolicyFromPermissionSet",
          "sso:ListAccountsForProvisionedPermissionSet", "sso:ProvisionPermissionSet",
          "sso:DescribePermissionSetProvisioningStatus", "sso:TagResource", "sso:UntagResource"),
        .delete: .needs("sso:DeletePermissionSet"),
      ]),
    wire: PermissionSetWire())

  static let accountAssignment = AWSType(
    type: ResourceType(
      TypeName("aws/AccountAssignment"), "A permission set for one user or group in one account.",
      schema: Schema([
        Field("instanceArn", .string, [.required, .immutable], "The instance of Identity Center."),
        Field(
          "permissionSetArn", .string, [.required, .immutable], references: "aws/PermissionSet", "What they may do."),
        Field("targetId", .string, [.required, .immutable], "In which account."),
        Field(
          "principalType", .string, [.required, .immutable], allowed: ["USER", "GROUP"], "Who: a user or a group."),
        Field("principalId", .string, [.required, .immutable], "Who, by the id of the identity store."),
      ]),
      identity: Identity(
        naturalKey: ["permissionSetArn", "targetId", "principalType", "principalId"], uniqueness: .account,
        consistencyWindow: .seconds(30),
        idPath: "{permissionSetArn}/{targetId}/{principalType}/{principalId}"),
      marker: .none, recovery: .naturalKey, scope: .account,
      operations: [
        .list: .needs(
          "sso:ListInstances", "sso:ListPermissionSets", "sso:ListAccountsForProvisionedPermissionSet",
          "sso:ListAccountAssignments", each: 4),
        .read: .needs("sso:ListAccountAssignments", each: 1),
        .create: .needs("sso:CreateAccountAssignment", "sso:DescribeAccountAssignmentCreationStatus"),
        .update: .needs("sso:CreateAccountAssignment"),
        .delete: .needs("sso:DeleteAccountAssignment", "sso:DescribeAccountAssignmentDeletionStatus"),
      ]),
    wire: AccountAssignmentWire())
}
