import GCPClient
import Resources
import Schemas
import Values

extension ResourceType {
  /// https://cloud.google.com/memorystore/docs/redis/reference/rest/v1/projects.locations.instances
  static let gcpRedisInstance = ResourceType(
    TypeName("gcp/RedisInstance"), "A managed Redis.",
    schema: Schema([
      Field("instanceId", .string, [.required, .immutable], "The name, unique in the region."),
      Field("location", .string, [.required, .immutable], "The region."),
      Field(
        "tier", .string, .immutable, serverDefault: "BASIC", allowed: ["BASIC", "STANDARD_HA"],
        "Whether a replica takes over."),
      Field("memorySizeGb", .int, .required, "Its memory in GiB."),
      Field("redisVersion", .string, .optionalComputed, "`REDIS_7_0`; the newest where none is written."),
      Field("redisConfigs", .map(.string), [], "Settings of Redis, such as `maxmemory-policy`."),
      Field(
        "authorizedNetwork", .string, [.immutable, .optionalComputed], equality: .link, references: "gcp/Network",
        "The network, by its link."),
      Field(
        "connectMode", .string, .immutable, serverDefault: "DIRECT_PEERING",
        allowed: ["DIRECT_PEERING", "PRIVATE_SERVICE_ACCESS"], "How the network reaches it."),
      Field(
        "readReplicasMode", .string, serverDefault: "READ_REPLICAS_DISABLED",
        allowed: ["READ_REPLICAS_DISABLED", "READ_REPLICAS_ENABLED"], "Whether replicas answer reads."),
      Field("replicaCount", .int, .optionalComputed, "How many replicas, 1 to 5 where they answer reads."),
      Field(
        "transitEncryptionMode", .string, .immutable, serverDefault: "DISABLED",
        allowed: ["DISABLED", "SERVER_AUTHENTICATION"], "Whether connections are encrypted."),
      Field("authEnabled", .bool, serverDefault: false, "Whether clients must know a password."),
      Field("displayName", .string, [], "For readers."),
      .labels,
      Field("host", .string, .computed, "Where it is reached."),
      Field("port", .int, .computed, "On which port."),
      Field("state", .string, [.computed, .volatile], "`CREATING`, `READY` and so on."),
    ]),
    identity: .path("projects/{account}/locations/{location}/instances/{instanceId}", "instanceId", "location"),
    marker: .labels, recovery: .naturalKey, scope: .region, isStateful: true,
    operations: .permissions("redis.instances", timeout: .seconds(1_800)))
}

extension GCPType {
  static let redisInstance = GCPType(
    .gcpRedisInstance,
    .resources(
      .redis, "projects.locations.instances", id: "instanceId",
      [.pages("projects/{account}/locations/-/instances", "instances", most: 1000)],
      operations: .longRunning, marking: .labels("labels")
    ) {
      $0.lifeCycle.field = "state"
      $0.lifeCycle.pending = ["CREATING", "UPDATING", "REPAIRING", "MAINTENANCE", "IMPORTING", "FAILING_OVER"]
      $0.lifeCycle.gone = ["DELETING"]
      $0.lifeCycle.message = "statusMessage"
    })
}
