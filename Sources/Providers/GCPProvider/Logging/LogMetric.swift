import GCPClient
import HTTP
import ProviderKit
import Resources
import Schemas
import Values

extension ResourceType {
  /// https://cloud.google.com/logging/docs/reference/v2/rest/v2/projects.metrics
  static let gcpLogMetric = ResourceType(
    TypeName("gcp/LogMetric"), "A metric that counts logs.",
    schema: Schema([
      .name("The name, unique in the project."),
      Field("filter", .string, .required, "Which logs."),
      Field("description", .string, [], "For readers; where the marker stands, since metrics of logs have no labels."),
      Field("disabled", .bool, serverDefault: false, "Whether nothing is counted."),
      Field("labelExtractors", .map(.string), [], "Labels of the metric, each an expression over a log."),
      Field("valueExtractor", .string, [], "Of a distribution: the value, an expression over a log."),
      Field(
        "metricDescriptor",
        .object(
          Schema([
            Field("metricKind", .string, .optionalComputed, allowed: ["DELTA"], "What its values mean."),
            Field("valueType", .string, .optionalComputed, allowed: ["INT64", "DISTRIBUTION"], "What they are."),
            Field("unit", .string, .optionalComputed, "Their unit."),
            Field("displayName", .string, .optionalComputed, "For readers."),
            Field(
              "labels",
              .list(
                .object(
                  Schema([
                    Field("key", .string, .required, "The label."),
                    Field("valueType", .string, .optionalComputed, "What it holds."),
                    Field("description", .string, [], "For readers."),
                  ])), .keyed(by: "key")), [], "Its labels."),
          ])), .optionalComputed, "What the metric is."),
    ]),
    identity: .path("projects/{account}/metrics/{name}", "name"), marker: .description, recovery: .naturalKey,
    scope: .project, operations: .permissions("logging.logMetrics"))
}

extension GCPType {
  static let logMetric = GCPType(
    .gcpLogMetric,
    .resources(
      .logging, "projects.metrics", id: nil, [.pages("projects/{account}/metrics", "metrics")],
      update: .whole("update", .put), marking: .description
    ) {
      $0.naming = .path
      $0.bodyFields = ["name"]
      $0.setByService = ["createTime", "updateTime", "resourceName", "version"]
    })
}
