import GCPClient
import Resources
import Schemas
import Values

extension ResourceType {
  /// https://cloud.google.com/compute/docs/reference/rest/v1/sslCertificates
  static let gcpSslCertificate = ResourceType(
    TypeName("gcp/SslCertificate"), "A certificate that Google gets and renews.",
    schema: Schema([
      .name(),
      Field("description", .string, .immutable, "For readers; where the marker stands."),
      Field("type", .string, [.required, .immutable], allowed: ["MANAGED"], "Who gets it."),
      Field(
        "managed",
        .object(Schema([Field("domains", .list(.string), .required, "The names it is for, which must lead here.")])),
        [.required, .immutable], "What it is for."),
      .selfLink,
    ]),
    identity: .path("projects/{account}/global/sslCertificates/{name}", "name"), marker: .createOnlyDescription,
    recovery: .token, scope: .project,
    operations: .permissions("compute.sslCertificates", quota: "SSL_CERTIFICATES"))
}

extension GCPType {
  static let sslCertificate = GCPType(
    .gcpSslCertificate,
    .compute(
      "sslCertificates", [.global("sslCertificates")], update: .none, marking: .createOnlyDescription, guardField: nil))
}
