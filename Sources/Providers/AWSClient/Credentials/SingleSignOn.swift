import Cryptography
import HTTP
import Platform
import ProviderKit
import Values

/// Keys of a role that a person may take after `aws sso login`, which leaves an access token in a file.
struct SingleSignOn: Sendable {
  private let profile: String
  private let account: String
  private let role: String
  private let tokenFile: String
  private let url: HTTPURL
  private let machine: ClientMachine

  /// The settings stand in the profile, or in the `[sso-session]` that it names; the token's file is named by a digest
  /// of the session's name, or of the start URL where there is no session.
  init(
    profile name: String, _ settings: [String: String], _ profiles: Profiles, _ machine: ClientMachine,
    _ endpoints: AWSEndpoints
  ) throws(ProviderError) {
    var settings = settings
    let session = settings["sso_session"]
    if let session {
      guard let shared = profiles.session(session) else {
        throw CredentialError.failed("profile `\(name)`: there is no `[sso-session \(session)]` for single sign-on")
      }
      settings.merge(shared) { own, _ in own }
    }
    func setting(_ key: String) throws(ProviderError) -> String {
      guard let value = settings[key], !value.isEmpty else {
        throw CredentialError.failed("profile `\(name)`: single sign-on needs `\(key)`")
      }
      return value
    }
    let key = if let session { session } else { try setting("sso_start_url") }
    let folder = (machine.environment.nonEmpty("HOME") ?? "") + "/.aws/sso/cache/"
    let region = try setting("sso_region")
    var url = endpoints.override(.sso) ?? HTTPURL(host: "portal.sso.\(region).amazonaws.com")
    account = try setting("sso_account_id")
    role = try setting("sso_role_name")
    url.path = "/federation/credentials"
    url.query = "role_name=\(PercentEncoding.encode(role))&account_id=\(PercentEncoding.encode(account))"
    tokenFile = folder + Hex.encode(SHA1.digest(Array(key.utf8))) + ".json"
    profile = name
    self.url = url
    self.machine = machine
  }

  private static let maximumFileSize = 1 << 20

  func fetch() async throws(ProviderError) -> AWSCredentials {
    let token = try token()
    var request = HTTPRequest(.get, url, headers: ["x-amz-sso_bearer_token": token])
    request.operation = HTTPOperation("sso", "GetRoleCredentials")
    let response: HTTPResponse
    do throws(HTTPError) { response = try await machine.transport.send(request) } catch {
      throw CredentialError.failed("single sign-on does not answer: \(error.text)")
    }
    if response.status == 401 { throw expired("its token is not accepted any more") }
    guard response.isSuccess else {
      throw CredentialError.failed(
        "single sign-on refuses role `\(role)` of account \(account) with status \(response.status)")
    }
    guard let keys = parse(response.body)?["roleCredentials"], let id = keys["accessKeyId"]?.string,
      let secret = keys["secretAccessKey"]?.string
    else { throw CredentialError.failed("single sign-on gave no keys") }
    return AWSCredentials(
      accessKeyID: id, secretAccessKey: secret, sessionToken: keys["sessionToken"]?.string,
      expires: keys["expiration"]?.int.map { Instant(milliseconds: $0) })
  }

  private func token() throws(ProviderError) -> String {
    guard machine.files.exists(tokenFile) else { throw expired("nobody has logged in") }
    let bytes: [UInt8]
    do throws(FileError) { bytes = try machine.files.read(tokenFile, limit: Self.maximumFileSize) } catch {
      throw CredentialError.failed("the token of single sign-on cannot be read: \(error)")
    }
    guard let saved = parse(bytes), let token = saved["accessToken"]?.string else {
      throw CredentialError.failed("`\(tokenFile)` holds no token of single sign-on")
    }
    let expires = saved["expiresAt"]?.string.flatMap { Instant(rfc3339: $0.replacing("UTC", with: "Z")) }
    if let expires, expires <= machine.time.now { throw expired("its token has ended") }
    return token
  }

  private func expired(_ why: String) -> ProviderError {
    CredentialError.failed(
      "single sign-on of profile `\(profile)`: \(why); `aws sso login --profile \(profile)` gets a new one")
  }

  /// nil for what is no JSON.
  private func parse(_ bytes: [UInt8]) -> Value? { do { return try JSONReader.parse(bytes) } catch { return nil } }
}
