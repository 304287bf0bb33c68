import AWSClient
import HTTP
import Platform
import ProviderKit

/// Finds the tokens for one half of a target: Application Default Credentials, in the order of Google's own tools.
///
/// The file that the target names; else a token in the environment; else `gcloud`'s token file; else the file of
/// `GOOGLE_APPLICATION_CREDENTIALS`; else what `gcloud auth application-default login` left; else the metadata server.
/// The service account of the target is acted as with what was found. Nothing is asked before the first call needs a
/// token.
package struct TokenChain: Sendable {
  private let machine: ClientMachine
  private let endpoints: GCPEndpoints

  package static let usualScope = "https://www.googleapis.com/auth/cloud-platform"

  package init(_ machine: ClientMachine, _ endpoints: GCPEndpoints) {
    self.machine = machine
    self.endpoints = endpoints
  }

  package func source(_ settings: GCPTargetSettings.CredentialSettings) throws(ProviderError) -> any TokenSource {
    let scopes = settings.scopes.isEmpty ? [Self.usualScope] : settings.scopes
    let account = settings.impersonate ?? machine.environment.nonEmpty("GOOGLE_IMPERSONATE_SERVICE_ACCOUNT")
    guard let account else { return try base(settings, scopes) }
    // Acting as somebody needs the wide scope; the token that comes of it has the scopes that were asked for.
    let base = try base(settings, [Self.usualScope])
    let step = Impersonation(
      account, by: base, delegates: settings.delegates, scopes: scopes, machine, endpoints)
    return RenewedToken(time: machine.time, quotaProject: base.quotaProject, step.fetch)
  }

  private func base(
    _ settings: GCPTargetSettings.CredentialSettings, _ scopes: [String]
  ) throws(ProviderError) -> any TokenSource {
    let environment = machine.environment
    if let path = settings.file { return try file(path, scopes) }
    if let path = settings.tokenFile { return tokens(in: path) }
    if let token = environment.nonEmpty("GOOGLE_OAUTH_ACCESS_TOKEN") { return StaticToken(token) }
    var tried = ["`GOOGLE_OAUTH_ACCESS_TOKEN` is not set"]
    if let path = environment.nonEmpty("CLOUDSDK_AUTH_ACCESS_TOKEN_FILE") { return tokens(in: path) }
    tried.append("`CLOUDSDK_AUTH_ACCESS_TOKEN_FILE` is not set")
    if let path = environment.nonEmpty("GOOGLE_APPLICATION_CREDENTIALS") { return try file(path, scopes) }
    tried.append("`GOOGLE_APPLICATION_CREDENTIALS` is not set")
    if let path = loginFile {
      if machine.files.exists(path) { return try file(path, scopes) }
      tried.append("there is no `\(path)` (`gcloud auth application-default login` writes it)")
    } else {
      tried.append("neither `CLOUDSDK_CONFIG` nor `HOME` is set")
    }
    guard let metadata = MetadataServer(machine, scopes: scopes) else {
      throw CredentialError.nothing(
        of: "Google Cloud", tried + ["the metadata server is switched off (`NO_GCE_CHECK`)"])
    }
    return RenewedToken(time: machine.time) { [tried] () async throws(ProviderError) in
      do throws(ProviderError) { return try await metadata.fetch() } catch {
        throw CredentialError.nothing(of: "Google Cloud", tried + [error.message])
      }
    }
  }

  private var loginFile: String? {
    let name = "application_default_credentials.json"
    if let folder = machine.environment.nonEmpty("CLOUDSDK_CONFIG") { return "\(folder)/\(name)" }
    return machine.environment.nonEmpty("HOME").map { "\($0)/.config/gcloud/\(name)" }
  }

  private func file(_ path: String, _ scopes: [String]) throws(ProviderError) -> any TokenSource {
    try CredentialFile.read(path, machine, endpoints, scopes: scopes).source()
  }

  private func tokens(in path: String) -> any TokenSource {
    RenewedToken(time: machine.time, TokenFile(path: path, files: machine.files).fetch)
  }
}
