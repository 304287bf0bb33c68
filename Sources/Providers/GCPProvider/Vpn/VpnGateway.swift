import GCPClient
import Resources
import Schemas
import Values

extension ResourceType {
  /// https://cloud.google.com/compute/docs/reference/rest/v1/vpnGateways
  static let gcpVpnGateway = ResourceType(
    TypeName("gcp/VpnGateway"), "A gateway for tunnels with two interfaces, each with an address.",
    schema: Schema([
      .name("The name, unique in the project and region."),
      .region,
      .network,
      Field("description", .string, .immutable, "For readers."),
      Field(
        "stackType", .string, .immutable, serverDefault: "IPV4_ONLY",
        allowed: ["IPV4_ONLY", "IPV4_IPV6", "IPV6_ONLY"], "Which versions of IP go through."),
      .labels,
      Field(
        "vpnInterfaces",
        .list(
          .object(
            Schema([
              Field("id", .int, .computed, "0 or 1."), Field("ipAddress", .string, .computed, "The address."),
            ]))), .computed, "Its two interfaces."),
      .selfLink,
    ]),
    identity: .path("projects/{account}/regions/{region}/vpnGateways/{name}", "name", "region"), marker: .labels,
    recovery: .token, scope: .region,
    operations: .permissions("compute.vpnGateways", quota: "VPN_GATEWAYS"))
}

extension GCPType {
  static let vpnGateway = GCPType(
    .gcpVpnGateway,
    .compute("vpnGateways", [.aggregated("vpnGateways")], update: .none, marking: .labels("labels"), guardField: nil) {
      $0.writers = [.setLabels()]
    })
}
