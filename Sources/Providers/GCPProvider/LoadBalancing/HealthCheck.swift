import GCPClient
import Resources
import Schemas
import Values

extension ResourceType {
  /// https://cloud.google.com/compute/docs/reference/rest/v1/healthChecks
  static let gcpHealthCheck = ResourceType(
    TypeName("gcp/HealthCheck"), "How it is found out whether machines answer.",
    schema: Schema([
      .name(),
      Field("description", .string, [], "For readers; where the marker stands."),
      Field("type", .string, .required, allowed: ["TCP", "SSL", "HTTP", "HTTPS", "HTTP2", "GRPC"], "What is asked."),
      Field("checkIntervalSec", .int, serverDefault: 5, "Seconds between questions."),
      Field("timeoutSec", .int, serverDefault: 5, "Seconds to wait for an answer."),
      Field("healthyThreshold", .int, serverDefault: 2, "Answers in a row that make a machine healthy."),
      Field("unhealthyThreshold", .int, serverDefault: 2, "Failures in a row that make it unhealthy."),
      Field("httpHealthCheck", .object(webCheck), [], "Of `HTTP`: where."),
      Field("httpsHealthCheck", .object(webCheck), [], "Of `HTTPS`: where."),
      Field("tcpHealthCheck", .object(portCheck), [], "Of `TCP`: where."),
      .selfLink,
    ]),
    identity: .path("projects/{account}/global/healthChecks/{name}", "name"), marker: .description, recovery: .token,
    scope: .project,
    operations: .permissions("compute.healthChecks", quota: "HEALTH_CHECKS"))
}

extension GCPType {
  static let healthCheck = GCPType(
    .gcpHealthCheck,
    .compute("healthChecks", [.global("healthChecks")], update: .patch, marking: .description, guardField: nil))
}

private let portCheck = Schema([
  Field("port", .int, .optionalComputed, "The port."),
  Field("portName", .string, [], "The port, by the name that groups give it."),
  Field("portSpecification", .string, .optionalComputed, "`USE_FIXED_PORT`, `USE_NAMED_PORT` or `USE_SERVING_PORT`."),
])

private let webCheck = Schema(
  portCheck.fields + [
    Field("requestPath", .string, .optionalComputed, "The path."),
    Field("host", .string, [], "The host that is asked for."),
  ])
