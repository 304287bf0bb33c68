import Resources
import Schemas

/// People and groups of Identity Center:
/// https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/welcome.html
extension AWSType {
  static let identityStoreUser = ResourceType(
    TypeName("aws/IdentityStoreUser"), "A person, as Identity Center knows them.",
    schema: Schema([
      Field("identityStoreId", .string, [.required, .immutable], "The identity store."),
      Field(
        "userName", .string, [.required, .immutable], equality: .caseInsensitive,
        "The name they log in with, unique in the store."),
      Field("displayName", .string, .required, "For readers."),
      Field(
        "name",
        .object(
          Schema([
            Field("givenName", .string, .required, "The given name."),
            Field("familyName", .string, .required, "The family name."),
          ])), .required, "The name."),
      Field(
        "emails",
        .list(
          .object(
            Schema([
              Field("value", .string, .required, "The address."),
              Field("type", .string, [], "`work`."),
              Field("primary", .bool, [], "Whether it is the one to write to."),
            ])), .unordered), .exclusive, "Addresses."),
    ]),
    identity: Identity(
      naturalKey: ["identityStoreId", "userName"], uniqueness: .account, consistencyWindow: .seconds(30),
      idPrefix: "user-"),
    marker: .none, recovery: .naturalKey, scope: .account, operations: identityStore("User"))

  static let identityStoreGroup = ResourceType(
    TypeName("aws/IdentityStoreGroup"), "A group of people, as Identity Center knows it.",
    schema: Schema([
      Field("identityStoreId", .string, [.required, .immutable], "The identity store."),
      Field("displayName", .string, [.required, .immutable], "The name, unique in the store."),
      Field("description", .string, [], "Who belongs to it."),
    ]),
    identity: Identity(
      naturalKey: ["identityStoreId", "displayName"], uniqueness: .account, consistencyWindow: .seconds(30),
      idPrefix: "group-"),
    marker: .none, recovery: .naturalKey, scope: .account, operations: identityStore("Group"))

  static let identityStoreGroupMembership = ResourceType(
    TypeName("aws/IdentityStoreGroupMembership"), "One person in one group.",
    schema: Schema([
      Field("identityStoreId", .string, [.required, .immutable], "The identity store."),
      Field("groupId", .string, [.required, .immutable], references: "aws/IdentityStoreGroup", "The group."),
      Field("userId", .string, [.required, .immutable], references: "aws/IdentityStoreUser", "The person."),
    ]),
    identity: Identity(
      naturalKey: ["identityStoreId", "groupId", "userId"], uniqueness: .account, consistencyWindow: .seconds(30),
      idPrefix: "membership-"),
    marker: .none, recovery: .naturalKey, scope: .account, operations: identityStore("GroupMembership"))

  private static func identityStore(_ noun: String) -> [Operation: OperationFacts] {
    [
      .list: .needs("identitystore:List\(noun)s"), .read: .needs("identitystore:Describe\(noun)", each: 1),
      .create: .needs("identitystore:Create\(noun)"), .update: .needs("identitystore:Update\(noun)"),
      .delete: .needs("identitystore:Delete\(noun)"),
    ]
  }
}
