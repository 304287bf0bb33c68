import AWSClient
import HTTP
import Platform
import ProviderKit
import Values

/// Tokens of the service account of the machine, the pod or the function that this runs on.
///
/// https://cloud.google.com/compute/docs/access/authenticate-workloads
struct MetadataServer: Sendable {
  private let host: String
  private let scopes: [String]
  private let machine: ClientMachine

  private static let usualHost = "metadata.google.internal"

  /// nil where the environment switches it off.
  init?(_ machine: ClientMachine, scopes: [String]) {
    let environment = machine.environment
    guard environment.nonEmpty("NO_GCE_CHECK")?.lowercased() != "true" else { return nil }
    host = environment.nonEmpty("GCE_METADATA_HOST") ?? environment.nonEmpty("GCE_METADATA_ROOT") ?? Self.usualHost
    self.scopes = scopes
    self.machine = machine
  }

  func fetch() async throws(ProviderError) -> AccessToken {
    let path = "/computeMetadata/v1/instance/service-accounts/default/token"
    guard var url = HTTPURL("http://\(host)\(path)") else {
      throw CredentialError.failed("`GCE_METADATA_HOST` is no host")
    }
    url.addQuery("scopes", scopes.joined(separator: ","))
    let server = KeyServer(name: "the metadata server at \(url.authority)", machine: machine)
    let answer = try server.json(try await server.ask(.get, url, [("Metadata-Flavor", "Google")]))
    guard let text = answer["access_token"]?.string else {
      throw CredentialError.failed("the metadata server at \(url.authority) gave no token")
    }
    return AccessToken(text, expires: answer["expires_in"]?.int.map { machine.time.now + .seconds($0) })
  }
}
