import AWSClient
import Cryptography
import HTTP
import Platform
import ProviderKit
import Synchronization
import TestSupport
import Testing

/// Each source of keys that is a server, over the real transport against a server on 127.0.0.1.
@Suite("keys from servers")
struct KeyServerTests {
  /// What came in, head and body.
  private final class Log: Sendable {
    private let state = Mutex<[String]>([])
    var entries: [String] { state.withLock { $0 } }
    func add(_ request: LoopbackServer.Request) {
      state.withLock { $0.append("\(request.head)\r\n\r\n\(String(decoding: request.body, as: UTF8.self))") }
    }
  }

  private let log = Log()

  /// Answers by the first line of a request; what nobody scripted is not found.
  private func server(_ answers: [String: String], status: String = "200 OK") -> LoopbackServer {
    LoopbackServer { [log] request in
      log.add(request)
      let line = request.head.prefix { $0 != "\r\n" }
      guard let found = answers.first(where: { line.hasPrefix($0.key + " ") }) else {
        return LoopbackServer.answer("no", status: "404 Not Found")
      }
      return LoopbackServer.answer(found.value, status: status)
    }
  }

  private func source(
    _ environment: [String: String], files: [String: String] = [:], profile: String? = nil,
    endpoints: AWSEndpoints = AWSEndpoints()
  ) throws -> any CredentialSource {
    let machine = ClientMachine(
      transport: CurlTransport(), environment: Environment(["HOME": "/home/ana"].merging(environment) { $1 }),
      files: SimulatedFiles(files), children: SimulatedChildren { _ in ChildResult(status: .exited(1)) },
      time: SimulatedTime(skipsSleep: true), random: SeededRandom(seed: 1))
    let profiles = try Profiles.load(machine.environment, machine.files)
    return try CredentialChain(machine, profiles: profiles, region: "us-west-2", endpoints: endpoints)
      .source(.init(), targetProfile: profile)
  }

  private func endpoints(_ server: LoopbackServer) -> AWSEndpoints {
    AWSEndpoints(endpoint: HTTPURL("http://127.0.0.1:\(server.port)"))
  }

  private static let keys = """
    {"Code": "Success", "AccessKeyId": "ROLE", "SecretAccessKey": "hush", "Token": "t", \
    "Expiration": "2030-01-01T00:00:00Z"}
    """

  @Test("an instance's role is asked for with a token that is asked for first")
  func instance() async throws {
    let path = "/latest/meta-data/iam/security-credentials/"
    let server = server(["PUT /latest/api/token": "proof", "GET \(path)": "web\n", "GET \(path)web": Self.keys])
    let keys = try await source(["AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:\(server.port)/"]).credentials()
    #expect(keys.accessKeyID == "ROLE" && keys.secretAccessKey == "hush" && keys.sessionToken == "t")
    #expect(keys.expires == Instant(rfc3339: "2030-01-01T00:00:00Z"))
    let heads = log.entries.map { $0.lowercased() }
    try #require(heads.count == 3)
    #expect(heads[0].contains("x-aws-ec2-metadata-token-ttl-seconds: 60"))
    #expect(heads[1...].allSatisfy { $0.contains("x-aws-ec2-metadata-token: proof") })
  }

  @Test("where nobody gives keys, the error lists every place that was looked at")
  func nothing() async throws {
    let server = server([:])
    let instance = ["AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:\(server.port)"]
    let config = ["/home/ana/.aws/config": "[default]\nregion = eu-west-1\n"]
    let error = await #expect(throws: ProviderError.self) {
      try await source(instance, files: config).credentials()
    }
    let message = try #require(error?.message)
    for place in [
      "`AWS_ACCESS_KEY_ID`", "`AWS_PROFILE`", "`AWS_WEB_IDENTITY_TOKEN_FILE`", "profile `default` gives no keys",
      "`AWS_CONTAINER_CREDENTIALS_FULL_URI`",
      "instance metadata at http://127.0.0.1:\(server.port) answers with status 404",
    ] {
      #expect(message.contains(place), "\(message)")
    }
    let off = #expect(throws: ProviderError.self) { try source(["AWS_EC2_METADATA_DISABLED": "true"]) }
    #expect(off?.message.contains("`AWS_EC2_METADATA_DISABLED`") == true)
    #expect(off?.message.contains("there is no profile `default`") == true)
  }

  @Test("a container's server gives keys for the token in a file")
  func container() async throws {
    let server = server(["GET /v1/credentials": Self.keys])
    let environment = [
      "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:\(server.port)/v1/credentials",
      "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/var/token",
    ]
    let keys = try await source(environment, files: ["/var/token": "secret-token\n"]).credentials()
    #expect(keys.accessKeyID == "ROLE")
    #expect(log.entries[0].split(separator: "\r\n").contains("Authorization: secret-token"))
  }

  @Test(
    "a container's keys come over TLS or from the machine itself, never from elsewhere in the open",
    arguments: [
      "http://169.254.169.254.example.com/keys", "http://10.0.0.1/keys", "http://127.0.0.1.example.com/", "keys",
    ])
  func farContainer(_ url: String) {
    let error = #expect(throws: ProviderError.self) { try source(["AWS_CONTAINER_CREDENTIALS_FULL_URI": url]) }
    #expect(error?.message.contains("`https`") == true)
  }

  @Test("a failing server is asked three times, and its refusal shows neither path nor body")
  func refused() async throws {
    let server = server(["GET /v1/credentials/hush": "hush"], status: "503 Busy")
    let url = "http://127.0.0.1:\(server.port)/v1/credentials/hush"
    let error = await #expect(throws: ProviderError.self) {
      try await source(["AWS_CONTAINER_CREDENTIALS_FULL_URI": url]).credentials()
    }
    #expect(error?.message == "the container's server of keys at 127.0.0.1:\(server.port) answers with status 503")
    #expect(log.entries.count == 3)
  }

  private static let assumed = """
    <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
    <AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>CI</AccessKeyId>
    <SecretAccessKey>hush</SecretAccessKey><SessionToken>t</SessionToken>
    <Expiration>2030-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult>
    </AssumeRoleWithWebIdentityResponse>
    """

  @Test("a web identity's token goes to STS without a signature, from the environment or a profile")
  func webIdentity() async throws {
    let server = server(["POST /": Self.assumed])
    let role = "arn:aws:iam::123456789012:role/ci"
    let environment = [
      "AWS_WEB_IDENTITY_TOKEN_FILE": "/var/jwt", "AWS_ROLE_ARN": role, "AWS_ROLE_SESSION_NAME": "job-7",
    ]
    let files = [
      "/var/jwt": "ey.j.wt\n",
      "/home/ana/.aws/config": "[profile ci]\nrole_arn = \(role)\nweb_identity_token_file = /var/jwt\n",
    ]
    #expect(
      try await source(environment, files: files, endpoints: endpoints(server)).credentials().accessKeyID == "CI")
    #expect(
      try await source([:], files: files, profile: "ci", endpoints: endpoints(server)).credentials().accessKeyID == "CI"
    )
    for entry in log.entries {
      #expect(!entry.lowercased().contains("authorization:"))
      #expect(entry.contains("Action=AssumeRoleWithWebIdentity") && entry.contains("WebIdentityToken=ey.j.wt"))
      #expect(entry.contains("RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fci"))
    }
    #expect(log.entries[0].contains("RoleSessionName=job-7"))
    #expect(log.entries[1].contains("RoleSessionName=plumb"))
  }

  @Test("a token that STS refuses does not show in the error")
  func refusedToken() async throws {
    let answer = """
      <ErrorResponse><Error><Type>Sender</Type><Code>InvalidIdentityToken</Code>\
      <Message>Couldn't read ey.j.wt</Message></Error><RequestId>r</RequestId></ErrorResponse>
      """
    let server = server(["POST /": answer], status: "400 Bad Request")
    let environment = ["AWS_WEB_IDENTITY_TOKEN_FILE": "/var/jwt", "AWS_ROLE_ARN": "arn:aws:iam::1:role/ci"]
    let error = await #expect(throws: ProviderError.self) {
      try await source(environment, files: ["/var/jwt": "ey.j.wt"], endpoints: endpoints(server)).credentials()
    }
    #expect(error?.request.code == "InvalidIdentityToken")
    #expect(error.map { "\($0)" }?.contains("ey.j.wt") == false)
  }
}
