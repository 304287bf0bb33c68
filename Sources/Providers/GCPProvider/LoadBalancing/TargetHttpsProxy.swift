import GCPClient
import Resources
import Schemas
import Values

extension ResourceType {
  /// https://cloud.google.com/compute/docs/reference/rest/v1/targetHttpsProxies
  static let gcpTargetHttpsProxy = ResourceType(
    TypeName("gcp/TargetHttpsProxy"), "Takes requests of HTTPS and asks a map who answers.",
    schema: Schema([
      .name(),
      Field("description", .string, .immutable, "For readers; where the marker stands."),
      Field("urlMap", .string, .required, equality: .link, references: "gcp/UrlMap", "The map, by its link."),
      Field(
        "sslCertificates", .list(.string), [.required, .exclusive], equality: .link, references: "gcp/SslCertificate",
        "The certificates, by their links."),
      Field("sslPolicy", .string, [], equality: .link, "Which versions and ciphers of TLS."),
      .selfLink,
    ]),
    identity: .path("projects/{account}/global/targetHttpsProxies/{name}", "name"), marker: .createOnlyDescription,
    recovery: .token, scope: .project,
    operations: .permissions("compute.targetHttpsProxies", quota: "TARGET_HTTPS_PROXIES"))
}

extension GCPType {
  static let targetHttpsProxy = GCPType(
    .gcpTargetHttpsProxy,
    .compute(
      "targetHttpsProxies", [.global("targetHttpsProxies")], update: .patch, marking: .createOnlyDescription,
      guardField: "fingerprint"))
}
