import AWSClient
import HTTP
import Platform
import ProviderKit
import Values

/// A file of credentials in one of the forms that Google's tools write, told apart by its `type`.
///
/// https://cloud.google.com/docs/authentication/application-default-credentials and https://google.aip.dev/auth/4110
struct CredentialFile: Sendable {
  let machine: ClientMachine
  let endpoints: GCPEndpoints
  let scopes: [String]
  /// For messages, which never repeat what the file holds.
  let path: String
  let content: Value

  private static let maximumSize = 1 << 20
  static let types = [
    "service_account", "authorized_user", "external_account", "external_account_authorized_user",
    "impersonated_service_account",
  ]

  static func read(
    _ path: String, _ machine: ClientMachine, _ endpoints: GCPEndpoints, scopes: [String]
  ) throws(ProviderError) -> CredentialFile {
    let bytes: [UInt8]
    do throws(FileError) { bytes = try machine.files.read(path, limit: maximumSize) } catch {
      throw CredentialError.failed("the credentials cannot be read: \(error)")
    }
    let content: Value
    do throws(JSONError) { content = try JSONReader.parse(bytes) } catch {
      throw CredentialError.failed("credentials `\(path)`: the file is no JSON")
    }
    return CredentialFile(machine: machine, endpoints: endpoints, scopes: scopes, path: path, content: content)
  }

  /// The same file's credentials below `source_credentials`.
  func nested(_ content: Value) -> CredentialFile {
    CredentialFile(machine: machine, endpoints: endpoints, scopes: scopes, path: path, content: content)
  }

  func source() throws(ProviderError) -> any TokenSource {
    switch content["type"]?.string {
    case "service_account": renewed(try ServiceAccountKey(self).fetch)
    case "authorized_user", "external_account_authorized_user": renewed(try AuthorizedUser(self).fetch)
    case "external_account": try ExternalAccount(self).source()
    case "impersonated_service_account": try Impersonation.source(self)
    case let type:
      throw failed(
        (type.map { "`\($0)` is no `type` that Plumb knows" } ?? "there is no `type`")
          + ": one of \(Self.types.joined(separator: ", "))")
    }
  }

  func renewed(_ fetch: @escaping CachedCredentials<AccessToken>.Fetch) -> any TokenSource {
    RenewedToken(time: machine.time, quotaProject: quotaProject, fetch)
  }

  var quotaProject: String? { optional("quota_project_id") }

  func text(_ key: String) throws(ProviderError) -> String {
    guard let text = optional(key) else { throw failed("there is no `\(key)`") }
    return text
  }

  func optional(_ key: String) -> String? {
    guard let text = content[key]?.string, !text.isEmpty else { return nil }
    return text
  }

  func failed(_ why: String) -> ProviderError { CredentialError.failed("credentials `\(path)`: \(why)") }
}
