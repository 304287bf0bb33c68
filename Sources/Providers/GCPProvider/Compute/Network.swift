import Resources
import Schemas
import Values

extension ResourceType {
  /// https://cloud.google.com/compute/docs/reference/rest/v1/networks
  static let gcpNetwork = ResourceType(
    TypeName("gcp/Network"), "A global network; its address ranges are those of its subnetworks.",
    schema: Schema([
      .name(),
      Field("description", .string, .immutable, "For readers; where the marker stands, since networks have no labels."),
      Field(
        "autoCreateSubnetworks", .bool, .immutable, serverDefault: true,
        "Whether Google makes a subnetwork in every region."),
      Field("mtu", .int, serverDefault: 1460, "Bytes of the largest packet, 1300 to 8896."),
      Field(
        "routingConfig",
        .object(
          Schema([
            Field(
              "routingMode", .string, serverDefault: "REGIONAL", allowed: ["REGIONAL", "GLOBAL"],
              "Whether routers learn routes of their region or of all.")
          ])), .optionalComputed, "How routes spread."),
      Field(
        "networkFirewallPolicyEnforcementOrder", .string, serverDefault: "AFTER_CLASSIC_FIREWALL",
        allowed: ["AFTER_CLASSIC_FIREWALL", "BEFORE_CLASSIC_FIREWALL"],
        "Whether firewall policies are asked before or after classic rules."),
      .selfLink,
    ]),
    identity: .path("projects/{account}/global/networks/{name}", "name"), marker: .createOnlyDescription,
    recovery: .token, scope: .project, operations: .permissions("compute.networks", quota: "NETWORKS"))
}

extension GCPType {
  static let network = GCPType(
    .gcpNetwork,
    .compute("networks", [.global("networks")], update: .patch, marking: .createOnlyDescription, guardField: nil) {
      $0.creation.standards = ["autoCreateSubnetworks": true]
    })
}
