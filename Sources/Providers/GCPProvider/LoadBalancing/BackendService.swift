import GCPClient
import Resources
import Schemas
import Values

extension ResourceType {
  /// https://cloud.google.com/compute/docs/reference/rest/v1/backendServices
  static let gcpBackendService = ResourceType(
    TypeName("gcp/BackendService"), "Groups of machines that answer for one service.",
    schema: Schema([
      .name(),
      Field("description", .string, [], "For readers; where the marker stands."),
      Field(
        "protocol", .string, serverDefault: "HTTP", allowed: ["HTTP", "HTTPS", "HTTP2", "TCP", "SSL", "GRPC"],
        "How the machines are spoken to."),
      Field("portName", .string, .optionalComputed, "The port, by the name that groups give it."),
      Field("timeoutSec", .int, serverDefault: 30, "Seconds to wait for an answer."),
      Field(
        "loadBalancingScheme", .string, .immutable, serverDefault: "EXTERNAL",
        allowed: ["EXTERNAL", "EXTERNAL_MANAGED", "INTERNAL_SELF_MANAGED", "INTERNAL_MANAGED"], "For which balancers."),
      Field(
        "healthChecks", .list(.string, .unordered), .exclusive, equality: .link, references: "gcp/HealthCheck",
        "The check, by its link."),
      Field(
        "backends",
        .list(
          .object(
            Schema([
              Field("group", .string, .required, equality: .link, "The group, by its link."),
              Field("balancingMode", .string, .optionalComputed, "`UTILIZATION`, `RATE` or `CONNECTION`."),
              Field("capacityScaler", .double, serverDefault: 1.0, "The share of its capacity that is used."),
              Field("maxUtilization", .double, .optionalComputed, "How busy it may get."),
              Field("maxRatePerEndpoint", .double, .optionalComputed, "Requests a second of each endpoint."),
            ])), .unordered), .exclusive, "The groups."),
      Field(
        "sessionAffinity", .string, serverDefault: "NONE",
        allowed: ["NONE", "CLIENT_IP", "GENERATED_COOKIE", "HTTP_COOKIE", "HEADER_FIELD"], "What keeps a client."),
      Field("enableCDN", .bool, serverDefault: false, "Whether answers are kept close to clients."),
      Field(
        "logConfig",
        .object(
          Schema([
            Field("enable", .bool, serverDefault: false, "Whether requests are logged."),
            Field("sampleRate", .double, .optionalComputed, "The share that is logged."),
          ])), .optionalComputed, "Logs of requests."),
      .selfLink,
    ]),
    identity: .path("projects/{account}/global/backendServices/{name}", "name"), marker: .description, recovery: .token,
    scope: .project,
    operations: .permissions("compute.backendServices", quota: "BACKEND_SERVICES"))
}

extension GCPType {
  static let backendService = GCPType(
    .gcpBackendService,
    .compute(
      "backendServices", [.global("backendServices")], update: .patch, marking: .description, guardField: "fingerprint")
  )
}
