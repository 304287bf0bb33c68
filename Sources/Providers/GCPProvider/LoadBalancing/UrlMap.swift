import GCPClient
import Resources
import Schemas
import Values

extension ResourceType {
  /// https://cloud.google.com/compute/docs/reference/rest/v1/urlMaps
  static let gcpUrlMap = ResourceType(
    TypeName("gcp/UrlMap"), "Which service answers which hosts and paths.",
    schema: Schema([
      .name(),
      Field("description", .string, [], "For readers; where the marker stands."),
      Field(
        "defaultService", .string, .required, equality: .link, references: "gcp/BackendService",
        "Who answers where nothing else fits."),
      Field(
        "hostRules",
        .list(
          .object(
            Schema([
              Field("hosts", .list(.string, .unordered), .required, "The hosts."),
              Field("pathMatcher", .string, .required, "The matcher, by name."),
            ])), .unordered), .exclusive, "Matchers by host."),
      Field(
        "pathMatchers",
        .list(
          .object(
            Schema([
              Field("name", .string, .required, "The name, unique in the map."),
              Field(
                "defaultService", .string, .required, equality: .link, references: "gcp/BackendService",
                "Who answers where no path fits."),
              Field(
                "pathRules",
                .list(
                  .object(
                    Schema([
                      Field("paths", .list(.string, .unordered), .required, "The paths."),
                      Field(
                        "service", .string, .required, equality: .link, references: "gcp/BackendService",
                        "Who answers."),
                    ])), .unordered), [], "Services by path."),
            ])), .keyed(by: "name")), .exclusive, "Services by path."),
      .selfLink,
    ]),
    identity: .path("projects/{account}/global/urlMaps/{name}", "name"), marker: .description, recovery: .token,
    scope: .project,
    operations: .permissions("compute.urlMaps", quota: "URL_MAPS"))
}

extension GCPType {
  static let urlMap = GCPType(
    .gcpUrlMap,
    .compute("urlMaps", [.global("urlMaps")], update: .patch, marking: .description, guardField: "fingerprint"))
}
