import Resources
import Schemas
import Values

extension ResourceType {
  /// https://cloud.google.com/compute/docs/reference/rest/v1/addresses
  static let gcpAddress = ResourceType(
    TypeName("gcp/Address"), "A reserved address of a region.",
    schema: Schema([
      .name("The name, unique in the project and region."),
      .region,
      Field("address", .string, [.immutable, .optionalComputed], "The address; one is chosen where none is written."),
      Field(
        "addressType", .string, .immutable, serverDefault: "EXTERNAL", allowed: ["EXTERNAL", "INTERNAL"],
        "Whether it is reached from the internet."),
      Field(
        "networkTier", .string, .immutable, serverDefault: "PREMIUM", allowed: ["PREMIUM", "STANDARD"], "The way to it."
      ),
      Field(
        "subnetwork", .string, .immutable, equality: .link, references: "gcp/Subnetwork",
        "Of an internal address: where it is taken from."),
      Field(
        "purpose", .string, [.immutable, .optionalComputed],
        "Of an internal address: what it is for, such as `GCE_ENDPOINT`."),
      Field("description", .string, .immutable, "For readers."),
      .labels,
      Field("status", .string, [.computed, .volatile], "`RESERVED` or `IN_USE`."),
      .selfLink,
    ]),
    identity: .path("projects/{account}/regions/{region}/addresses/{name}", "name", "region"), marker: .labels,
    recovery: .token, scope: .region, operations: .permissions("compute.addresses", quota: "STATIC_ADDRESSES"))
}

extension GCPType {
  static let address = GCPType(
    .gcpAddress,
    .compute(
      "addresses", [.aggregated("addresses")], update: .none, marking: .labels("labels"), guardField: nil
    ) {
      $0.writers = [.setLabels()]
    })
}
