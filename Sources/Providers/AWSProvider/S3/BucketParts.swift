import AWSClient
import HTTP
import ProviderKit
import Schemas
import Values

/// The settings of a bucket, each a sub-resource with a request to read and one to write: data for the bucket's wire.
struct BucketPart: Sendable {
  var field: String
  /// The bare name in the query, such as `versioning`.
  var query: String
  var get: String
  var put: String
  /// nil where the setting cannot be taken away, only set otherwise.
  var delete: String?
  /// The code that says there is none.
  var absent: String?
  /// The field from the answer; nil where nothing is set.
  var read: @Sendable (AWSAnswer) -> Value?
  /// The body for a wanted value, which may leave out what stays as it is now.
  var body: @Sendable (_ wanted: Value, _ now: Value?) -> [UInt8]

  static let all: [BucketPart] = [publicAccessBlock, versioning, encryption, cors, policy]
  static let namespace = "http://s3.amazonaws.com/doc/2006-03-01/"

  static let versioning = BucketPart(
    field: "versioning", query: "versioning", get: "GetBucketVersioning", put: "PutBucketVersioning",
    read: { $0.value.text("Status").map { ["status": .string($0)] } },
    body: { wanted, now in
      let status = wanted["status"]?.string ?? now?["status"]?.string ?? "Suspended"
      return XMLWriter.write(
        ["Status": .string(status)], root: "VersioningConfiguration", namespace: namespace)
    })

  static let encryption = BucketPart(
    field: "encryption", query: "encryption", get: "GetBucketEncryption", put: "PutBucketEncryption",
    delete: "DeleteBucketEncryption", absent: "ServerSideEncryptionConfigurationNotFoundError",
    read: { answer in
      guard let rule = answer.value.items("Rule").first else { return nil }
      var fields = Fields()
      let standard = rule["ApplyServerSideEncryptionByDefault"]
      fields["sseAlgorithm"] = standard?.text("SSEAlgorithm").map { .string($0) }
      fields["kmsMasterKeyID"] = standard?.text("KMSMasterKeyID").map { .string($0) }
      fields["bucketKeyEnabled"] = rule.text("BucketKeyEnabled").map { .bool($0 == "true") }
      return fields.value
    },
    body: { wanted, _ in
      var standard = Fields()
      standard["SSEAlgorithm"] = wanted["sseAlgorithm"] ?? "AES256"
      standard["KMSMasterKeyID"] = wanted["kmsMasterKeyID"].flatMap { $0.isNull ? nil : $0 }
      var rule = Fields()
      rule["ApplyServerSideEncryptionByDefault"] = standard.value
      rule["BucketKeyEnabled"] = wanted["bucketKeyEnabled"].flatMap { $0.isNull ? nil : $0 }
      return XMLWriter.write(
        ["Rule": rule.value], root: "ServerSideEncryptionConfiguration", namespace: namespace)
    })

  static let publicAccessBlock = BucketPart(
    field: "publicAccessBlock", query: "publicAccessBlock", get: "GetPublicAccessBlock",
    put: "PutPublicAccessBlock",
    delete: "DeletePublicAccessBlock", absent: "NoSuchPublicAccessBlockConfiguration",
    read: { answer in
      .map(
        publicAccessNames.compactMap { name in
          answer.value.text(name.wireName).map { (name, .bool($0.lowercased() == "true")) }
        })
    },
    body: { wanted, _ in
      let flags = publicAccessNames.map { ($0.wireName, wanted[$0] ?? false) }
      return XMLWriter.write(.map(flags), root: "PublicAccessBlockConfiguration", namespace: namespace)
    })

  private static let publicAccessNames = [
    "blockPublicAcls", "ignorePublicAcls", "blockPublicPolicy", "restrictPublicBuckets",
  ]

  static let policy = BucketPart(
    field: "policy", query: "policy", get: "GetBucketPolicy", put: "PutBucketPolicy",
    delete: "DeleteBucketPolicy",
    absent: "NoSuchBucketPolicy",
    read: { answer in answer.body.isEmpty ? nil : .policy(String(decoding: answer.body, as: UTF8.self)) },
    body: { wanted, _ in Array(wanted.policyText.utf8) })

  static let cors = BucketPart(
    field: "cors", query: "cors", get: "GetBucketCors", put: "PutBucketCors", delete: "DeleteBucketCors",
    absent: "NoSuchCORSConfiguration",
    read: { answer in
      .list(
        answer.value.items("CORSRule").map {
          AnswerDecoder(names: corsNames).fields($0, AWSType.corsSchema).value
        })
    },
    body: { wanted, _ in
      let rules = wanted.elements.map { rule in
        Value.map(corsOrder.compactMap { name in rule[name].map { (corsNames[name] ?? name, $0) } })
      }
      return XMLWriter.write(["CORSRule": .list(rules)], root: "CORSConfiguration", namespace: namespace)
    })

  private static let corsOrder = [
    "allowedHeaders", "allowedMethods", "allowedOrigins", "exposeHeaders", "maxAgeSeconds",
  ]
  private static let corsNames = [
    "allowedHeaders": "AllowedHeader", "allowedMethods": "AllowedMethod", "allowedOrigins": "AllowedOrigin",
    "exposeHeaders": "ExposeHeader", "maxAgeSeconds": "MaxAgeSeconds",
  ]
}

extension AWSCall {
  /// A call on a bucket, or on one of its sub-resources.
  static func bucket(
    _ operation: String, _ effect: Effect, _ method: HTTPMethod, _ bucket: String, query: String? = nil,
    body: [UInt8] = []
  ) -> AWSCall {
    let query = query.map { [(name: $0, value: "")] } ?? []
    return AWSCall(
      .s3, operation, effect,
      rest: RESTParts(method, bucket: bucket, query: query, body: body, needsDigest: !body.isEmpty))
  }
}
