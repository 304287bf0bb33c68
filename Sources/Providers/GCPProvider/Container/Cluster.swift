import GCPClient
import ProviderKit
import Resources
import Schemas
import Values

extension ResourceType {
  /// https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters
  static let gcpCluster = ResourceType(
    TypeName("gcp/Cluster"), "A cluster of Kubernetes; its groups of machines are node pools.",
    schema: Schema([
      .name("The name, unique in the project and location."),
      Field("location", .string, [.required, .immutable], "A region, or a zone."),
      Field("description", .string, .immutable, "For readers."),
      Field(
        "network", .string, [.immutable, .optionalComputed], equality: .link, references: "gcp/Network",
        "The network, by its link."),
      Field(
        "subnetwork", .string, [.immutable, .optionalComputed], equality: .link, references: "gcp/Subnetwork",
        "The subnetwork, by its link."),
      Field(
        "initialNodeCount", .int, [.immutable, .optionalComputed],
        "Machines of the first pool in each zone; pools of our own come beside it."),
      Field(
        "autopilot", .object(Schema([Field("enabled", .bool, serverDefault: false, "Whether it is on.")])),
        [.immutable, .optionalComputed], "Whether Google runs the machines."),
      Field(
        "ipAllocationPolicy",
        .object(
          Schema([
            Field("useIpAliases", .bool, .optionalComputed, "Whether pods have addresses of the network."),
            Field("clusterSecondaryRangeName", .string, .optionalComputed, "The subnetwork's block for pods."),
            Field("servicesSecondaryRangeName", .string, .optionalComputed, "The subnetwork's block for services."),
          ])), [.immutable, .optionalComputed], "Where addresses come from."),
      Field(
        "privateClusterConfig",
        .object(
          Schema([
            Field("enablePrivateNodes", .bool, serverDefault: false, "Whether machines have no public addresses."),
            Field(
              "enablePrivateEndpoint", .bool, serverDefault: false, "Whether it is reached from the network alone."),
            Field("masterIpv4CidrBlock", .string, .optionalComputed, equality: .cidr, "A /28 for its own machines."),
          ])), [.immutable, .optionalComputed], "What is reached from outside."),
      Field(
        "releaseChannel",
        .object(
          Schema([
            Field(
              "channel", .string, .required, allowed: ["UNSPECIFIED", "RAPID", "REGULAR", "STABLE", "EXTENDED"],
              "The channel.")
          ])), .optionalComputed, "How soon it gets new versions."),
      Field(
        "workloadIdentityConfig",
        .object(Schema([Field("workloadPool", .string, .required, "`PROJECT.svc.id.goog`.")])), .optionalComputed,
        "How its pods act as service accounts."),
      Field(
        "masterAuthorizedNetworksConfig",
        .object(
          Schema([
            Field("enabled", .bool, serverDefault: false, "Whether only these may reach it."),
            Field(
              "cidrBlocks",
              .list(
                .object(
                  Schema([
                    Field("cidrBlock", .string, .required, equality: .cidr, "The block."),
                    Field("displayName", .string, [], "For readers."),
                  ])), .keyed(by: "cidrBlock")), [.exclusive], "The blocks."),
          ])), .optionalComputed, "Who may reach it."),
      Field("resourceLabels", .map(.string), [], "Labels by key; keys that nobody wrote here are left alone."),
      Field("endpoint", .string, .computed, "Where it is reached."),
      Field("currentMasterVersion", .string, [.computed, .volatile], "The version it runs."),
      Field("status", .string, [.computed, .volatile], "`RUNNING` and so on."),
      .selfLink,
    ]),
    identity: .path("projects/{account}/locations/{location}/clusters/{name}", "name", "location"),
    marker: .labels, recovery: .naturalKey, scope: .region, isStateful: true,
    operations: .permissions("container.clusters", timeout: .seconds(3_600)))
}

extension GCPType {
  static let cluster = GCPType(
    .gcpCluster,
    .resources(
      .container, "projects.locations.clusters", id: nil,
      [.init(path: "projects/{account}/locations/-/clusters", items: "clusters")], update: .none,
      operations: .container, marking: .labels("resourceLabels")
    ) {
      $0.naming = .selfLink
      $0.bodyFields = ["name"]
      $0.creation.wrap = "cluster"
      $0.writers = [
        .clusterLabels, .clusterUpdate("releaseChannel"), .clusterUpdate("workloadIdentityConfig"),
        .clusterUpdate("masterAuthorizedNetworksConfig"),
      ]
      $0.lifeCycle.field = "status"
      $0.lifeCycle.pending = ["PROVISIONING", "RECONCILING"]
      $0.lifeCycle.failed = ["ERROR"]
      $0.lifeCycle.gone = ["STOPPING"]
      $0.lifeCycle.message = "statusMessage"
    })
}
