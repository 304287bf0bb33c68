import GCPClient
import ProviderKit
import Resources
import Schemas
import Values

extension ResourceType {
  /// https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters.nodePools
  static let gcpNodePool = ResourceType(
    TypeName("gcp/NodePool"), "A group of like machines of a cluster.",
    schema: Schema([
      Field("cluster", .string, [.required, .immutable], references: "gcp/Cluster", "The cluster, by its id."),
      .name("The name, unique in the cluster."),
      Field("initialNodeCount", .int, .immutable, serverDefault: 0, "Machines in each zone to begin with."),
      Field(
        "locations", .list(.string, .unordered), [.immutable, .optionalComputed],
        "The zones; the cluster's where none is written."),
      Field(
        "config",
        .object(
          Schema([
            Field("machineType", .string, .optionalComputed, "The type of machine."),
            Field("diskSizeGb", .int, .optionalComputed, "The size of its disk."),
            Field("diskType", .string, .optionalComputed, "`pd-balanced` and so on."),
            Field("imageType", .string, .optionalComputed, "`COS_CONTAINERD` and so on."),
            Field("serviceAccount", .string, .optionalComputed, "As whom it runs, by the account's address."),
            Field("oauthScopes", .list(.string, .unordered), .optionalComputed, "What its tokens are good for."),
            Field("labels", .map(.string), [], "Labels of nodes in Kubernetes."),
            Field("tags", .list(.string, .unordered), [], "Tags that firewalls know."),
            Field("spot", .bool, serverDefault: false, "Whether machines may be taken away."),
            Field(
              "taints",
              .list(
                .object(
                  Schema([
                    Field("key", .string, .required, "The key."), Field("value", .string, [], "The value."),
                    Field("effect", .string, .required, "`NO_SCHEDULE` and so on."),
                  ])), .unordered), [], "Taints of nodes."),
            Field(
              "accelerators",
              .list(
                .object(
                  Schema([
                    Field("acceleratorType", .string, .required, "The type."),
                    Field("acceleratorCount", .string, .required, "How many on each machine."),
                  ]))), [], "Accelerators."),
          ])), [.immutable, .optionalComputed], "What each machine is."),
      Field(
        "autoscaling",
        .object(
          Schema([
            Field("enabled", .bool, serverDefault: false, "Whether it grows and shrinks."),
            Field("minNodeCount", .int, .optionalComputed, "The fewest in each zone."),
            Field("maxNodeCount", .int, .optionalComputed, "The most in each zone."),
          ])), .optionalComputed, "How it grows and shrinks."),
      Field(
        "management",
        .object(
          Schema([
            Field("autoUpgrade", .bool, .optionalComputed, "Whether machines follow the cluster's version."),
            Field("autoRepair", .bool, .optionalComputed, "Whether sick ones are made anew."),
          ])), .optionalComputed, "What is done by itself."),
      Field("status", .string, [.computed, .volatile], "`RUNNING` and so on."),
      .selfLink,
    ]),
    identity: .path("{cluster}/nodePools/{name}", "cluster", "name"), marker: .none, recovery: .naturalKey,
    scope: .region, operations: .permissions("container.clusters", timeout: .seconds(3_600)))
}

extension GCPType {
  static let nodePool = GCPType(
    .gcpNodePool,
    .resources(
      .container, "projects.locations.clusters.nodePools", id: nil,
      [.below({ .cluster }, "nodePools", "nodePools", most: nil)], update: .none, operations: .container,
      marking: .none
    ) {
      $0.naming = .selfLink
      $0.bodyFields = ["name"]
      $0.creation.wrap = "nodePool"
      $0.writers = [.method("setAutoscaling", "autoscaling"), .method("setManagement", "management")]
      $0.lifeCycle.field = "status"
      $0.lifeCycle.pending = ["PROVISIONING", "RECONCILING"]
      $0.lifeCycle.failed = ["ERROR"]
      $0.lifeCycle.gone = ["STOPPING"]
      $0.lifeCycle.message = "statusMessage"
    })
}
