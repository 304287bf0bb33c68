import GCPClient
import ProviderKit
import Resources
import Schemas
import Values

extension ResourceType {
  /// https://cloud.google.com/logging/docs/reference/v2/rest/v2/projects.sinks
  static let gcpLogSink = ResourceType(
    TypeName("gcp/LogSink"), "Sends logs of the project somewhere else, under an account of its own.",
    schema: Schema([
      .name("The name, unique in the project."),
      Field(
        "destination", .string, .required,
        "`storage.googleapis.com/BUCKET`, `bigquery.googleapis.com/…`, `pubsub.googleapis.com/…`."),
      Field("filter", .string, [], "Which logs; all where none is written."),
      Field("description", .string, [], "For readers; where the marker stands, since sinks have no labels."),
      Field("disabled", .bool, serverDefault: false, "Whether nothing is sent."),
      Field(
        "exclusions",
        .list(
          .object(
            Schema([
              Field("name", .string, .required, "The name, unique in the sink."),
              Field("filter", .string, .required, "Which logs."),
              Field("description", .string, [], "For readers."),
              Field("disabled", .bool, serverDefault: false, "Whether it does nothing."),
            ])), .keyed(by: "name")), .exclusive, "What is left out."),
      Field("writerIdentity", .string, .computed, "As whom it writes: a member for grants on the destination."),
    ]),
    identity: .path("projects/{account}/sinks/{name}", "name"), marker: .description, recovery: .naturalKey,
    scope: .project, operations: .permissions("logging.sinks"))
}

extension GCPType {
  static let logSink = GCPType(
    .gcpLogSink,
    .resources(
      .logging, "projects.sinks", id: nil, [.pages("projects/{account}/sinks", "sinks")], marking: .description
    ) {
      $0.naming = .path
      $0.bodyFields = ["name"]
      $0.creation.query = [("uniqueWriterIdentity", "true")]
    })
}
