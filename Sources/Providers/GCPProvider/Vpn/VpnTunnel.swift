import GCPClient
import Resources
import Schemas
import Values

extension ResourceType {
  /// https://cloud.google.com/compute/docs/reference/rest/v1/vpnTunnels
  static let gcpVpnTunnel = ResourceType(
    TypeName("gcp/VpnTunnel"), "A tunnel from an interface of a gateway to another gateway.",
    schema: Schema([
      .name("The name, unique in the project and region."),
      .region,
      Field(
        "vpnGateway", .string, [.required, .immutable], equality: .link, references: "gcp/VpnGateway",
        "Our gateway, by its link."),
      Field("vpnGatewayInterface", .int, [.required, .immutable], "Its interface."),
      Field(
        "peerExternalGateway", .string, .immutable, equality: .link, references: "gcp/ExternalVpnGateway",
        "The other side, by its link."),
      Field("peerExternalGatewayInterface", .int, .immutable, "Its interface."),
      Field(
        "peerGcpGateway", .string, .immutable, equality: .link, references: "gcp/VpnGateway",
        "The other side, where it is of Google Cloud too."),
      Field(
        "router", .string, [.required, .immutable], equality: .link, references: "gcp/Router",
        "The router that speaks BGP through it."),
      Field("ikeVersion", .int, .immutable, serverDefault: 2, "1 or 2."),
      Field("sharedSecret", .string, [.required, .immutable, .sensitive], "The secret that both sides know."),
      Field("description", .string, .immutable, "For readers."),
      .labels,
      Field("peerIp", .string, .computed, "The other side's address."),
      Field("detailedStatus", .string, [.computed, .volatile], "What it is doing."),
      Field("status", .string, [.computed, .volatile], "`ESTABLISHED` and so on."),
      .selfLink,
    ]),
    identity: .path("projects/{account}/regions/{region}/vpnTunnels/{name}", "name", "region"), marker: .labels,
    recovery: .token, scope: .region,
    operations: .permissions("compute.vpnTunnels", quota: "VPN_TUNNELS"))
}

extension GCPType {
  static let vpnTunnel = GCPType(
    .gcpVpnTunnel,
    .compute("vpnTunnels", [.aggregated("vpnTunnels")], update: .none, marking: .labels("labels"), guardField: nil) {
      $0.writers = [.setLabels()]
    })
}
