import GCPClient
import HTTP
import ProviderKit
import Resources
import Schemas
import Values

extension ResourceType {
  /// https://cloud.google.com/compute/docs/reference/rest/v1/globalForwardingRules
  static let gcpGlobalForwardingRule = ResourceType(
    TypeName("gcp/GlobalForwardingRule"), "An address and ports whose traffic goes to a proxy.",
    schema: Schema([
      .name(),
      Field("description", .string, .immutable, "For readers."),
      Field("target", .string, .required, equality: .link, "The proxy, by its link."),
      Field(
        "ipAddress", .string, [.immutable, .optionalComputed],
        "The address, as `203.0.113.7`; one is chosen where none is written."),
      Field("ipProtocol", .string, [.immutable, .optionalComputed], "`TCP` and so on."),
      Field("portRange", .string, .immutable, "`443-443`."),
      Field(
        "loadBalancingScheme", .string, .immutable, serverDefault: "EXTERNAL",
        allowed: ["EXTERNAL", "EXTERNAL_MANAGED", "INTERNAL_SELF_MANAGED", "INTERNAL_MANAGED"], "For which balancers."),
      .labels,
      .selfLink,
    ]),
    identity: .path("projects/{account}/global/forwardingRules/{name}", "name"), marker: .labels, recovery: .token,
    scope: .project,
    operations: .permissions("compute.globalForwardingRules", quota: "FORWARDING_RULES"))
}

extension GCPType {
  static let globalForwardingRule = GCPType(
    .gcpGlobalForwardingRule,
    .compute(
      "globalForwardingRules", [.global("forwardingRules")], update: .none, marking: .labels("labels"), guardField: nil
    ) {
      $0.names = ["ipAddress": "IPAddress", "ipProtocol": "IPProtocol"]
      $0.writers = [.method("setTarget", "target"), .setLabels()]
    })
}
