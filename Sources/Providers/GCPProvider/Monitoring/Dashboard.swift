import GCPClient
import HTTP
import Resources
import Schemas
import Values

extension ResourceType {
  /// https://cloud.google.com/monitoring/api/ref_v3/rest/v1/projects.dashboards
  ///
  /// The service writes more into a layout than it was given, so that a layout is compared with what was last applied.
  static let gcpDashboard = ResourceType(
    TypeName("gcp/Dashboard"), "A page of charts.",
    schema: Schema([
      Field("displayName", .string, .required, "Its title."),
      Field("gridLayout", .any, .writeOnly, "Charts in a grid: `{columns: …, widgets: […]}`."),
      Field("mosaicLayout", .any, .writeOnly, "Charts of any size: `{columns: …, tiles: […]}`."),
      Field("rowLayout", .any, .writeOnly, "Charts in rows."),
      Field("columnLayout", .any, .writeOnly, "Charts in columns."),
      .labels,
    ]),
    identity: Identity(uniqueness: .project, consistencyWindow: .seconds(10), idPrefix: "dashboards/"),
    marker: .labels, recovery: .markerOnCreate, scope: .project, operations: .permissions("monitoring.dashboards"))
}

extension GCPType {
  static let dashboard = GCPType(
    .gcpDashboard,
    .resources(
      .dashboards, "projects.dashboards", id: nil, [.pages("projects/{account}/dashboards", "dashboards")],
      update: .whole("patch", .patch), marking: .labels("labels")
    ) {
      $0.creation.path = "projects/{account}/dashboards"
    })
}
