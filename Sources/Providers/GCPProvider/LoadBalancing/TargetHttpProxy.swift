import GCPClient
import Resources
import Schemas
import Values

extension ResourceType {
  /// https://cloud.google.com/compute/docs/reference/rest/v1/targetHttpProxies
  static let gcpTargetHttpProxy = ResourceType(
    TypeName("gcp/TargetHttpProxy"), "Takes requests of HTTP and asks a map who answers.",
    schema: Schema([
      .name(),
      Field("description", .string, .immutable, "For readers; where the marker stands."),
      Field("urlMap", .string, .required, equality: .link, references: "gcp/UrlMap", "The map, by its link."),
      .selfLink,
    ]),
    identity: .path("projects/{account}/global/targetHttpProxies/{name}", "name"), marker: .createOnlyDescription,
    recovery: .token, scope: .project,
    operations: .permissions("compute.targetHttpProxies", quota: "TARGET_HTTP_PROXIES"))
}

extension GCPType {
  static let targetHttpProxy = GCPType(
    .gcpTargetHttpProxy,
    .compute(
      "targetHttpProxies", [.global("targetHttpProxies")], update: .patch, marking: .createOnlyDescription,
      guardField: "fingerprint"))
}
