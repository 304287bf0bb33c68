import Resources
import Schemas
import Values

extension ResourceType {
  /// https://cloud.google.com/compute/docs/reference/rest/v1/subnetworks
  static let gcpSubnetwork = ResourceType(
    TypeName("gcp/Subnetwork"), "A regional range of a network's addresses.",
    schema: Schema([
      .name("The name, unique in the project and region."),
      .region,
      .network,
      Field(
        "ipCidrRange", .string, [.required, .immutable, .widens], equality: .cidr,
        "The primary IPv4 block, /29 or larger; four of its addresses are Google's. It can grow where it is."),
      Field(
        "description", .string, .immutable, "For readers; where the marker stands, since subnetworks have no labels."),
      Field(
        "privateIpGoogleAccess", .bool, serverDefault: false,
        "Whether Google's APIs are reached without a public address."),
      Field(
        "purpose", .string, .immutable, serverDefault: "PRIVATE",
        allowed: [
          "PRIVATE", "REGIONAL_MANAGED_PROXY", "GLOBAL_MANAGED_PROXY", "PRIVATE_SERVICE_CONNECT", "PRIVATE_NAT",
        ],
        "What its addresses are for; load balancers need a `REGIONAL_MANAGED_PROXY`."),
      Field(
        "role", .string, allowed: ["ACTIVE", "BACKUP"], "Of a proxy-only subnetwork: the one in use, or its stand-in."),
      Field(
        "secondaryIpRanges",
        .list(
          .object(
            Schema([
              Field("rangeName", .string, .required, "The name, unique in the subnetwork."),
              Field("ipCidrRange", .string, .required, equality: .cidr, "The block."),
            ])), .keyed(by: "rangeName")), .exclusive, "Further blocks, for pods and services."),
      Field(
        "logConfig",
        .object(
          Schema([
            Field("enable", .bool, serverDefault: false, "Whether flows are logged."),
            Field(
              "aggregationInterval", .string, serverDefault: "INTERVAL_5_SEC",
              allowed: [
                "INTERVAL_5_SEC", "INTERVAL_30_SEC", "INTERVAL_1_MIN", "INTERVAL_5_MIN", "INTERVAL_10_MIN",
                "INTERVAL_15_MIN",
              ], "How long packets of one connection are counted together."),
            Field("flowSampling", .double, serverDefault: 0.5, "The share of flows that is logged, 0 to 1."),
            Field(
              "metadata", .string, serverDefault: "EXCLUDE_ALL_METADATA",
              allowed: ["EXCLUDE_ALL_METADATA", "INCLUDE_ALL_METADATA", "CUSTOM_METADATA"],
              "What is logged beside addresses and ports."),
          ])), .optionalComputed, "Flow logs."),
      Field("gatewayAddress", .string, .computed, "The address of the default gateway."),
      Field("fingerprint", .string, [.computed, .volatile], "Guards concurrent changes."),
      .selfLink,
    ]),
    identity: .path("projects/{account}/regions/{region}/subnetworks/{name}", "name", "region"),
    marker: .createOnlyDescription, recovery: .token, scope: .region,
    operations: .permissions(
      "compute.subnetworks", quota: "SUBNETWORKS", also: "compute.networks.updatePolicy",
      "compute.subnetworks.expandIpCidrRange"))
}

extension GCPType {
  static let subnetwork = GCPType(
    .gcpSubnetwork,
    .compute("subnetworks", [.aggregated("subnetworks")], update: .patch, marking: .createOnlyDescription) {
      $0.writers = [
        .method("setPrivateIpGoogleAccess", "privateIpGoogleAccess"), .method("expandIpCidrRange", "ipCidrRange"),
      ]
    })
}
