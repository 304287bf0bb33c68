import ProviderKit
import Resources
import Values

/// Where an estate's inventory lives: `spec.inventory.s3` of its manifest.
///
/// `{bucket: NAME, target: NAME, prefix: TEXT, encryption: AES256 | aws:kms, kmsKey: TEXT}`; the last three may be
/// left out. The target's credentials open the bucket: its read half to plan, its write half to apply.
package struct S3Place: Sendable, Equatable {
  package var bucket: String
  package var target: TargetName
  package var prefix: String
  package var encryption: S3StoreSettings.Encryption?

  package init(
    bucket: String, target: TargetName, prefix: String = "", encryption: S3StoreSettings.Encryption? = nil
  ) {
    self.bucket = bucket
    self.target = target
    self.prefix = prefix
    self.encryption = encryption
  }

  /// Reads the settings below `s3` and says what is wrong with them, all at once; paths start at `s3`.
  package static func read(_ s3: Value) -> (place: S3Place?, problems: [TargetProblem]) {
    var problems: [TargetProblem] = []
    let root = ValuePath().appending("s3")
    func problem(_ key: String?, _ message: String, _ hint: String) {
      problems.append(TargetProblem(path: key.map { root.appending($0) } ?? root, message: message, hint: hint))
    }
    let known = ["bucket", "target", "prefix", "encryption", "kmsKey"]
    guard s3.kind == .map else {
      problem(nil, "`s3` is a map", "`s3: {bucket: acme-inventory, target: main}`")
      return (nil, problems)
    }
    for key in s3.keys where !known.contains(key) {
      problem(key, "unknown setting `\(key)`", "one of \(known.joined(separator: ", "))")
    }
    for key in known where s3[key] != nil && s3[key]?.string == nil {
      problem(key, "`\(key)` is a text", "write it in quotes")
    }
    for key in ["bucket", "target"] where (s3[key]?.string ?? "").isEmpty && s3[key]?.string != nil || s3[key] == nil {
      problem(key, "an inventory in S3 names its \(key)", "`s3: {bucket: acme-inventory, target: main}`")
    }
    let encryption = encryption(s3)
    if s3["encryption"] != nil, encryption == nil {
      problem("encryption", "no such encryption", "one of AES256, aws:kms")
    }
    if s3["kmsKey"] != nil, s3["encryption"]?.string != "aws:kms" {
      problem("kmsKey", "a key of KMS needs its encryption", "`encryption: aws:kms`")
    }
    let prefix = s3["prefix"]?.string ?? ""
    if prefix.utf8.count > S3Limits.prefixBytes || prefix.split(separator: "/").contains("..") {
      problem("prefix", "the prefix is too long or has `..`", "at most \(S3Limits.prefixBytes) bytes")
    }
    guard problems.isEmpty, let bucket = s3["bucket"]?.string, let target = s3["target"]?.string else {
      return (nil, problems)
    }
    return (S3Place(bucket: bucket, target: TargetName(target), prefix: prefix, encryption: encryption), [])
  }

  private static func encryption(_ s3: Value) -> S3StoreSettings.Encryption? {
    switch s3["encryption"]?.string {
    case "AES256": .aes256
    case "aws:kms": .kms(key: s3["kmsKey"]?.string)
    default: nil
    }
  }
}
