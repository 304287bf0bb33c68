import GCPClient
import Resources
import Schemas
import Values

extension ResourceType {
  /// https://cloud.google.com/compute/docs/reference/rest/v1/globalAddresses
  static let gcpGlobalAddress = ResourceType(
    TypeName("gcp/GlobalAddress"), "A reserved address that is global, or a block for the services of others.",
    schema: Schema([
      .name(),
      Field("address", .string, [.immutable, .optionalComputed], "The address; one is chosen where none is written."),
      Field(
        "addressType", .string, .immutable, serverDefault: "EXTERNAL", allowed: ["EXTERNAL", "INTERNAL"],
        "Whether it is reached from the internet."),
      Field("ipVersion", .string, [.immutable, .optionalComputed], allowed: ["IPV4", "IPV6"], "Which version."),
      Field("prefixLength", .int, .immutable, "Of an internal block: its length."),
      Field(
        "purpose", .string, [.immutable, .optionalComputed],
        "Of an internal block: what it is for, such as `VPC_PEERING`."),
      Field(
        "network", .string, .immutable, equality: .link, references: "gcp/Network",
        "Of an internal block: the network, by its link."),
      Field("description", .string, .immutable, "For readers."),
      .labels,
      Field("status", .string, [.computed, .volatile], "`RESERVED` or `IN_USE`."),
      .selfLink,
    ]),
    identity: .path("projects/{account}/global/addresses/{name}", "name"), marker: .labels, recovery: .token,
    scope: .project,
    operations: .permissions("compute.globalAddresses", quota: "STATIC_ADDRESSES"))
}

extension GCPType {
  static let globalAddress = GCPType(
    .gcpGlobalAddress,
    .compute("globalAddresses", [.global("addresses")], update: .none, marking: .labels("labels"), guardField: nil) {
      $0.writers = [.setLabels()]
    })
}
