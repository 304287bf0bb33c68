import Cryptography
import HTTP
import Platform
import ProviderKit
import Values

/// A key of a service account: an assertion that it signs is exchanged for a token (RFC 7523).
///
/// https://developers.google.com/identity/protocols/oauth2/service-account#httprest
struct ServiceAccountKey: Sendable {
  private let email: String
  private let keyID: String?
  private let key: RSAPrivateKey
  private let endpoint: TokenEndpoint
  private let file: CredentialFile

  /// The longest life of an assertion that Google takes.
  private static let lifeSeconds: Int64 = 3_600
  private static let usualEndpoint = "https://oauth2.googleapis.com/token"

  init(_ file: CredentialFile) throws(ProviderError) {
    self.file = file
    email = try file.text("client_email")
    keyID = file.optional("private_key_id")
    guard let key = RSAPrivateKey(pem: try file.text("private_key")) else {
      throw file.failed("its `private_key` is no key of RSA in PEM form")
    }
    self.key = key
    endpoint = try TokenEndpoint(file.optional("token_uri") ?? Self.usualEndpoint, of: file)
  }

  func fetch() async throws(ProviderError) -> AccessToken {
    let assertion = assertion()
    return try await endpoint.token(
      [("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("assertion", assertion)], hiding: [assertion])
  }

  private func assertion() -> String {
    let now = file.machine.time.now.seconds
    var header: [(String, Value)] = [("alg", "RS256"), ("typ", "JWT")]
    if let keyID { header.append(("kid", .string(keyID))) }
    let claims: Value = [
      "iss": .string(email), "scope": .string(file.scopes.joined(separator: " ")),
      "aud": .string(endpoint.url.description), "iat": .int(Int(now)), "exp": .int(Int(now + Self.lifeSeconds)),
    ]
    let signed = [Value.map(header), claims].map { Base64.encode(JSONWriter().bytes($0), .url) }.joined(separator: ".")
    return "\(signed).\(Base64.encode(key.signature(of: Array(signed.utf8)), .url))"
  }
}
