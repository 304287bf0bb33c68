import Cryptography
import HTTP
import ProviderKit
import Values

/// Workload identity federation: a token of another identity provider is exchanged for one of Google, and that, where
/// the file says so, for one of a service account.
///
/// https://google.aip.dev/auth/4117
struct ExternalAccount: Sendable {
  private let file: CredentialFile
  private let audience: String
  private let subjectTokenType: String
  private let subject: any SubjectTokenSource
  private let endpoint: TokenEndpoint

  init(_ file: CredentialFile) throws(ProviderError) {
    self.file = file
    audience = try file.text("audience")
    subjectTokenType = try file.text("subject_token_type")
    endpoint = try TokenEndpoint(try file.text("token_url"), of: file)
    guard let source = file.content["credential_source"], source.kind == .map else {
      throw file.failed("there is no `credential_source`")
    }
    subject = try Self.subject(source, file, audience)
  }

  func source() throws(ProviderError) -> any TokenSource {
    guard let url = file.optional("service_account_impersonation_url") else {
      return file.renewed { [self] () async throws(ProviderError) in try await exchange(file.scopes) }
    }
    // Impersonation itself needs the wide scope; the token that comes of it has the scopes that were asked for.
    let base = file.renewed { [self] () async throws(ProviderError) in
      try await exchange([TokenChain.usualScope])
    }
    let seconds = file.content["service_account_impersonation"]?["token_lifetime_seconds"]?.int
    return try Impersonation.source(file, url, by: base, delegates: [], lifeSeconds: seconds)
  }

  private static func subject(
    _ source: Value, _ file: CredentialFile, _ audience: String
  ) throws(ProviderError) -> any SubjectTokenSource {
    if source["environment_id"] != nil { return try AWSSubject(source, file, audience) }
    if let path = source["file"]?.string { return FileSubject(path: path, format: try .init(source, file), file: file) }
    if let url = source["url"]?.string { return try URLSubject(url, source, file) }
    let kinds = source.keys.joined(separator: ", ")
    throw file.failed("`credential_source` names no `file`, `url` or `environment_id`: there is \(kinds)")
  }

  private func exchange(_ scopes: [String]) async throws(ProviderError) -> AccessToken {
    let token = try await subject.subjectToken()
    let kind = "urn:ietf:params:oauth:token-type:access_token"
    var form = [
      (name: "grant_type", value: "urn:ietf:params:oauth:grant-type:token-exchange"),
      (name: "audience", value: audience), (name: "scope", value: scopes.joined(separator: " ")),
      (name: "requested_token_type", value: kind), (name: "subject_token", value: token),
      (name: "subject_token_type", value: subjectTokenType),
    ]
    var headers = HTTPHeaders()
    let secret = file.optional("client_secret")
    if let client = file.optional("client_id"), let secret {
      headers["Authorization"] = "Basic " + Base64.encode(Array("\(client):\(secret)".utf8))
    } else if let project = file.optional("workforce_pool_user_project") {
      let options: Value = ["userProject": .string(project)]
      form.append(("options", PercentEncoding.encode(JSONWriter().text(options))))
    }
    return try await endpoint.token(form, headers: headers, hiding: [token, secret ?? ""])
  }
}

/// Gives what another identity provider says of who runs this.
protocol SubjectTokenSource: Sendable {
  func subjectToken() async throws(ProviderError) -> String
}

/// Where the token stands in what was read.
enum SubjectTokenFormat: Sendable {
  case text
  /// In this field of a JSON object.
  case json(field: String)

  init(_ source: Value, _ file: CredentialFile) throws(ProviderError) {
    let format = source["format"]
    switch format?["type"]?.string {
    case nil, "text": self = .text
    case "json":
      guard let field = format?["subject_token_field_name"]?.string else {
        throw file.failed("a `format` of JSON names its `subject_token_field_name`")
      }
      self = .json(field: field)
    case let type?: throw file.failed("`\(type)` is no `format` of a subject token: `text` or `json`")
    }
  }

  /// nil where there is none.
  func token(_ bytes: [UInt8]) -> String? {
    switch self {
    case .text:
      return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).first.map(String.init)
    case .json(let field):
      do throws(JSONError) { return try JSONReader.parse(bytes)[field]?.string } catch { return nil }
    }
  }
}
