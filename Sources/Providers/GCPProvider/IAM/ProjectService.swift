import GCPClient
import Resources
import Schemas
import Values

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
    ], lifespan: .shared)
}

extension GCPType {
  static let projectService = GCPType(
    .gcpProjectService,
    .resources(
      .serviceUsage, "services", id: nil,
      [.pages("projects/{account}/services", "services", query: [("filter", "state:ENABLED")], most: 200)],
      update: .none, operations: .longRunning, marking: .none
    ) {
      $0.creation.verb = "enable"
      $0.creation.suffix = ":enable"
      $0.creation.body = .map([])
      $0.deletion.verb = "disable"
      $0.deletion.suffix = ":disable"
      $0.lifeCycle.field = "state"
      $0.lifeCycle.gone = ["DISABLED", "STATE_UNSPECIFIED"]
    })
}
