import GCPClient
import Resources
import Schemas
import Values

extension ResourceType {
  /// https://cloud.google.com/filestore/docs/reference/rest/v1/projects.locations.instances
  static let gcpFilestoreInstance = ResourceType(
    TypeName("gcp/FilestoreInstance"), "A file server for NFS.",
    schema: Schema([
      Field("instanceId", .string, [.required, .immutable], "The name, unique in the location."),
      Field("location", .string, [.required, .immutable], "A zone, or a region for the regional tiers."),
      Field(
        "tier", .string, [.required, .immutable],
        allowed: [
          "BASIC_HDD", "BASIC_SSD", "ZONAL", "REGIONAL", "ENTERPRISE", "HIGH_SCALE_SSD", "STANDARD", "PREMIUM",
        ],
        "How fast and how safe."),
      Field("description", .string, [], "For readers."),
      .labels,
      Field(
        "fileShares",
        .list(
          .object(
            Schema([
              Field("name", .string, [.required, .immutable], "The share's name, as clients mount it."),
              Field("capacityGb", .string, .required, "Its size in GB; `1024` or more for the basic tiers."),
            ])), .keyed(by: "name")), .required, "What clients mount; one share."),
      Field(
        "networks",
        .list(
          .object(
            Schema([
              Field(
                "network", .string, .required, equality: .link, references: "gcp/Network",
                "The network, by its link or name."),
              Field("modes", .list(.string, .unordered), [], "`MODE_IPV4`."),
              Field("reservedIpRange", .string, .optionalComputed, "A /29 of its own, /26 for regional tiers."),
              Field(
                "connectMode", .string, serverDefault: "DIRECT_PEERING",
                allowed: ["DIRECT_PEERING", "PRIVATE_SERVICE_ACCESS", "PRIVATE_SERVICE_CONNECT"],
                "How the network reaches it."),
            ]))), [.required, .immutable], "Where it is reached."),
      Field("kmsKeyName", .string, .immutable, equality: .link, references: "gcp/CryptoKey", "A key of our own."),
      Field("deletionProtectionEnabled", .bool, serverDefault: false, "Whether the service refuses to delete it."),
      Field("state", .string, [.computed, .volatile], "`CREATING`, `READY`, `DELETING` and so on."),
    ]),
    identity: .path("projects/{account}/locations/{location}/instances/{instanceId}", "instanceId", "location"),
    marker: .labels, recovery: .naturalKey, scope: .region, isStateful: true,
    operations: .permissions("file.instances", timeout: .seconds(1_800)))
}

extension GCPType {
  static let filestoreInstance = GCPType(
    .gcpFilestoreInstance,
    .resources(
      .filestore, "projects.locations.instances", id: "instanceId",
      [.pages("projects/{account}/locations/-/instances", "instances", most: 1000)],
      operations: .longRunning, marking: .labels("labels"), guardField: "etag"
    ) {
      $0.lifeCycle.field = "state"
      $0.lifeCycle.pending = ["CREATING", "REPAIRING", "RESTORING", "REVERTING", "PROMOTING", "RESUMING"]
      $0.lifeCycle.failed = ["ERROR"]
      $0.lifeCycle.gone = ["DELETING"]
      $0.lifeCycle.message = "statusMessage"
    })
}
