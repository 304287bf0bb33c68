import AWSClient
import Cryptography
import HTTP
import Platform
import ProviderKit
import TestSupport
import Testing

@Suite("keys after a single sign-on")
struct SingleSignOnTests {
  private static let config = """
    [profile dev]
    sso_session = corp
    sso_account_id = 123456789012
    sso_role_name = Platform Admin
    [sso-session corp]
    sso_region = eu-west-1
    sso_start_url = https://corp.example/start
    [profile old]
    sso_start_url = https://corp.example/start
    sso_region = eu-west-1
    sso_account_id = 123456789012
    sso_role_name = Reader
    [profile lost]
    sso_session = nowhere
    """

  /// Where `aws sso login` leaves the token of a session.
  private static func cache(_ key: String) -> String {
    "/home/ana/.aws/sso/cache/\(Hex.encode(SHA1.digest(Array(key.utf8)))).json"
  }

  private static func token(_ expires: String) -> String {
    #"{"accessToken": "hush", "expiresAt": "\#(expires)", "region": "eu-west-1"}"#
  }

  private func keys(
    _ profile: String, files: [String: String] = [:], transport: any HTTPTransport = CurlTransport(), port: Int = 1
  ) async throws -> AWSCredentials {
    let machine = ClientMachine(
      transport: transport,
      environment: Environment(["HOME": "/home/ana", "AWS_ENDPOINT_URL_SSO": "http://127.0.0.1:\(port)"]),
      files: SimulatedFiles(files.merging(["/home/ana/.aws/config": Self.config]) { $1 }),
      children: SimulatedChildren { _ in ChildResult(status: .exited(1)) }, time: SimulatedTime(skipsSleep: true),
      random: SeededRandom(seed: 1))
    let endpoints = port == 1 ? AWSEndpoints() : AWSEndpoints(environment: machine.environment)
    let profiles = try Profiles.load(machine.environment, machine.files)
    return try await CredentialChain(machine, profiles: profiles, region: "us-west-2", endpoints: endpoints)
      .source(.init(), targetProfile: profile).credentials()
  }

  @Test(
    "the token of the login is shown for the keys of a role",
    arguments: [("dev", "corp"), ("old", "https://corp.example/start")])
  func keys(_ profile: String, _ key: String) async throws {
    let server = LoopbackServer { request in
      let isAsked =
        request.head.hasPrefix("GET /federation/credentials?role_name=")
        && request.head.contains("&account_id=123456789012 ")
        && request.head.lowercased().split(separator: "\r\n").contains("x-amz-sso_bearer_token: hush")
      let answer = """
        {"roleCredentials": {"accessKeyId": "SSO", "secretAccessKey": "s", "sessionToken": "t", \
        "expiration": 1893456000000}}
        """
      return isAsked ? LoopbackServer.answer(answer) : LoopbackServer.answer("no", status: "404 Not Found")
    }
    let found = try await keys(
      profile, files: [Self.cache(key): Self.token("2030-01-01T00:00:00Z")], port: server.port)
    #expect(found.accessKeyID == "SSO" && found.sessionToken == "t")
    #expect(found.expires == Instant(rfc3339: "2030-01-01T00:00:00Z"))
  }

  @Test("the service of the session's region is asked")
  func region() async throws {
    let transport = SimulatedTransport { _ throws(HTTPError) in HTTPResponse(status: 401, body: Array("hush".utf8)) }
    let error = await #expect(throws: ProviderError.self) {
      try await keys("dev", files: [Self.cache("corp"): Self.token("2030-01-01T00:00:00Z")], transport: transport)
    }
    #expect(error?.message.contains("`aws sso login --profile dev`") == true)
    #expect(error?.message.contains("hush") == false)
    #expect(
      transport.requests.map(\.url.description) == [
        "https://portal.sso.eu-west-1.amazonaws.com/federation/credentials?role_name=Platform%20Admin"
          + "&account_id=123456789012"
      ])
  }

  @Test(
    "what a login would mend says so, and what the file lacks is named",
    arguments: [
      ("dev", nil, "nobody has logged in; `aws sso login --profile dev`"),
      ("dev", "2001-01-01T00:00:00Z", "its token has ended; `aws sso login --profile dev`"),
      ("lost", nil, "there is no `[sso-session nowhere]`"),
    ])
  func failures(_ profile: String, _ expires: String?, _ text: String) async throws {
    let files = expires.map { [Self.cache("corp"): Self.token($0)] } ?? [:]
    let error = await #expect(throws: ProviderError.self) { try await keys(profile, files: files) }
    #expect(error?.message.contains(text) == true, "\(error?.message ?? "")")
  }
}
