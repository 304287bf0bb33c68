import Resources
import Schemas

/// People and groups of Identity Center:
/// https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/welcome.html
extension AWSType {
  static let identityStoreUser = AWSType(
    type: ResourceType(
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
      marker: .none, recovery: .naturalKey, scope: .account, operations: identityStore("User")),
    wire: IdentityStoreUserWire())

  static let identityStoreGroup = AWSType(
    type: ResourceType(
      TypeName("aws/IdentityStoreGroup"), "A group of people, as Identity Center knows it.",
      schema: Schema([
        Field("identityStoreId", .string, [.required, .immutable], "The identity store."),
        Field("displayName", .string, [.required, .immutable], "The name, unique in the store."),
        Field("description", .string, [], "Who belongs to it."),
      ]),
      identity: Identity(
        naturalKey: ["identityStoreId", "displayName"], uniqueness: .account, consistencyWindow: .seconds(30),
        idPrefix: "group-"),
      marker: .none, recovery: .naturalKey, scope: .account, operations: identityStore("Group")),
    wire: IdentityStoreGroupWire())

  static let identityStoreGroupMembership = AWSType(
    type: ResourceType(
      TypeName("aws/IdentityStoreGroupMembership"), "One person in one group.",
      schema: Schema([
        Field("identityStoreId", .string, [.required, .immutable], "The identity store."),
        Field("groupId", .string, [.required, .immutable], references: "aws/IdentityStoreGroup", "The group."),
        Field("userId", .string, [.required, .immutable], references: "aws/IdentityStoreUser", "The person."),
      ]),
      identity: Identity(
        naturalKey: ["identityStoreId", "groupId", "userId"], uniqueness: .account, consistencyWindow: .seconds(30),
        idPrefix: "membership-"),
      marker: .none, recovery: .naturalKey, scope: .account,
      operations: identityStore("GroupMembership", lists: ["identitystore:ListGroups"])),
    wire: IdentityStoreGroupMembershipWire())

  /// Objects are looked for in the stores of the instances that the account sees.
  private static func identityStore(_ noun: String, lists: [String] = []) -> [Operation: OperationFacts] {
    let reads = ["sso:ListInstances", "identitystore:Describe\(noun)"]
    let changes = noun == "GroupMembership" ? "Create" : "Update"
    return [
      .list: OperationFacts(
        permissions: ["sso:ListInstances", "identitystore:List\(noun)s"] + lists, requestsPerObject: 1),
      .read: OperationFacts(permissions: reads + ["identitystore:Get\(noun)Id"], requestsPerObject: 2),
      .create: .needs("identitystore:Create\(noun)"), .update: .needs("identitystore:\(changes)\(noun)"),
      .delete: .needs("identitystore:Delete\(noun)"),
    ]
  }
}
