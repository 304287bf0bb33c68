import GCPClient
import Resources
import Schemas
import Values

extension ResourceType {
  /// https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.notificationChannels
  static let gcpNotificationChannel = ResourceType(
    TypeName("gcp/NotificationChannel"), "Where alerts are told.",
    schema: Schema([
      Field("type", .string, [.required, .immutable], "`email`, `webhook_tokenauth`, `pubsub` and so on."),
      Field("displayName", .string, [], "For readers."),
      Field("description", .string, [], "For readers."),
      Field("enabled", .bool, serverDefault: true, "Whether anything is told."),
      Field("labels", .map(.string), [], "What the type wants to know, such as `email_address`."),
      Field("userLabels", .map(.string), [], "Labels by key; keys that nobody wrote here are left alone."),
      Field("verificationStatus", .string, [.computed, .volatile], "Whether its owner has agreed."),
    ]),
    identity: Identity(uniqueness: .project, consistencyWindow: .seconds(10), idPrefix: "notificationChannels/"),
    marker: .labels, recovery: .markerOnCreate, scope: .project,
    operations: .permissions("monitoring.notificationChannels"))
}

extension GCPType {
  static let notificationChannel = GCPType(
    .gcpNotificationChannel,
    .resources(
      .monitoring, "projects.notificationChannels", id: nil,
      [.pages("projects/{account}/notificationChannels", "notificationChannels")], marking: .labels("userLabels")
    ) {
      $0.creation.path = "projects/{account}/notificationChannels"
      // Policies let go of it by themselves.
      $0.deletion.query = [("force", "true")]
    })
}
