import Platform
import ProviderKit
import Values

/// A role for whoever holds a token of another identity provider, such as a job of a CI system or a pod: STS takes the
/// token itself, so the request is not signed.
struct WebIdentity: Sendable {
  var tokenFile: String
  var role: String
  var sessionName: String

  /// As the environment names it; nil where it does not.
  init?(_ environment: Environment) {
    guard let file = environment.nonEmpty("AWS_WEB_IDENTITY_TOKEN_FILE"),
      let role = environment.nonEmpty("AWS_ROLE_ARN")
    else { return nil }
    tokenFile = file
    self.role = role
    sessionName = environment.nonEmpty("AWS_ROLE_SESSION_NAME") ?? "plumb"
  }

  /// As a profile names it; nil where it does not.
  init?(profile settings: [String: String]) {
    guard let file = settings["web_identity_token_file"], let role = settings["role_arn"] else { return nil }
    tokenFile = file
    self.role = role
    sessionName = settings["role_session_name"] ?? "plumb"
  }

  /// Beyond any token.
  private static let maximumTokenSize = 64 << 10

  /// The file is read each time, since its token is replaced before it ends.
  func fetch(_ client: AWSClient, _ files: any FileSystem) async throws(ProviderError) -> AWSCredentials {
    let bytes: [UInt8]
    do throws(FileError) { bytes = try files.read(tokenFile, limit: Self.maximumTokenSize) } catch {
      throw CredentialError.failed("the web identity's token cannot be read: \(error)")
    }
    let token = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).first.map(String.init)
    guard let token else { throw CredentialError.failed("the web identity's token, `\(tokenFile)`, is empty") }
    let entries: [(String, Value)] = [
      ("RoleArn", .string(role)), ("RoleSessionName", .string(sessionName)), ("WebIdentityToken", .string(token)),
    ]
    let operation = "AssumeRoleWithWebIdentity"
    let answer: AWSAnswer
    do throws(ProviderError) { answer = try await client.send(AWSCall(.sts, operation, .read, .map(entries))) } catch {
      // STS may repeat the token in what it says.
      var error = error
      error.message = error.message.replacing(token, with: "(sensitive)")
      throw error
    }
    return try AssumedRole.keys(answer, operation, role)
  }
}
