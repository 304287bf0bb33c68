import GCPClient
import Resources
import Schemas
import Values

extension ResourceType {
  /// https://cloud.google.com/compute/docs/reference/rest/v1/instanceTemplates
  static let gcpInstanceTemplate = ResourceType(
    TypeName("gcp/InstanceTemplate"),
    "What machines of a group are made of; another template takes its place when it changes.",
    schema: Schema([
      .name(),
      Field("description", .string, .immutable, "For readers; where the marker stands."),
      Field(
        "properties",
        .object(
          Schema([
            Field("machineType", .string, .required, "The type of machine."),
            Field("labels", .map(.string), [], "Labels of the machines."),
            Field("minCpuPlatform", .string, .optionalComputed, "The oldest processor."),
            Field("canIpForward", .bool, serverDefault: false, "Whether they may send for other addresses."),
            Field("disks", .list(.object(templateDisk)), .required, "Their disks, the first to start from."),
            Field("networkInterfaces", .list(.object(templateInterface)), [], "Where they are connected."),
            Field(
              "serviceAccounts",
              .list(
                .object(
                  Schema([
                    Field("email", .string, .required, "The account's address."),
                    Field("scopes", .list(.string, .unordered), [], "What its tokens are good for."),
                  ]))), [], "As whom they run."),
            Field(
              "tags", .object(Schema([Field("items", .list(.string, .unordered), [], "The tags.")])), .optionalComputed,
              "Tags that firewalls know."),
            Field(
              "metadata",
              .object(
                Schema([
                  Field(
                    "items",
                    .list(
                      .object(
                        Schema([
                          Field("key", .string, .required, "The key."), Field("value", .string, [], "The text."),
                        ])), .keyed(by: "key")), [], "Texts by key.")
                ])), .optionalComputed, "Texts that machines can read, such as `startup-script`."),
            Field(
              "guestAccelerators",
              .list(
                .object(
                  Schema([
                    Field("acceleratorType", .string, .required, equality: .link, "The type, by name."),
                    Field("acceleratorCount", .int, .required, "How many."),
                  ]))), [], "Accelerators."),
            Field(
              "scheduling",
              .object(
                Schema([
                  Field("preemptible", .bool, serverDefault: false, "Whether they may be taken away."),
                  Field("provisioningModel", .string, .optionalComputed, "`STANDARD` or `SPOT`."),
                  Field("onHostMaintenance", .string, .optionalComputed, "`MIGRATE` or `TERMINATE`."),
                  Field("automaticRestart", .bool, .optionalComputed, "Whether they are started again."),
                ])), .optionalComputed, "What becomes of them."),
          ])), [.required, .immutable], "What each machine is."),
      .selfLink,
    ]),
    identity: .path("projects/{account}/global/instanceTemplates/{name}", "name"), marker: .createOnlyDescription,
    recovery: .token, scope: .project,
    operations: .permissions("compute.instanceTemplates", quota: "INSTANCE_TEMPLATES"))
}

extension GCPType {
  static let instanceTemplate = GCPType(
    .gcpInstanceTemplate,
    .compute(
      "instanceTemplates", [.global("instanceTemplates")], update: .none, marking: .createOnlyDescription,
      guardField: nil))
}

private let templateDisk = Schema([
  Field("boot", .bool, serverDefault: false, "Whether the machine starts from it."),
  Field("autoDelete", .bool, serverDefault: false, "Whether it goes with the machine."),
  Field("type", .string, .optionalComputed, "`PERSISTENT` or `SCRATCH`."),
  Field("source", .string, [], equality: .link, "A disk that stands."),
  Field(
    "initializeParams",
    .object(
      Schema([
        Field("sourceImage", .string, [], equality: .link, "The image."),
        Field("diskSizeGb", .string, .optionalComputed, "The size."),
        Field("diskType", .string, .optionalComputed, "`pd-balanced` and so on."),
      ])), [], "Of a new disk: what it is made of."),
])

private let templateInterface = Schema([
  Field("network", .string, .optionalComputed, equality: .link, references: "gcp/Network", "The network, by its link."),
  Field(
    "subnetwork", .string, .optionalComputed, equality: .link, references: "gcp/Subnetwork",
    "The subnetwork, by its link."),
  Field(
    "accessConfigs",
    .list(
      .object(
        Schema([
          Field("name", .string, .optionalComputed, "The name."),
          Field("type", .string, .optionalComputed, "`ONE_TO_ONE_NAT`."),
        ]))), [], "Public addresses."),
])
