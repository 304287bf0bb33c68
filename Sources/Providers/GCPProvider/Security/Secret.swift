import GCPClient
import Resources
import Schemas

extension ResourceType {
  /// https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets
  static let gcpSecret = ResourceType(
    TypeName("gcp/Secret"), "A secret; its values are versions.",
    schema: Schema([
      Field("secretId", .string, [.required, .immutable], "The name, unique in the project."),
      Field(
        "replication", .any, [.immutable, .optionalComputed],
        "`{automatic: {}}`, or the locations: `{userManaged: {replicas: [{location: europe-west6}]}}`."),
      .labels,
      Field("payload", .string, .sensitive, "The value of the newest version."),
      Field("createTime", .string, .computed, "When it was made."),
    ]),
    identity: .path("projects/{account}/secrets/{secretId}", "secretId"), marker: .labels, recovery: .naturalKey,
    scope: .project, isStateful: true,
    operations: .permissions("secretmanager.secrets", also: "secretmanager.versions.add"))
}

extension GCPType {
  static let secret = GCPType(
    .gcpSecret,
    .resources(
      .secretManager, "projects.secrets", id: "secretId",
      [.pages("projects/{account}/secrets", "secrets", most: 1000)], marking: .labels("labels"), guardField: "etag"
    ) {
      $0.writers = [.secretVersion]
    })
}
