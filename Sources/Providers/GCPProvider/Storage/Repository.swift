import GCPClient
import Resources
import Schemas
import Values

extension ResourceType {
  /// https://cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.repositories
  static let gcpRepository = ResourceType(
    TypeName("gcp/Repository"), "A repository of images or packages.",
    schema: Schema([
      Field("repositoryId", .string, [.required, .immutable], "The name, unique in the location."),
      Field("location", .string, [.required, .immutable], "A region, or a multi-region such as `europe`."),
      Field(
        "format", .string, [.required, .immutable],
        allowed: ["DOCKER", "MAVEN", "NPM", "PYTHON", "APT", "YUM", "GO", "GENERIC", "KFP"], "What it holds."),
      Field(
        "mode", .string, .immutable, serverDefault: "STANDARD_REPOSITORY",
        allowed: ["STANDARD_REPOSITORY", "VIRTUAL_REPOSITORY", "REMOTE_REPOSITORY"],
        "Whether it holds things itself, stands for others, or passes on what another has."),
      Field("description", .string, [], "For readers."),
      .labels,
      Field("kmsKeyName", .string, .immutable, equality: .link, references: "gcp/CryptoKey", "A key of our own."),
      Field(
        "dockerConfig",
        .object(Schema([Field("immutableTags", .bool, serverDefault: false, "Whether tags can never be moved.")])),
        .optionalComputed, "Of `DOCKER`: settings."),
      Field("cleanupPolicyDryRun", .bool, serverDefault: false, "Whether nothing is deleted by policies."),
      Field("registryUri", .string, .computed, "Where it is reached."),
    ]),
    identity: .path("projects/{account}/locations/{location}/repositories/{repositoryId}", "repositoryId", "location"),
    marker: .labels, recovery: .naturalKey, scope: .region, isStateful: true,
    operations: .permissions("artifactregistry.repositories"))
}

extension GCPType {
  static let repository = GCPType(
    .gcpRepository,
    .resources(
      .artifactRegistry, "projects.locations.repositories", id: "repositoryId",
      [.pages("projects/{account}/locations/{region}/repositories", "repositories", most: 1000)],
      operations: .longRunning, marking: .labels("labels")))
}
