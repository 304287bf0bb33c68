import Resources
import Schemas
import Values

extension AWSType {
  /// https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html
  static let key = AWSType(
    type: ResourceType(
      TypeName("aws/Key"), "A key of the Key Management Service; what it encrypted is lost with it.",
      schema: Schema([
        Field("description", .string, serverDefault: "", "What it is for."),
        Field(
          "keyUsage", .string, .immutable, serverDefault: "ENCRYPT_DECRYPT",
          allowed: ["ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT"], "What it may do."),
        Field("keySpec", .string, .immutable, serverDefault: "SYMMETRIC_DEFAULT", "What sort of key it is."),
        Field(
          "policy", .any, .optionalComputed, equality: .jsonPolicy, "Who may use and who may manage it."),
        Field(
          "enableKeyRotation", .bool, serverDefault: false,
          "Whether it is made anew each year, or each `rotationPeriodInDays`."),
        Field("rotationPeriodInDays", .int, .optionalComputed, "Days, 90 to 2560; 365 where none is written."),
        Field("multiRegion", .bool, .immutable, serverDefault: false, "Whether it can have replicas in other regions."),
        .tags,
        Field("arn", .string, .computed, "The Amazon resource name."),
        Field("keyState", .string, [.computed, .volatile], "`Enabled`, `PendingDeletion` and so on."),
      ]),
      identity: Identity(uniqueness: .region, consistencyWindow: .seconds(30), idPrefix: "key-"), marker: .tags,
      recovery: .markerOnCreate, scope: .region, isStateful: true,
      operations: [
        .list: .needs("kms:ListKeys", "kms:DescribeKey", "kms:ListResourceTags", each: 4),
        .read: .needs(
          "kms:DescribeKey", "kms:ListResourceTags", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", each: 4),
        .create: .needs("kms:CreateKey", "kms:TagResource", "kms:EnableKeyRotation"),
        .update: .needs(
          "kms:UpdateKeyDescription", "kms:PutKeyPolicy", "kms:EnableKeyRotation", "kms:DisableKeyRotation",
          "kms:TagResource", "kms:UntagResource"),
        .delete: .needs("kms:ScheduleKeyDeletion"),
      ]),
    wire: KeyWire())

  /// https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html
  static let alias = AWSType(
    type: ResourceType(
      TypeName("aws/Alias"), "A name for a key.",
      schema: Schema([
        Field(
          "aliasName", .string, [.required, .immutable], "`alias/` and the name, unique in the account and region."),
        Field("targetKeyId", .string, .required, references: "aws/Key", "The key."),
        Field("arn", .string, .computed, "The Amazon resource name."),
      ]),
      identity: Identity(
        naturalKey: ["aliasName"], uniqueness: .region, consistencyWindow: .seconds(30), idField: "aliasName"),
      marker: .none, recovery: .naturalKey, scope: .region,
      operations: [
        .list: .needs("kms:ListAliases"), .read: .needs("kms:ListAliases"), .create: .needs("kms:CreateAlias"),
        .update: .needs("kms:UpdateAlias"), .delete: .needs("kms:DeleteAlias"),
      ]),
    wire: AliasWire())
}
