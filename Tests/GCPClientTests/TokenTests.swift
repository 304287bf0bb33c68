import Cryptography
import HTTP
import Platform
import ProviderKit
import Synchronization
import TestSupport
import Testing
import Values

@testable import GCPClient

@Suite("tokens of Google Cloud")
struct TokenTests {
  private static let adc = "/home/ana/.config/gcloud/application_default_credentials.json"

  private func fixture(
    _ credentials: Value?, _ environment: [String: String] = [:], files: [String: String] = [:],
    _ answer: @escaping SimulatedTransport.Answer = { _ in .json(200, #"{"access_token": "t1", "expires_in": 3600}"#) }
  ) -> GCPFixture {
    var files = files
    if let credentials { files[Self.adc] = JSONWriter(secrets: .revealed).text(credentials) }
    return GCPFixture(
      environment: ["HOME": "/home/ana", "NO_GCE_CHECK": "true"].merging(environment) { $1 }, files: files, answer)
  }

  private func token(
    _ fixture: GCPFixture, _ settings: GCPTargetSettings.CredentialSettings = .init()
  ) async throws -> String {
    let chain = TokenChain(fixture.machine, GCPEndpoints(environment: fixture.machine.environment))
    return try await chain.source(settings).token().text
  }

  private func form(_ request: HTTPRequest?) -> [String: String] {
    let pairs = String(decoding: request?.body ?? [], as: UTF8.self).split(separator: "&").map { pair in
      pair.split(separator: "=", omittingEmptySubsequences: false).map {
        String(decoding: PercentEncoding.decode($0), as: UTF8.self)
      }
    }
    return Dictionary(uniqueKeysWithValues: pairs.map { ($0[0], $0[1]) })
  }

  private static let user: Value = [
    "type": "authorized_user", "client_id": "id", "client_secret": "whisper", "refresh_token": "hush",
    "quota_project_id": "payer",
  ]

  private static func external(_ source: Value, _ more: [(String, Value)] = []) -> Value {
    .map(
      [
        ("type", "external_account"), ("audience", "//iam.googleapis.com/pools/p/providers/x"),
        ("subject_token_type", "urn:ietf:params:oauth:token-type:jwt"),
        ("token_url", "https://sts.googleapis.com/v1/token"), ("credential_source", source),
      ] + more)
  }

  @Test("where nobody has a token, the error lists every place that was looked at")
  func nothing() async throws {
    let error = await #expect(throws: ProviderError.self) { try await token(fixture(nil)) }
    #expect(
      error?.message
        == "no credentials of Google Cloud: `GOOGLE_OAUTH_ACCESS_TOKEN` is not set; "
        + "`CLOUDSDK_AUTH_ACCESS_TOKEN_FILE` is not set; `GOOGLE_APPLICATION_CREDENTIALS` is not set; there is no "
        + "`\(Self.adc)` (`gcloud auth application-default login` writes it); the metadata server is switched off "
        + "(`NO_GCE_CHECK`)")
    let unreachable = fixture(nil, ["NO_GCE_CHECK": ""]) { _ throws(HTTPError) in
      throw HTTPError(.unresolvedHost, phase: .connect, effect: .notSent, text: "no such host")
    }
    let second = await #expect(throws: ProviderError.self) { try await token(unreachable) }
    #expect(
      second?.message.hasSuffix("the metadata server at metadata.google.internal does not answer: no such host") == true
    )
  }

  @Test("places are looked at in the order of Google's own tools")
  func order() async throws {
    let files = ["/t": "from-file\n", "/key": JSONWriter(secrets: .revealed).text(Self.user), "/mine": "from-target"]
    var environment = [
      "GOOGLE_OAUTH_ACCESS_TOKEN": "from-environment", "CLOUDSDK_AUTH_ACCESS_TOKEN_FILE": "/t",
      "GOOGLE_APPLICATION_CREDENTIALS": "/key", "NO_GCE_CHECK": "",
    ]
    var settings = GCPTargetSettings.CredentialSettings()
    settings.tokenFile = "/mine"
    #expect(try await token(fixture(Self.user, environment, files: files), settings) == "from-target")
    #expect(try await token(fixture(Self.user, environment, files: files)) == "from-environment")
    environment["GOOGLE_OAUTH_ACCESS_TOKEN"] = nil
    #expect(try await token(fixture(Self.user, environment, files: files)) == "from-file")
    environment["CLOUDSDK_AUTH_ACCESS_TOKEN_FILE"] = nil
    let named = fixture(nil, environment, files: files)
    #expect(try await token(named) == "t1")
    #expect(named.transport.requests.map(\.url.host) == ["oauth2.googleapis.com"])
    environment["GOOGLE_APPLICATION_CREDENTIALS"] = nil
    #expect(try await token(fixture(Self.user, environment)) == "t1")
    let metadata = fixture(nil, environment)
    #expect(try await token(metadata) == "t1")
    #expect(
      metadata.transport.requests.first?.url.description
        == "http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token"
        + "?scopes=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fcloud-platform")
    #expect(metadata.transport.requests.first?.headers["Metadata-Flavor"] == "Google")
  }

  @Test("a person's refresh token is exchanged, and what pays is what the file says")
  func user() async throws {
    let fixture = fixture(Self.user)
    let source = try TokenChain(fixture.machine, GCPEndpoints()).source(.init())
    try await fixture.client(source).send(GCPFixture.read)
    let requests = fixture.transport.requests
    #expect(
      form(requests.first) == [
        "grant_type": "refresh_token", "refresh_token": "hush", "client_id": "id", "client_secret": "whisper",
      ])
    #expect(requests.last?.headers["Authorization"] == "Bearer t1")
    #expect(requests.last?.headers["X-Goog-User-Project"] == "payer")
  }

  @Test("a person of a workforce pool shows the client's secret in a header, at the pool's own endpoint")
  func workforceUser() async throws {
    let fixture = fixture([
      "type": "external_account_authorized_user", "client_id": "id", "client_secret": "s", "refresh_token": "hush",
      "token_url": "https://sts.googleapis.com/v1/oauthtoken",
    ])
    #expect(try await token(fixture) == "t1")
    let request = fixture.transport.requests.first
    #expect(form(request) == ["grant_type": "refresh_token", "refresh_token": "hush"])
    #expect(request?.headers["Authorization"] == "Basic aWQ6cw==")
    #expect(request?.url.path == "/v1/oauthtoken")
  }

  @Test("a key of a service account signs an assertion for the endpoint it names")
  func key() async throws {
    let fixture = fixture([
      "type": "service_account", "client_email": "ci@acme.test", "private_key_id": "k1",
      "private_key": .string(SampleKey.pem), "token_uri": "http://127.0.0.1:9/token",
    ])
    var settings = GCPTargetSettings.CredentialSettings()
    settings.scopes = ["a", "b"]
    #expect(try await token(fixture, settings) == "t1")
    let form = form(fixture.transport.requests.first)
    #expect(form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer")
    let parts = try #require(form["assertion"]).split(separator: ".").map(String.init)
    let decoded = try parts.prefix(2).map { try JSONReader.parse(try #require(Base64.decode($0, .url))) }
    #expect(decoded[0] == ["alg": "RS256", "typ": "JWT", "kid": "k1"])
    let now = Int(fixture.time.now.seconds)
    #expect(
      decoded[1] == [
        "iss": "ci@acme.test", "scope": "a b", "aud": "http://127.0.0.1:9/token", "iat": .int(now),
        "exp": .int(now + 3600),
      ])
    let key = try #require(RSAPrivateKey(pem: SampleKey.pem))
    #expect(Base64.decode(parts[2], .url) == key.signature(of: Array("\(parts[0]).\(parts[1])".utf8)))
  }

  @Test("a token is fetched anew five minutes before its end, once for all who wait")
  func renewal() async throws {
    let count = Mutex(0)
    let fixture = fixture(Self.user) { _ in
      let number = count.withLock { count in
        count += 1
        return count
      }
      return .json(200, #"{"access_token": "t\#(number)", "expires_in": "3600"}"#)
    }
    let source = try TokenChain(fixture.machine, GCPEndpoints()).source(.init())
    func texts() async throws -> Set<String> {
      try await withThrowingTaskGroup(of: String.self) { group in
        for _ in 0..<20 { group.addTask { try await source.token().text } }
        return try await group.reduce(into: []) { $0.insert($1) }
      }
    }
    #expect(try await texts() == ["t1"])
    fixture.time.advance(by: .seconds(3299))
    #expect(try await texts() == ["t1"])
    fixture.time.advance(by: .seconds(1))
    #expect(try await texts() == ["t2"])
  }

  @Test(
    "a token of another provider is exchanged, from a file or a server, as text or JSON",
    arguments: [
      ["file": "/token"], ["file": "/token.json", "format": ["type": "json", "subject_token_field_name": "jwt"]],
      ["url": "https://ci.test/token", "headers": ["X-Proof": "p"]],
      ["url": "https://ci.test/token.json", "format": ["type": "json", "subject_token_field_name": "jwt"]],
    ] as [Value])
  func exchange(_ source: Value) async throws {
    let files = ["/token": "subject\n", "/token.json": #"{"jwt": "subject"}"#]
    let fixture = fixture(Self.external(source), files: files) { request in
      if request.url.host == "ci.test" { return .json(200, files[request.url.path] ?? "") }
      return .json(200, #"{"access_token": "t1", "expires_in": 3600}"#)
    }
    #expect(try await token(fixture) == "t1")
    #expect(
      form(fixture.transport.requests.last) == [
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "audience": "//iam.googleapis.com/pools/p/providers/x", "scope": TokenChain.usualScope,
        "requested_token_type": "urn:ietf:params:oauth:token-type:access_token", "subject_token": "subject",
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
      ])
    if source["headers"] != nil { #expect(fixture.transport.requests.first?.headers["X-Proof"] == "p") }
  }

  @Test("who runs on AWS signs a request that Google sends")
  func aws() async throws {
    let source: Value = [
      "environment_id": "aws1",
      "regional_cred_verification_url":
        "https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15",
    ]
    let keys = ["AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "hush", "AWS_REGION": "us-west-2"]
    let fixture = fixture(Self.external(source), keys)
    #expect(try await token(fixture) == "t1")
    let subject = try #require(form(fixture.transport.requests.last)["subject_token"])
    let signed = try JSONReader.parse(PercentEncoding.decode(subject))
    #expect(
      signed["url"]?.string == "https://sts.us-west-2.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15")
    #expect(signed["method"]?.string == "POST")
    let pairs = signed["headers"]?.elements.map { ($0["key"]?.string?.lowercased() ?? "", $0["value"]?.string ?? "") }
    let headers = Dictionary(uniqueKeysWithValues: pairs ?? [])
    #expect(headers["host"] == "sts.us-west-2.amazonaws.com")
    #expect(headers["x-goog-cloud-target-resource"] == "//iam.googleapis.com/pools/p/providers/x")
    let authorization = try #require(headers["authorization"])
    #expect(authorization.hasPrefix("AWS4-HMAC-SHA256 Credential=AKIA/"))
    #expect(authorization.contains("/us-west-2/sts/aws4_request"))
    #expect(authorization.contains("SignedHeaders=host;x-amz-date;x-goog-cloud-target-resource"))
    #expect(!subject.contains("hush"))
  }

  private static let impersonationAnswer = #"{"accessToken": "sa", "expireTime": "2100-01-01T00:00:00Z"}"#

  private func answer(_ request: HTTPRequest) -> HTTPResponse {
    request.url.host == "iamcredentials.googleapis.com"
      ? .json(200, Self.impersonationAnswer) : .json(200, #"{"access_token": "t1", "expires_in": 3600}"#)
  }

  @Test("the target, the environment, and files of two kinds name an account to act as")
  func impersonation() async throws {
    let url = "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/sa@acme.test:generateAccessToken"
    var settings = GCPTargetSettings.CredentialSettings()
    settings.impersonate = "sa@acme.test"
    settings.delegates = ["mid@acme.test"]
    let cases: [(Value, [String: String], GCPTargetSettings.CredentialSettings)] = [
      (Self.user, [:], settings), (Self.user, ["GOOGLE_IMPERSONATE_SERVICE_ACCOUNT": "sa@acme.test"], .init()),
      (
        [
          "type": "impersonated_service_account", "service_account_impersonation_url": .string(url),
          "delegates": ["projects/-/serviceAccounts/mid@acme.test"], "source_credentials": Self.user,
        ], [:], .init()
      ),
      (Self.external(["file": "/token"], [("service_account_impersonation_url", .string(url))]), [:], .init()),
    ]
    for (credentials, environment, settings) in cases {
      let fixture = fixture(credentials, environment, files: ["/token": "subject"]) { answer($0) }
      #expect(try await token(fixture, settings) == "sa")
      let request = try #require(fixture.transport.requests.last)
      #expect(request.url.description == url)
      #expect(request.headers["Authorization"] == "Bearer t1")
      let body = try JSONReader.parse(request.body)
      #expect(body["lifetime"]?.string == "3600s")
      #expect(body["scope"] == [.string(TokenChain.usualScope)])
      let hasDelegate = settings.delegates.count > 0 || credentials["delegates"] != nil
      #expect(body["delegates"] == (hasDelegate ? ["projects/-/serviceAccounts/mid@acme.test"] : []))
    }
  }

  @Test(
    "what a file lacks is named, and nothing of what it holds",
    arguments: [
      (["type": "service_account", "client_email": "a@b"], "there is no `private_key`"),
      (
        ["type": "service_account", "client_email": "a@b", "private_key": "hush"],
        "its `private_key` is no key of RSA in PEM form"
      ),
      (["type": "authorized_user", "client_id": "i", "client_secret": "hush"], "there is no `refresh_token`"),
      (["type": "gdch_service_account"], "`gdch_service_account` is no `type` that Plumb knows: one of"),
      (["private_key": "hush"], "there is no `type`: one of"),
      (["type": "external_account", "audience": "a", "subject_token_type": "t"], "there is no `token_url`"),
      (external(["executable": ["command": "hush"]]), "`credential_source` names no `file`, `url` or"),
      (external(["environment_id": "azure"]), "`environment_id` of `credential_source` is not `aws1`"),
      (
        [
          "type": "authorized_user", "client_id": "i", "client_secret": "hush", "refresh_token": "hush",
          "token_uri": "http://evil.test/token",
        ], "`http://evil.test/token` would send tokens unencrypted"
      ),
      (["type": "impersonated_service_account"], "there are no `source_credentials`"),
    ] as [(Value, String)])
  func incomplete(_ credentials: Value, _ text: String) async throws {
    let error = await #expect(throws: ProviderError.self) { try await token(fixture(credentials)) }
    #expect(error?.message.hasPrefix("credentials `\(Self.adc)`: \(text)") == true, "\(error?.message ?? "")")
    #expect(error?.message.contains("hush") == false)
  }

  @Test("what a token endpoint repeats of a secret does not show")
  func repeated() async throws {
    let fixture = fixture(Self.user) { _ in
      .json(400, #"{"error": "invalid_grant", "error_description": "hush of whisper was revoked"}"#)
    }
    let error = await #expect(throws: ProviderError.self) { try await token(fixture) }
    #expect(
      error?.message
        == "the token endpoint at oauth2.googleapis.com refuses with status 400: invalid_grant, (sensitive) of "
        + "(sensitive) was revoked; `gcloud auth application-default login` gets new credentials")
    #expect(fixture.transport.requests.count == 1)
  }

  @Test("a token endpoint with a passing fault is asked again")
  func passing() async throws {
    let left = Mutex(3)
    let fixture = fixture(Self.user) { _ in
      left.withLock { left in
        left -= 1
        return left > 0 ? .json(503, "busy") : .json(200, #"{"access_token": "t1"}"#)
      }
    }
    #expect(try await token(fixture) == "t1")
  }
}
