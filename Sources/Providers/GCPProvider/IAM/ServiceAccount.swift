import GCPClient
import Resources
import Schemas

extension ResourceType {
  /// https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts
  static let gcpServiceAccount = ResourceType(
    TypeName("gcp/ServiceAccount"), "An identity of programs.",
    schema: Schema([
      Field(
        "accountId", .string, [.required, .immutable],
        "The part of its address before `@`: 6 to 30 lower-case letters, digits and `-`."),
      Field("displayName", .string, [], "For readers, at most 100 bytes."),
      Field("description", .string, [], "For readers; where the marker stands, since accounts have no labels."),
      Field("email", .string, .computed, "Its address, by which grants name it."),
      Field("uniqueId", .string, .computed, "A number that is never used again."),
    ]),
    identity: Identity(
      naturalKey: ["accountId"], uniqueness: .project, consistencyWindow: .seconds(60),
      idPath: "projects/{account}/serviceAccounts/{accountId}@{account}.iam.gserviceaccount.com"),
    marker: .description, recovery: .naturalKey, scope: .project, operations: .permissions("iam.serviceAccounts"))
}

extension GCPType {
  static let serviceAccount = GCPType(
    .gcpServiceAccount,
    .resources(
      .iam, "projects.serviceAccounts", id: nil,
      [.pages("projects/{account}/serviceAccounts", "accounts", most: 100)],
      update: .wrappedMask("serviceAccount"), marking: .description
    ) {
      $0.creation.wrap = "serviceAccount"
      $0.creation.beside = ["accountId"]
    })
}
