import GCPClient
import Resources
import Schemas
import Values

extension ResourceType {
  /// https://cloud.google.com/compute/docs/reference/rest/v1/externalVpnGateways
  static let gcpExternalVpnGateway = ResourceType(
    TypeName("gcp/ExternalVpnGateway"), "The other side of tunnels, as it is known here.",
    schema: Schema([
      .name(),
      Field("description", .string, .immutable, "For readers."),
      Field(
        "redundancyType", .string, [.required, .immutable],
        allowed: ["SINGLE_IP_INTERNALLY_REDUNDANT", "TWO_IPS_REDUNDANCY", "FOUR_IPS_REDUNDANCY"],
        "How many addresses it has."),
      Field(
        "interfaces",
        .list(
          .object(
            Schema([
              Field("id", .int, .required, "Its number, from 0."),
              Field("ipAddress", .string, .required, "Its address."),
            ]))), [.required, .immutable], "Its interfaces."),
      .labels,
      .selfLink,
    ]),
    identity: .path("projects/{account}/global/externalVpnGateways/{name}", "name"), marker: .labels, recovery: .token,
    scope: .project,
    operations: .permissions("compute.externalVpnGateways", quota: "EXTERNAL_VPN_GATEWAYS"))
}

extension GCPType {
  static let externalVpnGateway = GCPType(
    .gcpExternalVpnGateway,
    .compute(
      "externalVpnGateways", [.global("externalVpnGateways")], update: .none, marking: .labels("labels"),
      guardField: nil
    ) {
      $0.writers = [.setLabels()]
    })
}
