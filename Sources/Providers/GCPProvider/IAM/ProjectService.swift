import Resources
import Schemas

extension ResourceType {
  /// https://cloud.google.com/service-usage/docs/reference/rest/v1/services
  static let gcpProjectService = ResourceType(
    TypeName("gcp/ProjectService"), "A service of Google that the project may use.",
    schema: Schema([
      .name("The service, such as `compute.googleapis.com`."),
      Field("state", .string, [.computed, .volatile], "`ENABLED` or `DISABLED`."),
    ]),
    identity: .path("projects/{account}/services/{name}", "name"), marker: .none, recovery: .naturalKey,
    scope: .project,
    operations: [
      .list: OperationFacts(permissions: ["serviceusage.services.list"]),
      .read: OperationFacts(permissions: ["serviceusage.services.get"]),
      .create: OperationFacts(permissions: ["serviceusage.services.enable"]),
      .update: OperationFacts(permissions: ["serviceusage.services.enable"]),
      .delete: OperationFacts(permissions: ["serviceusage.services.disable"]),
    ])
}
