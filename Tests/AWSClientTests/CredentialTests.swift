import AWSClient
import HTTP
import Platform
import ProviderKit
import Testing
import Values

@Suite("credentials and endpoints of AWS")
struct CredentialTests {
  static let config = """
    # a comment
    [default]
    region = us-east-1

    [profile dev]
    aws_access_key_id = DEV   ; a comment
    aws_secret_access_key = s#cret=+/
    s3 =
      addressing_style = path
    [profile  ops ]
    role_arn = arn:aws:iam::123456789012:role/ops
    source_profile = dev
    external_id = ext
    role_session_name = me
    [profile tool]
    credential_process = /bin/keys --for "a b"
    [profile a]
    role_arn = arn:aws:iam::1:role/a
    source_profile = b
    [profile b]
    role_arn = arn:aws:iam::1:role/b
    source_profile = a
    [profile sso]
    sso_session = corp
    """
  static let credentials = """
    [default]
    aws_access_key_id = DEFAULT
    aws_secret_access_key = secret
    aws_session_token = token
    """

  static func fixture(
    _ environment: [String: String] = [:],
    children: any ChildRunner = SimulatedChildren { _ in ChildResult(status: .exited(1)) },
    _ answer: @escaping SimulatedTransport.Answer = { _ in .assumed("ASSUMED") }
  ) -> ClientFixture {
    ClientFixture(
      environment: ["HOME": "/home/ana"].merging(environment) { $1 },
      files: ["/home/ana/.aws/config": config, "/home/ana/.aws/credentials": credentials], children: children, answer)
  }

  private func keys(
    _ fixture: ClientFixture, _ settings: AWSTargetSettings.CredentialSettings = .init(), profile: String? = nil
  ) async throws -> AWSCredentials {
    try await fixture.chain().source(settings, targetProfile: profile).credentials()
  }

  @Test("the environment's keys come before profiles, a target's profile before both")
  func order() async throws {
    #expect(
      try await keys(Self.fixture())
        == AWSCredentials(accessKeyID: "DEFAULT", secretAccessKey: "secret", sessionToken: "token"))
    let environment = [
      "AWS_ACCESS_KEY_ID": "ENV", "AWS_SECRET_ACCESS_KEY": "e", "AWS_SESSION_TOKEN": "t", "AWS_PROFILE": "dev",
    ]
    #expect(
      try await keys(Self.fixture(environment))
        == AWSCredentials(accessKeyID: "ENV", secretAccessKey: "e", sessionToken: "t"))
    #expect(try await keys(Self.fixture(environment), profile: "dev").secretAccessKey == "s#cret=+/")
    #expect(try await keys(Self.fixture(["AWS_PROFILE": "dev"])).accessKeyID == "DEV")
  }

  @Test("a profile's role is assumed with the keys of its source, and kept until five minutes before its end")
  func assumedRole() async throws {
    let fixture = Self.fixture()
    let source = try fixture.chain().source(.init(), targetProfile: "ops")
    async let first = source.credentials()
    async let second = source.credentials()
    #expect(try await [first, second].map(\.accessKeyID) == ["ASSUMED", "ASSUMED"])
    #expect(fixture.transport.requests.count == 1)
    let request = try #require(fixture.transport.requests.first)
    #expect(request.headers["Authorization"]?.contains("Credential=DEV/") == true)
    let body = String(decoding: request.body, as: UTF8.self)
    #expect(body.contains("ExternalId=ext") && body.contains("RoleSessionName=me") && body.contains("role%2Fops"))
    fixture.time.advance(by: .seconds(3600 - 301))
    _ = try await source.credentials()
    #expect(fixture.transport.requests.count == 1)
    fixture.time.advance(by: .seconds(2))
    _ = try await source.credentials()
    #expect(fixture.transport.requests.count == 2)
  }

  @Test("a target's role is assumed, with an external id from the environment")
  func targetRole() async throws {
    var settings = AWSTargetSettings.CredentialSettings()
    settings.assumeRole = "arn:aws:iam::1:role/plan"
    settings.externalIDVariable = "EXTERNAL_ID"
    let fixture = Self.fixture(["EXTERNAL_ID": "x-1"])
    #expect(try await keys(fixture, settings).accessKeyID == "ASSUMED")
    #expect(String(decoding: fixture.transport.requests[0].body, as: UTF8.self).contains("ExternalId=x-1"))
    let error = await #expect(throws: ProviderError.self) { try await keys(Self.fixture(), settings) }
    #expect(error?.message.contains("EXTERNAL_ID") == true)
  }

  @Test("a program's keys are read, and its failure says nothing of its output")
  func process() async throws {
    let answer =
      #"{"Version":1,"AccessKeyId":"TOOL","SecretAccessKey":"s","Expiration":"2026-01-01T01:00:00Z"}"#
    let good = SimulatedChildren { command in
      command.arguments == ["/bin/keys", "--for", "a b"]
        ? ChildResult(status: .exited(0), output: Array(answer.utf8)) : ChildResult(status: .exited(9))
    }
    #expect(try await keys(Self.fixture(children: good), profile: "tool").accessKeyID == "TOOL")
    for output in ["not json secret", #"{"Version":2}"#] {
      let bad = SimulatedChildren { _ in ChildResult(status: .exited(0), output: Array(output.utf8)) }
      let error = await #expect(throws: ProviderError.self) {
        try await keys(Self.fixture(children: bad), profile: "tool")
      }
      #expect(error?.message.contains("credential_process") == true)
      #expect(error?.message.contains("secret") == false)
    }
  }

  @Test(
    "what cannot give keys says what is wrong",
    arguments: [("a", "circle"), ("missing", "no profile `missing`"), ("sso", "`[sso-session corp]`")])
  func failures(_ profile: String, _ text: String) async {
    let error = await #expect(throws: ProviderError.self) { try await keys(Self.fixture(), profile: profile) }
    #expect(error?.message.contains(text) == true)
    #expect(error?.reason == .denied(permission: nil))
  }

  @Test("secrets never show in descriptions")
  func secrets() {
    let keys = AWSCredentials(accessKeyID: "AKIA", secretAccessKey: "hush", sessionToken: "quiet")
    for text in ["\(keys)", String(reflecting: keys), "\([keys])", String(describing: Optional(keys))] {
      #expect(!text.contains("hush") && !text.contains("quiet"))
    }
    var dumped = ""
    dump(keys, to: &dumped)
    #expect(!dumped.contains("hush") && !dumped.contains("quiet"))
  }

  @Test("endpoints: the target's, then the environment's by service, for all, the profile's, AWS's own")
  func endpoints() {
    let variables = ["AWS_ENDPOINT_URL": "http://all:1", "AWS_ENDPOINT_URL_EC2": "http://ec2:2"]
    let environment = AWSEndpoints(environment: Environment(variables), profileEndpoint: "http://profile:3")
    #expect(environment.url(.ec2, region: "x").host == "ec2")
    #expect(environment.url(.iam, region: "x").host == "all")
    #expect(AWSEndpoints(profileEndpoint: "http://profile:3").url(.iam, region: "x").host == "profile")
    let target = AWSEndpoints(
      endpoint: HTTPURL("http://target"), services: ["s3": HTTPURL("http://mine")].compactMapValues { $0 },
      environment: Environment(variables))
    #expect(target.url(.s3, region: "x").host == "mine")
    #expect(target.url(.ec2, region: "x").host == "target")
    let own = AWSEndpoints()
    #expect(own.url(.ec2, region: "eu-west-1").description == "https://ec2.eu-west-1.amazonaws.com/")
    #expect(own.url(.iam, region: "eu-west-1").description == "https://iam.amazonaws.com/")
    #expect(own.url(.s3, region: "cn-north-1").host == "s3.cn-north-1.amazonaws.com.cn")
    #expect(own.signingRegion(.iam, region: "eu-west-1") == "us-east-1")
  }

  @Test("buckets stand in the host, in the path where the endpoint is somebody's own or the name has a dot")
  func addressing() async throws {
    func url(_ bucket: String, _ endpoints: AWSEndpoints) async throws -> String? {
      let fixture = ClientFixture()
      let call = AWSCall(
        .s3, "GetBucketTagging", .read, rest: RESTParts(.get, bucket: bucket, query: [(name: "tagging", value: "")]))
      try await fixture.client(endpoints: endpoints).send(call)
      return fixture.transport.requests.first?.url.description
    }
    #expect(try await url("data", AWSEndpoints()) == "https://data.s3.us-west-2.amazonaws.com/?tagging")
    #expect(try await url("data.x", AWSEndpoints()) == "https://s3.us-west-2.amazonaws.com/data.x?tagging")
    #expect(
      try await url("data", AWSEndpoints(endpoint: HTTPURL("http://127.0.0.1:5000")))
        == "http://127.0.0.1:5000/data?tagging")
  }

  @Test("a target's wrong settings are told all at once, with their paths")
  func settings() {
    let (settings, problems) = AWSTargetSettings.read([
      "aws": ["accountId": "12", "regoin": "x", "endpoints": ["ec3": "http://a", "ec2": "nowhere"]],
      "credentials": ["read": ["assumeRole": "plan"], "write": ["externalIdFrom": ["env": "E"]]],
    ])
    #expect(
      problems.map(\.path.description).sorted() == [
        "aws.accountId", "aws.endpoints.ec2", "aws.endpoints.ec3", "aws.regoin", "credentials.read.assumeRole",
      ])
    #expect(settings.write.externalIDVariable == "E")
    #expect(
      AWSTargetSettings.read(["aws": ["accountId": "123456789012"], "credentials": ["profile": "p"]]).settings.write
        .profile == "p")
  }
}

extension HTTPResponse {
  static func assumed(_ id: String) -> HTTPResponse {
    xml(
      200,
      """
      <AssumeRoleResponse><AssumeRoleResult><Credentials>
      <AccessKeyId>\(id)</AccessKeyId><SecretAccessKey>s</SecretAccessKey>
      <SessionToken>t</SessionToken><Expiration>2026-01-01T01:00:00Z</Expiration>
      </Credentials></AssumeRoleResult></AssumeRoleResponse>
      """)
  }
}
