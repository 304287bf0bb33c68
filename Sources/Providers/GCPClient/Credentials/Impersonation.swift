import HTTP
import Platform
import ProviderKit
import Values

/// Tokens of a service account for whoever may act as it.
///
/// https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken
struct Impersonation: Sendable {
  private let account: String
  private let delegates: [String]
  private let scopes: [String]
  private let lifeSeconds: Int64
  private let client: GCPClient

  /// The longest life without a policy of the organization.
  private static let usualLifeSeconds: Int64 = 3_600

  init(
    _ account: String, by base: any TokenSource, delegates: [String], scopes: [String], lifeSeconds: Int64? = nil,
    _ machine: ClientMachine, _ endpoints: GCPEndpoints
  ) {
    self.account = account
    self.delegates = delegates
    self.scopes = scopes
    self.lifeSeconds = lifeSeconds ?? Self.usualLifeSeconds
    client = GCPClient(machine, endpoints: endpoints, tokens: base)
  }

  /// `impersonated_service_account`: the credentials inside the file act as an account.
  static func source(_ file: CredentialFile) throws(ProviderError) -> any TokenSource {
    guard let inner = file.content["source_credentials"], inner.kind == .map else {
      throw file.failed("there are no `source_credentials`")
    }
    guard inner["type"]?.string != "impersonated_service_account" else {
      throw file.failed("`source_credentials` are impersonated themselves: name the accounts between as `delegates`")
    }
    return try source(
      file, try file.text("service_account_impersonation_url"), by: try file.nested(inner).source(),
      delegates: file.content["delegates"]?.elements.compactMap(\.string) ?? [], lifeSeconds: nil)
  }

  /// - Parameter url: ends in `/serviceAccounts/EMAIL:generateAccessToken`.
  static func source(
    _ file: CredentialFile, _ url: String, by base: any TokenSource, delegates: [String], lifeSeconds: Int64?
  ) throws(ProviderError) -> any TokenSource {
    guard let place = HTTPURL(url), let last = place.path.split(separator: "/").last,
      last.hasSuffix(":generateAccessToken")
    else { throw file.failed("`service_account_impersonation_url` names no account") }
    if let problem = GCPEndpoints.problem(url) { throw file.failed(problem) }
    let service = GCPService.iamCredentials
    var endpoints = file.endpoints
    if place.host != service.host, let end = place.path.firstRange(of: service.root) {
      var base = place
      base.path = String(place.path[..<end.lowerBound])
      endpoints = GCPEndpoints(services: [service.name: base])
    }
    let account = String(decoding: PercentEncoding.decode(last.dropLast(":generateAccessToken".count)), as: UTF8.self)
    let step = Impersonation(
      account, by: base, delegates: delegates, scopes: file.scopes, lifeSeconds: lifeSeconds, file.machine, endpoints)
    return file.renewed(step.fetch)
  }

  func fetch() async throws(ProviderError) -> AccessToken {
    let call = GCPCall(
      .iamCredentials, "projects.serviceAccounts.generateAccessToken", .repeatable, .post,
      "projects/-/serviceAccounts/\(account):generateAccessToken",
      body: [
        "scope": .list(scopes.map { .string($0) }), "lifetime": .string("\(lifeSeconds)s"),
        "delegates": .list(delegates.map { .string("projects/-/serviceAccounts/\(Self.email($0))") }),
      ])
    let answer: GCPAnswer
    do throws(ProviderError) { answer = try await client.send(call) } catch {
      var error = error
      error.message = "cannot act as `\(account)` (iam.serviceAccounts.getAccessToken): \(error.message)"
      throw error
    }
    guard let text = answer.value["accessToken"]?.string else {
      throw ProviderError(.denied(permission: nil), effect: .none, "there is no token of `\(account)` in the answer")
    }
    return AccessToken(text, expires: answer.value["expireTime"]?.string.flatMap { Instant(rfc3339: $0) })
  }

  /// Files name delegates by their full names, manifests by their addresses.
  private static func email(_ name: String) -> String {
    name.split(separator: "/").last.map(String.init) ?? name
  }
}
