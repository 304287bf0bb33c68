import Resources
import Schemas
import Values

extension AWSType {
  static let bucket = AWSType(
    type: ResourceType(
      TypeName("aws/Bucket"), "Holds objects; its settings are part of it.",
      schema: Schema([
        Field(
          "bucket", .string, [.required, .immutable],
          "The name, unique in all of AWS: 3 to 63 of a-z, 0-9, `.` and `-`."),
        Field("versioning", .object(versioningSchema), .apart, "Whether older versions of objects are kept."),
        Field(
          "encryption", .object(encryptionSchema), .apart,
          "How new objects are encrypted where the writer does not say."),
        Field(
          "publicAccessBlock", .object(publicAccessSchema), .apart,
          "Guards against public access; a new bucket has all four."),
        Field(
          "policy", .any, [.late, .guarded, .apart], equality: .jsonPolicy,
          "Who may do what with the bucket and its objects."),
        Field(
          "cors", .list(.object(corsSchema)), [.exclusive, .guarded, .apart],
          "Which web pages may use the bucket; the first rule that fits counts."),
        .tags,
        Field("arn", .string, .computed, "The Amazon resource name."),
      ]),
      identity: Identity(
        naturalKey: ["bucket"], uniqueness: .global, consistencyWindow: .seconds(30), idField: "bucket"),
      marker: .tags, recovery: .naturalKey, scope: .region, isStateful: true,
      operations: [
        .list: .needs(
          "s3:ListAllMyBuckets", "s3:GetBucketTagging", "s3:GetBucketVersioning",
          "s3:GetEncryptionConfiguration",
          "s3:GetBucketPublicAccessBlock", "s3:GetBucketPolicy", "s3:GetBucketCORS", each: 6),
        .read: .needs(
          "s3:GetBucketTagging", "s3:GetBucketVersioning", "s3:GetEncryptionConfiguration",
          "s3:GetBucketPublicAccessBlock", "s3:GetBucketPolicy", "s3:GetBucketCORS", each: 6),
        .create: .needs(
          "s3:CreateBucket", "s3:PutBucketTagging", "s3:PutBucketVersioning", "s3:PutEncryptionConfiguration",
          "s3:PutBucketPublicAccessBlock", "s3:PutBucketCORS", quota: "L-DC2B2D3D"),
        .update: .needs(
          "s3:PutBucketTagging", "s3:PutBucketVersioning", "s3:PutEncryptionConfiguration",
          "s3:PutBucketPublicAccessBlock", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy", "s3:PutBucketCORS"),
        .delete: .needs("s3:DeleteBucket"),
      ]),
    wire: BucketWire())

  static let versioningSchema = Schema([
    Field(
      "status", .string, serverDefault: "Suspended", allowed: ["Enabled", "Suspended"],
      "`Enabled`, or `Suspended`; once enabled it can only be suspended.")
  ])
  static let encryptionSchema = Schema([
    Field(
      "sseAlgorithm", .string, serverDefault: "AES256", allowed: ["AES256", "aws:kms", "aws:kms:dsse"],
      "Keys of S3, or of the key management service."),
    Field(
      "kmsMasterKeyID", .string, [],
      "The key, by id or resource name, for the algorithms of the key management service."),
    Field(
      "bucketKeyEnabled", .bool, serverDefault: false,
      "Whether one key per bucket saves requests to that service."),
  ])
  static let publicAccessSchema = Schema([
    Field("blockPublicAcls", .bool, serverDefault: false, "Refuses access lists that grant public access."),
    Field("ignorePublicAcls", .bool, serverDefault: false, "Ignores access lists that grant public access."),
    Field("blockPublicPolicy", .bool, serverDefault: false, "Refuses policies that grant public access."),
    Field(
      "restrictPublicBuckets", .bool, serverDefault: false,
      "Closes buckets with a public policy to all but AWS and the account."),
  ])
  static let corsSchema = Schema([
    Field("allowedOrigins", .list(.string, .unordered), .required, "Origins, with at most one `*` each."),
    Field("allowedMethods", .list(.string, .unordered), .required, "Of GET, PUT, HEAD, POST and DELETE."),
    Field("allowedHeaders", .list(.string, .unordered), [], "Request headers that a preflight may ask for."),
    Field("exposeHeaders", .list(.string, .unordered), [], "Response headers that the page may read."),
    Field("maxAgeSeconds", .int, [], "How long a browser keeps the answer to a preflight."),
  ])
}
