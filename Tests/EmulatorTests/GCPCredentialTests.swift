import GCPClient
import HTTP
import Platform
import ProviderKit
import Resources
import TestSupport
import Testing
import Values

/// Each source of tokens against a stand-in that takes tokens which it gave out itself, and nothing else.
@Suite("tokens of Google Cloud, checked")
struct GCPCredentialTests {
  static let emulator = GCPEmulator(["--auth", "issued"])

  private let folder = TemporaryDirectory()

  /// The target's client, whose tokens come from what `credentials` says.
  private func client(
    _ project: GCPProject, _ credentials: Value?, _ environment: [String: String] = [:]
  ) async throws -> GCPClient {
    var settings: [(String, Value)] = [("gcp", ["project": .string(project.id), "region": "us-central1"])]
    if let credentials { settings.append(("credentials", credentials)) }
    var machine = project.machine
    machine.environment["GOOGLE_OAUTH_ACCESS_TOKEN"] = nil
    machine.environment.variables.merge(environment) { $1 }
    let target = Target(name: TargetName("test"), provider: "gcp", settings: .map(settings))
    return try GCPConnection(machine).client(target, .write).client
  }

  private func works(_ client: GCPClient, _ project: GCPProject) async throws {
    let settings = GCPTargetSettings.read(["gcp": ["project": .string(project.id)]]).settings
    #expect(try await ProjectIdentity.ask(client, settings, target: "test").id == project.id)
    #expect(try await project.wrong() == [])
  }

  private func write(_ name: String, _ content: Value) -> String {
    folder.write(JSONWriter(secrets: .revealed).text(content), to: name)
    return folder.file(name)
  }

  private func key(_ project: GCPProject) async throws -> String {
    let key = try await Self.emulator.control(.get, "credentials?project=\(project.id)&email=\(email(project))")
    return write("key.json", key)
  }

  private func email(_ project: GCPProject) -> String { "ci@\(project.id).iam.gserviceaccount.com" }

  @Test("a made-up token is refused, in words that say so")
  func refused() async throws {
    let project = try await Self.emulator.project()
    let error = await #expect(throws: ProviderError.self) { try await works(project.client, project) }
    #expect(error?.reason == .denied(permission: nil))
    #expect(error?.request.status == 401)
  }

  @Test("a service account's key opens the door, by the target or the environment")
  func key() async throws {
    let project = try await Self.emulator.project()
    let path = try await key(project)
    try await works(try await client(project, ["file": .string(path)]), project)
    try await works(try await client(project, nil, ["GOOGLE_APPLICATION_CREDENTIALS": path]), project)
  }

  @Test("a person's login opens the door, where gcloud leaves it")
  func user() async throws {
    let project = try await Self.emulator.project()
    let file: Value = [
      "type": "authorized_user", "client_id": "i", "client_secret": "s", "refresh_token": "r",
      "token_uri": .string("\(try await Self.emulator.base)/token"),
    ]
    _ = write("application_default_credentials.json", file)
    try await works(try await client(project, nil, ["CLOUDSDK_CONFIG": folder.path]), project)
  }

  @Test("the metadata server opens the door")
  func metadata() async throws {
    let project = try await Self.emulator.project()
    let host = "127.0.0.1:\(try await Self.emulator.port)"
    try await works(try await client(project, nil, ["GCE_METADATA_HOST": host]), project)
  }

  @Test("an account is acted as; one that does not exist is named")
  func impersonation() async throws {
    let project = try await Self.emulator.project()
    let path = try await key(project)
    let base = try await client(project, ["file": .string(path)])
    try await account(base, project)
    let email = "deployer@\(project.id).iam.gserviceaccount.com"
    try await works(try await client(project, ["file": .string(path), "impersonate": .string(email)]), project)
    let error = await #expect(throws: ProviderError.self) {
      try await works(
        try await client(project, ["file": .string(path), "impersonate": .string("x\(email)")]), project)
    }
    #expect(error?.message.contains("cannot act as `x\(email)` (iam.serviceAccounts.getAccessToken)") == true)
  }

  private func account(_ client: GCPClient, _ project: GCPProject) async throws {
    try await client.send(
      GCPCall(
        .iam, "projects.serviceAccounts.create", .once, .post, "projects/\(project.id)/serviceAccounts",
        body: ["accountId": "deployer", "serviceAccount": [:]]))
  }

  /// Makes a pool with a provider; gives the provider's name as an audience.
  private func pool(_ client: GCPClient, _ project: GCPProject, _ provider: Value) async throws -> String {
    let settings = GCPTargetSettings.read(["gcp": ["project": .string(project.id)]]).settings
    let number = try await ProjectIdentity.ask(client, settings, target: "test").number
    let pools = "projects/\(project.id)/locations/global/workloadIdentityPools"
    for (path, id, body) in [
      (pools, ("workloadIdentityPoolId", "builds"), [:] as Value),
      ("\(pools)/builds/providers", ("workloadIdentityPoolProviderId", "jobs"), provider),
    ] {
      let made = try await client.send(GCPCall(.iam, "create", .once, .post, path, query: [id], body: body))
      let operation = try #require(made.value["name"]?.string)
      let patience = Patience(SystemTime(), timeout: .seconds(20), .ignore)
      _ = try await patience.wait(until: "the pool stands") { () async throws(ProviderError) -> Bool? in
        try await client.send(.get(.iam, "operations.get", operation)).value["done"]?.bool
      }
    }
    return "//iam.googleapis.com/projects/\(number)/locations/global/workloadIdentityPools/builds/providers/jobs"
  }

  private func federated(_ audience: String, _ kind: String, _ source: Value) async throws -> Value {
    [
      "type": "external_account", "audience": .string(audience), "subject_token_type": .string(kind),
      "token_url": .string("\(try await Self.emulator.base)/sts/v1/token"), "credential_source": source,
    ]
  }

  @Test("a job of another identity provider opens the door with its own token, once it is in a pool")
  func federation() async throws {
    let project = try await Self.emulator.project()
    let base = try await client(project, ["file": .string(try await key(project))])
    let audience = try await pool(
      base, project,
      ["oidc": ["issuerUri": "https://ci.test"], "attributeMapping": ["google.subject": "assertion.sub"]])
    let subject = try await Self.emulator.control(
      .get, "subject?issuer=https://ci.test&audience=\(PercentEncoding.encode("https:" + audience))")
    folder.write(try #require(subject["token"]?.string), to: "subject")
    let kind = "urn:ietf:params:oauth:token-type:jwt"
    let file = write("pool.json", try await federated(audience, kind, ["file": .string(folder.file("subject"))]))
    try await works(try await client(project, ["file": .string(file)]), project)
    folder.write("a.b.c", to: "subject")
    let error = await #expect(throws: ProviderError.self) {
      try await works(try await client(project, ["file": .string(file)]), project)
    }
    #expect(error?.message.contains("invalid_request") == true)
    #expect(error?.message.contains("a.b.c") == false)
  }

  @Test("who runs on AWS opens the door with a request that only AWS's keys can sign")
  func aws() async throws {
    let project = try await Self.emulator.project()
    let base = try await client(project, ["file": .string(try await key(project))])
    let audience = try await pool(base, project, ["aws": ["accountId": "123456789012"]])
    let kind = "urn:ietf:params:aws:token-type:aws4_request"
    let file = write("aws.json", try await federated(audience, kind, ["environment_id": "aws1"]))
    var keys = [
      "AWS_ACCESS_KEY_ID": "AKIAEMULATOR", "AWS_SECRET_ACCESS_KEY": "emulator-secret", "AWS_REGION": "us-west-2",
    ]
    try await works(try await client(project, ["file": .string(file)], keys), project)
    keys["AWS_SECRET_ACCESS_KEY"] = "wrong"
    await #expect(throws: ProviderError.self) {
      try await works(try await client(project, ["file": .string(file)], keys), project)
    }
  }

  @Test("a token that ends in the middle of a run is fetched anew")
  func ended() async throws {
    let project = try await Self.emulator.project()
    let client = try await client(project, ["file": .string(try await key(project))])
    try await works(client, project)
    try await Self.emulator.control(.post, "revoke", ["email": .string(email(project))])
    try await works(client, project)
    #expect(try await project.counts("cloudresourcemanager.*")["cloudresourcemanager.projects.get"] == 3)
  }
}
