import GCPClient
import ProviderKit
import Resources
import Schemas
import Values

extension ResourceType {
  /// https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alertPolicies
  static let gcpAlertPolicy = ResourceType(
    TypeName("gcp/AlertPolicy"), "When to tell somebody, and whom.",
    schema: Schema([
      Field("displayName", .string, .required, "For readers."),
      Field(
        "combiner", .string, .required, allowed: ["AND", "OR", "AND_WITH_MATCHING_RESOURCE"],
        "Whether one condition is enough."),
      Field("conditions", .list(.object(condition)), .required, "What must be the case."),
      Field("enabled", .bool, serverDefault: true, "Whether it is looked at."),
      Field(
        "notificationChannels", .list(.string, .unordered), .exclusive, references: "gcp/NotificationChannel",
        "Whom to tell, by their ids."),
      Field(
        "documentation",
        .object(
          Schema([
            Field("content", .string, .required, "The text."),
            Field("mimeType", .string, .optionalComputed, "`text/markdown`."),
          ])), [], "What to do then."),
      Field("severity", .string, [], allowed: ["CRITICAL", "ERROR", "WARNING"], "How bad it is."),
      Field("userLabels", .map(.string), [], "Labels by key; keys that nobody wrote here are left alone."),
    ]),
    identity: Identity(uniqueness: .project, consistencyWindow: .seconds(10), idPrefix: "alertPolicies/"),
    marker: .labels, recovery: .markerOnCreate, scope: .project,
    operations: .permissions("monitoring.alertPolicies"))

  private static let condition = Schema([
    Field("name", .string, .computed, "Its id."),
    Field("displayName", .string, .required, "For readers."),
    Field(
      "conditionThreshold",
      .object(
        Schema([
          Field("filter", .string, .required, "Which time series."),
          Field("comparison", .string, .required, allowed: ["COMPARISON_GT", "COMPARISON_LT"], "Above or below."),
          Field("thresholdValue", .double, [], "The value."),
          Field("duration", .string, .required, "For how long: seconds with `s`."),
          Field(
            "aggregations",
            .list(
              .object(
                Schema([
                  Field("alignmentPeriod", .string, .optionalComputed, "Seconds with `s`."),
                  Field("perSeriesAligner", .string, .optionalComputed, "`ALIGN_MEAN` and so on."),
                  Field("crossSeriesReducer", .string, .optionalComputed, "`REDUCE_SUM` and so on."),
                  Field("groupByFields", .list(.string), [], "Labels that stay apart."),
                ]))), [], "How points become one value."),
        ])), [], "A metric above or below a value."),
    Field(
      "conditionMatchedLog", .object(Schema([Field("filter", .string, .required, "Which logs.")])), [],
      "Any log like this."),
    Field(
      "conditionPrometheusQueryLanguage",
      .object(
        Schema([
          Field("query", .string, .required, "The query."),
          Field("duration", .string, .optionalComputed, "For how long: seconds with `s`."),
          Field("evaluationInterval", .string, .optionalComputed, "How often: seconds with `s`."),
        ])), [], "A query that answers."),
  ])
}

extension GCPType {
  static let alertPolicy = GCPType(
    .gcpAlertPolicy,
    .resources(
      .monitoring, "projects.alertPolicies", id: nil,
      [.pages("projects/{account}/alertPolicies", "alertPolicies")], marking: .labels("userLabels")
    ) {
      $0.creation.path = "projects/{account}/alertPolicies"
    })
}
