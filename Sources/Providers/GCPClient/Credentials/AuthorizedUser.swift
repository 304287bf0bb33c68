import Cryptography
import HTTP
import ProviderKit
import Values

/// A person's own credentials, as `gcloud auth application-default login` leaves them: a refresh token. A person of a
/// workforce pool has another endpoint and shows the client's secret in a header.
struct AuthorizedUser: Sendable {
  private let refreshToken: String
  private let client: String?
  private let secret: String?
  private let isFederated: Bool
  private let endpoint: TokenEndpoint

  private static let usualEndpoint = "https://oauth2.googleapis.com/token"

  init(_ file: CredentialFile) throws(ProviderError) {
    isFederated = file.content["type"]?.string == "external_account_authorized_user"
    refreshToken = try file.text("refresh_token")
    client = isFederated ? file.optional("client_id") : try file.text("client_id")
    secret = isFederated ? file.optional("client_secret") : try file.text("client_secret")
    let url =
      if isFederated { try file.text("token_url") } else { file.optional("token_uri") ?? Self.usualEndpoint }
    endpoint = try TokenEndpoint(url, of: file)
  }

  func fetch() async throws(ProviderError) -> AccessToken {
    var form = [(name: "grant_type", value: "refresh_token"), (name: "refresh_token", value: refreshToken)]
    var headers = HTTPHeaders()
    if let client, let secret {
      if isFederated {
        headers["Authorization"] = "Basic " + Base64.encode(Array("\(client):\(secret)".utf8))
      } else {
        form += [("client_id", client), ("client_secret", secret)]
      }
    }
    do throws(ProviderError) {
      return try await endpoint.token(form, headers: headers, hiding: [refreshToken, secret ?? ""])
    } catch {
      var error = error
      if error.request.status == 400 || error.request.status == 401 {
        error.message += "; `gcloud auth application-default login` gets new credentials"
      }
      throw error
    }
  }
}
