import Platform
import ProviderKit
import Values

/// Keys of a role, from STS.
enum AssumedRole {
  static func fetch(
    _ role: String, _ client: AWSClient, externalID: String?, sessionName: String
  ) async throws(ProviderError) -> AWSCredentials {
    var entries: [(String, Value)] = [("RoleArn", .string(role)), ("RoleSessionName", .string(sessionName))]
    if let externalID { entries.append(("ExternalId", .string(externalID))) }
    return try keys(try await client.send(AWSCall(.sts, "AssumeRole", .read, .map(entries))), "AssumeRole", role)
  }

  /// The keys in an answer of STS.
  static func keys(_ answer: AWSAnswer, _ operation: String, _ role: String) throws(ProviderError) -> AWSCredentials {
    let keys = answer.value.at("\(operation)Result.Credentials")
    guard let id = keys?.text("AccessKeyId"), let secret = keys?.text("SecretAccessKey") else {
      throw CredentialError.failed("`sts:\(operation)` gave no keys for `\(role)`")
    }
    return AWSCredentials(
      accessKeyID: id, secretAccessKey: secret, sessionToken: keys?.text("SessionToken"),
      expires: keys?.text("Expiration").flatMap { Instant(rfc3339: $0) })
  }
}
