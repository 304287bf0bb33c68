import Cryptography
import GCPClient
import HTTP
import Platform
import ProviderKit
import TestSupport
import Testing
import Values

/// An estate on both clouds whose secrets are kept in AWS Secrets Manager and in Google Secret Manager, worked on by
/// the built program. Every secret holds the word `c4n4ry`, and nothing that Plumb writes may.
@Suite("secrets of secret managers, through the built program")
struct SecretManagerTests {
  private static let emulator = GCPEmulator()

  @Test("they are read for the write, in no plan, file, log or error; a change of either is seen by its hash")
  func life() async throws {
    let estate = try await TwoManagers(Self.emulator)
    try await estate.keep(aws: "c4n4ry-aws-1", google: "c4n4ry-google-1")
    estate.write(["aws", "google", "tunnel"])
    var answers: [ProcessGate.Answer] = []
    func run(_ line: String, _ code: Int32, _ texts: String...) async throws -> String {
      let answer = try await estate.plumb(line)
      answers.append(answer)
      let shown = answer.text + answer.errorText
      #expect(answer.code == code, "\(line): \(shown)")
      for text in texts { #expect(shown.contains(text), "\(line): \(shown)") }
      return shown
    }
    _ = try await run("validate", 0)
    _ = try await run("plan --out a.plan", 0, "payload: (sensitive value)", "sharedSecret: (sensitive value)")
    // A plan that is applied reads no secret for what does not stand yet: only the step does.
    #expect(try await estate.readsOfAWS() == 0)
    _ = try await run("apply a.plan --json", 0)
    #expect(try await estate.held(by: "from-aws") == "c4n4ry-aws-1")
    #expect(try await estate.held(by: "from-google") == "c4n4ry-google-1")
    _ = try await run("plan --detailed-exitcode", 0, "No changes.")
    _ = try await run("drift --json", 0)

    try await estate.keep(aws: "c4n4ry-aws-2", google: "c4n4ry-google-1")
    let first = try await run(
      "plan --detailed-exitcode --out b.plan", 2, "# gcp.Secret/from-aws will be updated in place",
      "is a secret, and its value has changed")
    #expect(!first.contains("gcp.Secret/from-google"), "\(first)")
    _ = try await run("show b.plan --json", 0)
    _ = try await run("apply b.plan", 0, "1 changed")
    #expect(try await estate.held(by: "from-aws") == "c4n4ry-aws-2")

    try await estate.keep(aws: "c4n4ry-aws-2", google: "c4n4ry-google-2")
    let second = try await run(
      "plan", 0, "# gcp.Secret/from-google will be updated in place", "# gcp.VpnTunnel/tunnel must be replaced")
    #expect(!second.contains("gcp.Secret/from-aws"), "\(second)")
    _ = try await run("apply --auto-approve --allow-stateful *", 0, "Apply complete!")
    #expect(try await estate.held(by: "from-google") == "c4n4ry-google-2")
    _ = try await run("plan --detailed-exitcode --json", 0)
    for line in [
      "inventory list --json", "inventory history gcp.Secret/from-aws --json", "explain gcp.Secret/from-aws",
    ] {
      _ = try await run(line, 0)
    }
    estate.expectNoSecret(in: answers)
    #expect(try await estate.cloud.project.wrong() == [])
  }

  @Test("one that is missing, denied or without its key is told by its name alone, and nothing is written for it")
  func missing() async throws {
    let estate = try await TwoManagers(Self.emulator)
    try await estate.keep(aws: "c4n4ry-aws-1", google: "c4n4ry-google-1")
    estate.write(["aws", "google"])
    var answers = [try await estate.plumb("apply --auto-approve")]
    #expect(answers[0].code == 0, "\(answers[0].text)\(answers[0].errorText)")
    // The words of services may hold what was sent to them.
    try await estate.cloud.project.fault(
      "secretmanager.projects.secrets.versions.access",
      ["status": 403, "reason": "PERMISSION_DENIED", "message": "c4n4ry may not be read"])
    try await estate.keep(raw: "{\"passphrase\": \"c4n4ry-aws-3\"}")
    let plan = try await estate.plumb("plan --detailed-exitcode")
    #expect(plan.code == 4, "\(plan.text)\(plan.errorText)")
    let told = plan.text + plan.errorText
    #expect(told.contains("the secret `app/db` has no key `password`"), "\(told)")
    #expect(told.contains("the secret `source` cannot be read from `ml` ("), "\(told)")
    estate.write(["aws", "google", "none"])
    let apply = try await estate.plumb("apply --auto-approve")
    let failures = apply.text + apply.errorText
    #expect(apply.code != 0 && failures.contains("the secret `app/none` cannot be read from `main`"), "\(failures)")
    #expect(failures.contains("ResourceNotFoundException"), "\(failures)")
    let recorded = try await estate.cloud.recorded()
    #expect(recorded["gcp.Secret/from-none"] == nil && recorded["gcp.Secret/from-aws"] != nil)
    answers += [plan, apply, try await estate.plumb("drift")]
    estate.expectNoSecret(in: answers)
  }
}

/// A project of Google Cloud and an account of AWS under one estate.
private struct TwoManagers {
  let account: MotoAccount
  let cloud: GCPEstate
  private let environment: Environment

  private static let settings = """
    apiVersion: plumb.dev/v1
    kind: Estate
    metadata: {name: two, id: est-two-PROJECT}
    spec: {defaults: {targets: {gcp: ml, aws: main}}}
    ---
    apiVersion: plumb.dev/v1
    kind: Target
    metadata: {name: ml}
    spec: {gcp: {project: PROJECT, region: us-central1}}
    ---
    apiVersion: plumb.dev/v1
    kind: Target
    metadata: {name: main}
    spec: {aws: {accountId: "ACCOUNT", region: us-west-2}}

    """

  init(_ emulator: GCPEmulator) async throws {
    account = try await MotoAccount()
    cloud = try await GCPEstate(
      emulator, files: ["plumb.yaml": Self.settings.replacing("ACCOUNT", with: account.id)])
    environment = Environment(account.environment.variables.merging(cloud.environment.variables) { $1 })
  }

  func plumb(_ line: String) async throws -> ProcessGate.Answer {
    try await ProcessGate.run(
      [BuiltProgram.path] + line.split(separator: " ").map(String.init), environment: environment,
      directory: cloud.folder.path)
  }

  // MARK: Manifests

  private static let manifests = [
    "aws": secret("from-aws", "{name: app/db, key: password, target: main}"),
    "google": secret("from-google", "source"),
    "none": secret("from-none", "{name: app/none, target: main}"),
    "tunnel": """
    apiVersion: gcp.plumb.dev/v1
    kind: Network
    metadata: {name: net}
    spec: {autoCreateSubnetworks: false}
    ---
    apiVersion: gcp.plumb.dev/v1
    kind: VpnGateway
    metadata: {name: here}
    spec: {region: us-central1, network: "${gcp.Network.net.selfLink}"}
    ---
    apiVersion: gcp.plumb.dev/v1
    kind: VpnGateway
    metadata: {name: there}
    spec: {region: us-central1, network: "${gcp.Network.net.selfLink}"}
    ---
    apiVersion: gcp.plumb.dev/v1
    kind: Router
    metadata: {name: router}
    spec: {region: us-central1, network: "${gcp.Network.net.selfLink}", bgp: {asn: 64514}}
    ---
    apiVersion: gcp.plumb.dev/v1
    kind: VpnTunnel
    metadata: {name: tunnel}
    spec:
      region: us-central1
      vpnGateway: "${gcp.VpnGateway.here.selfLink}"
      vpnGatewayInterface: 0
      peerGcpGateway: "${gcp.VpnGateway.there.selfLink}"
      router: "${gcp.Router.router.selfLink}"
      ikeVersion: 2
      sharedSecret: {valueFrom: {secretManager: source}}

    """,
  ]

  private static func secret(_ name: String, _ place: String) -> String {
    "apiVersion: gcp.plumb.dev/v1\nkind: Secret\nmetadata: {name: \(name)}\n"
      + "spec: {secretId: \(name), replication: {automatic: {}}, payload: {valueFrom: {secretManager: \(place)}}}\n"
  }

  func write(_ names: [String]) {
    let text = names.compactMap { Self.manifests[$0] }.joined(separator: "---\n")
    cloud.folder.write(text, to: "manifests/a.yaml")
  }

  // MARK: The managers

  /// Keeps two secrets as somebody else does: a JSON object in `app/db`, and a text in `source`.
  func keep(aws: String, google: String) async throws {
    try await keep(raw: "{\"user\": \"app\", \"password\": \"\(aws)\"}")
    let parent = "projects/\(cloud.project.id)/secrets", client = cloud.project.client
    if try await cloud.project.standing()["secretmanager/\(parent)/source"] == nil {
      try await client.send(
        GCPCall(
          .secretManager, "projects.secrets.create", .once, .post, parent, query: [("secretId", "source")],
          body: ["replication": ["automatic": .map([])]]))
    }
    let data = Base64.encode(Array(google.utf8))
    try await client.send(
      GCPCall(
        .secretManager, "projects.secrets.addVersion", .once, .post, "\(parent)/source:addVersion",
        body: ["payload": ["data": .string(data)]]))
  }

  func keep(raw text: String) async throws {
    let known = try await account.call("secretsmanager.list_secrets", [:])["SecretList"]?.count ?? 0
    let parameters: Value = ["SecretString": .string(text)]
    if known == 0 {
      try await account.call("secretsmanager.create_secret", ["Name": "app/db", "SecretString": .string(text)])
    } else {
      try await account.call(
        "secretsmanager.put_secret_value",
        .map([("SecretId", "app/db")] + parameters.entries.map { ($0.key, $0.value) }))
    }
  }

  func readsOfAWS() async throws -> Int {
    try await account.actions().count { $0 == "secretsmanager.GetSecretValue" }
  }

  /// The newest value of a secret that the estate wrote.
  func held(by name: String) async throws -> String? {
    let answer = try await cloud.project.client.send(
      .get(
        .secretManager, "projects.secrets.versions.access",
        "projects/\(cloud.project.id)/secrets/\(name)/versions/latest:access"))
    return answer.value["payload"]?["data"]?.string.flatMap { Base64.decode($0) }.map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  /// No secret, plain or in base64, in what was printed and in any file.
  func expectNoSecret(in answers: [ProcessGate.Answer], sourceLocation: SourceLocation = #_sourceLocation) {
    let canaries = ["c4n4ry", "YzRuNHJ5", "63346e347279"]
    for answer in answers {
      for canary in canaries where answer.text.contains(canary) || answer.errorText.contains(canary) {
        Issue.record("a secret is shown", sourceLocation: sourceLocation)
      }
    }
    let walk = DirectoryWalk(LocalFiles())
    // A pattern that is constant; were it wrong, the next check would fail.
    let everything = [try? GlobPattern("**/*"), try? GlobPattern(".plumb/**/*")].compactMap { $0 }
    let files = (try? walk.find(everything, excluding: [], under: cloud.folder.path).paths) ?? []
    #expect(files.contains { $0.hasSuffix(".db") } && files.contains("manifests/a.yaml"), "\(files)")
    for file in files {
      let text = TextFile.read(cloud.folder.file(file)) ?? ""
      for canary in canaries where text.contains(canary) {
        Issue.record("a secret is in \(file)", sourceLocation: sourceLocation)
      }
    }
  }
}
