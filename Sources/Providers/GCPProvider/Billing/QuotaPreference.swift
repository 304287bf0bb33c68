import GCPClient
import Resources
import Schemas
import Values

extension ResourceType {
  /// https://cloud.google.com/docs/quotas/reference/rest/v1/projects.locations.quotaPreferences
  static let gcpQuotaPreference = ResourceType(
    TypeName("gcp/QuotaPreference"),
    "A wish for another value of a quota; Google may grant less, and later. It is never taken back.",
    schema: Schema([
      Field("quotaPreferenceId", .string, [.required, .immutable], "The name, unique in the project."),
      Field("service", .string, [.required, .immutable], "The service, such as `compute.googleapis.com`."),
      Field("quotaId", .string, [.required, .immutable], "The quota, such as `CPUS-per-project-region`."),
      Field("dimensions", .map(.string), .immutable, "Which part of it: `region`, `gpu_family` and so on."),
      Field(
        "quotaConfig",
        .object(
          Schema([
            Field("preferredValue", .string, .required, "The value that is wished for."),
            Field("grantedValue", .string, [.computed, .volatile], "The value in force."),
          ])), .required, "The wish and what came of it."),
      Field("justification", .string, [], "Why, for those who grant it."),
      Field("contactEmail", .string, .writeOnly, "Whom to ask."),
      Field("reconciling", .bool, [.computed, .volatile], "Whether it is still being looked at."),
    ]),
    identity: .path("projects/{account}/locations/global/quotaPreferences/{quotaPreferenceId}", "quotaPreferenceId"),
    marker: .none, recovery: .naturalKey, scope: .project, operations: .permissions("cloudquotas.quotas"),
    lifespan: .permanent)
}

extension GCPType {
  static let quotaPreference = GCPType(
    .gcpQuotaPreference,
    .resources(
      .cloudQuotas, "projects.locations.quotaPreferences", id: "quotaPreferenceId",
      [.pages("projects/{account}/locations/global/quotaPreferences", "quotaPreferences", most: 100)],
      marking: .none, guardField: "etag"
    ))
}
