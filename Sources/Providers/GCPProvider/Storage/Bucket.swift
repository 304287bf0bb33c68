import GCPClient
import ProviderKit
import Resources
import Schemas
import Values

extension ResourceType {
  /// https://cloud.google.com/storage/docs/json_api/v1/buckets
  static let gcpBucket = ResourceType(
    TypeName("gcp/Bucket"), "Holds objects; its name is unique in the whole world.",
    schema: Schema([
      .name("The name, unique in the whole world."),
      Field(
        "location", .string, .immutable, serverDefault: "US", equality: .caseInsensitive,
        "A region, or a multi-region such as `EU`."),
      Field(
        "storageClass", .string, serverDefault: "STANDARD", allowed: ["STANDARD", "NEARLINE", "COLDLINE", "ARCHIVE"],
        "How objects are kept where they do not say."),
      .labels,
      Field(
        "iamConfiguration",
        .object(
          Schema([
            Field(
              "publicAccessPrevention", .string, serverDefault: "inherited", allowed: ["inherited", "enforced"],
              "Whether nobody outside may ever be let in."),
            Field(
              "uniformBucketLevelAccess",
              .object(
                Schema([
                  Field("enabled", .bool, serverDefault: false, "Whether objects have no access lists of their own.")
                ])),
              [], "Access by the bucket's policy alone."),
          ])), .optionalComputed, "Who may be let in at all."),
      Field(
        "versioning",
        .object(Schema([Field("enabled", .bool, serverDefault: false, "Whether former versions are kept.")])),
        .optionalComputed, "Former versions."),
      Field(
        "encryption",
        .object(
          Schema([
            Field("defaultKmsKeyName", .string, references: "gcp/CryptoKey", "The key for objects that name none.")
          ])),
        [], "Keys of our own; Google's where none is named."),
      Field("cors", .list(.object(cors)), .exclusive, "Which web pages may read it."),
      Field(
        "lifecycle",
        .object(Schema([Field("rule", .list(.object(lifecycleRule)), .exclusive, "Done once a day to all objects.")])),
        [], "What becomes of objects with time."),
      Field(
        "logging",
        .object(
          Schema([
            Field("logBucket", .string, .required, references: "gcp/Bucket", "Where the logs go."),
            Field("logObjectPrefix", .string, .optionalComputed, "How their names begin."),
          ])), [], "Access logs."),
      Field(
        "retentionPolicy",
        .object(Schema([Field("retentionPeriod", .string, .required, "Seconds for which nothing can be deleted.")])),
        [], "How long objects must stay."),
      Field(
        "softDeletePolicy",
        .object(Schema([Field("retentionDurationSeconds", .string, .required, "Seconds, `0` or 604800 to 7776000.")])),
        .optionalComputed, "How long what was deleted can be had back."),
      .selfLink,
    ]),
    identity: Identity(
      naturalKey: ["name"], uniqueness: .global, consistencyWindow: .seconds(10), idField: "name"),
    marker: .labels, recovery: .naturalKey, scope: .project, isStateful: true,
    operations: .permissions("storage.buckets"))

  private static let cors = Schema([
    Field("origin", .list(.string, .unordered), [], "`https://…`, or `*`."),
    Field("method", .list(.string, .unordered), [], "`GET`, `PUT`, or `*`."),
    Field("responseHeader", .list(.string, .unordered), [], "Headers that pages may see."),
    Field("maxAgeSeconds", .int, [], "How long browsers keep the answer."),
  ])

  private static let lifecycleRule = Schema([
    Field(
      "action",
      .object(
        Schema([
          Field(
            "type", .string, .required, allowed: ["Delete", "SetStorageClass", "AbortIncompleteMultipartUpload"],
            "What is done."),
          Field("storageClass", .string, [], "The class to move to."),
        ])), .required, "What is done."),
    Field(
      "condition",
      .object(
        Schema([
          Field("age", .int, [], "Days since the object was made."),
          Field("isLive", .bool, [], "Whether it is the present version."),
          Field("matchesPrefix", .list(.string, .unordered), [], "How names begin."),
          Field("numNewerVersions", .int, [], "How many versions came after."),
        ])), .required, "To which objects."),
  ])
}

extension GCPType {
  static let bucket = GCPType(
    .gcpBucket,
    .resources(
      .storage, "buckets", id: nil,
      [.init(path: "b", query: [("project", "{account}")], size: ("maxResults", 1000))],
      update: .patch, marking: .labels("labels")
    ) {
      $0.bodyFields = ["name"]
      $0.creation.path = "b"
      $0.creation.verb = "insert"
      $0.creation.query = [("project", "{account}")]
    })
}
