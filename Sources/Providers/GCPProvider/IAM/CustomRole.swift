import GCPClient
import Resources
import Schemas
import Values

extension ResourceType {
  /// https://cloud.google.com/iam/docs/reference/rest/v1/projects.roles
  static let gcpCustomRole = ResourceType(
    TypeName("gcp/CustomRole"),
    "A role of the project's own: a set of permissions. Its id stays taken for 30 days after.",
    schema: Schema([
      Field(
        "roleId", .string, [.required, .immutable], "The name, unique in the project: letters, digits, `_` and `.`."),
      Field("title", .string, [], "For readers, at most 100 bytes."),
      Field("description", .string, [], "For readers; where the marker stands, since roles have no labels."),
      Field("includedPermissions", .list(.string, .unordered), .exclusive, "What it permits."),
      Field(
        "stage", .string, serverDefault: "ALPHA", allowed: ["ALPHA", "BETA", "GA", "DEPRECATED", "DISABLED", "EAP"],
        "How far it may be relied on; a disabled role grants nothing."),
    ]),
    identity: .path("projects/{account}/roles/{roleId}", "roleId"), marker: .description, recovery: .naturalKey,
    scope: .project, operations: .permissions("iam.roles"))
}

extension GCPType {
  static let customRole = GCPType(
    .gcpCustomRole,
    .resources(
      .iam, "projects.roles", id: nil,
      [.pages("projects/{account}/roles", "roles", query: [("view", "FULL")], most: 300)],
      marking: .description, guardField: "etag"
    ) {
      $0.creation.wrap = "role"
      $0.creation.beside = ["roleId"]
      $0.creation.revive = RESTWire.undelete
      $0.lifeCycle.field = "deleted"
      $0.lifeCycle.gone = ["true"]
    })
}
