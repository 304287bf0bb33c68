import Resources
import Schemas
import Values

extension ResourceType {
  /// https://cloud.google.com/compute/docs/reference/rest/v1/routers
  static let gcpRouter = ResourceType(
    TypeName("gcp/Router"), "A regional router: speaks BGP to other networks and holds NAT gateways.",
    schema: Schema([
      .name("The name, unique in the project and region."),
      .region,
      .network,
      Field("description", .string, [], "For readers; where the marker stands, since routers have no labels."),
      Field(
        "bgp",
        .object(
          Schema([
            Field("asn", .int, .required, "The number of its own autonomous system."),
            Field(
              "advertiseMode", .string, serverDefault: "DEFAULT", allowed: ["DEFAULT", "CUSTOM"],
              "Whether the subnetworks are advertised or a list of our own."),
            Field(
              "advertisedGroups", .list(.string, .unordered), [], "Of a custom list: groups such as `ALL_SUBNETS`."),
            Field(
              "keepaliveInterval", .int, serverDefault: 20, "Seconds between keep-alive messages, 20 to 60."),
          ])), [], "What it says of itself to its neighbours."),
      Field(
        "nats", .list(.object(nat), .keyed(by: "name")), .exclusive, "Gateways to the internet for private addresses."),
      .selfLink,
    ]),
    identity: .path("projects/{account}/regions/{region}/routers/{name}", "name", "region"), marker: .description,
    recovery: .token, scope: .region,
    operations: .permissions("compute.routers", quota: "ROUTERS", also: "compute.networks.updatePolicy"))

  private static let nat = Schema([
    Field("name", .string, .required, "The name, unique in the router."),
    Field(
      "natIpAllocateOption", .string, .required, allowed: ["AUTO_ONLY", "MANUAL_ONLY"],
      "Whether Google takes addresses as it needs them, or those of `natIps` alone."),
    Field(
      "natIps", .list(.string, .unordered), equality: .link, references: "gcp/Address",
      "Addresses of our own, by their links."),
    Field(
      "sourceSubnetworkIpRangesToNat", .string, .required,
      allowed: ["ALL_SUBNETWORKS_ALL_IP_RANGES", "ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES", "LIST_OF_SUBNETWORKS"],
      "Who may go out."),
    Field(
      "subnetworks",
      .list(
        .object(
          Schema([
            Field(
              "name", .string, .required, equality: .link, references: "gcp/Subnetwork",
              "The subnetwork, by its link."),
            Field("sourceIpRangesToNat", .list(.string, .unordered), [], "`ALL_IP_RANGES`, or which of them."),
          ])), .keyed(by: "name")), [], "Who may go out, of a list of subnetworks."),
    Field("minPortsPerVm", .int, serverDefault: 64, "Ports that each machine is sure of."),
    Field("enableEndpointIndependentMapping", .bool, serverDefault: false, "Whether one port serves all destinations."),
    Field(
      "logConfig",
      .object(
        Schema([
          Field("enable", .bool, serverDefault: false, "Whether translations are logged."),
          Field(
            "filter", .string, serverDefault: "ALL", allowed: ["ALL", "ERRORS_ONLY", "TRANSLATIONS_ONLY"],
            "Which of them."),
        ])), .optionalComputed, "Logs of translations."),
  ])
}

extension GCPType {
  static let router = GCPType(
    .gcpRouter,
    .compute("routers", [.aggregated("routers")], update: .patch, marking: .description, guardField: nil))
}
