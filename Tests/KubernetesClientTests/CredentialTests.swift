import HTTP
import KubernetesClient
import Platform
import ProviderKit
import Synchronization
import Testing
import Values

@Suite("credentials of clusters")
struct CredentialTests {
  private static let config = """
    clusters:
      - name: c
        cluster:
          server: https://c.test
          extensions: [{name: client.authentication.k8s.io/exec, extension: {a: 1}}]
    users:
      - name: plugin
        user:
          exec:
            apiVersion: client.authentication.k8s.io/VERSION
            command: helpers/get-token
            args: [--cluster, c]
            env: [{name: AWS_PROFILE, value: ops}]
            provideClusterInfo: true
            interactiveMode: MODE
            installHint: install it with care
      - {name: file, user: {tokenFile: /k/token, token: old}}
    contexts:
      - {name: plugin, context: {cluster: c, user: plugin}}
      - {name: file, context: {cluster: c, user: file}}
    """

  private static func files(version: String = "v1", mode: String = "IfAvailable") -> [String: String] {
    [
      "/k/config": config.replacing("VERSION", with: version).replacing("MODE", with: mode), "/k/token": "t-file\n",
    ]
  }

  private static func printed(_ status: String, version: String = "v1") -> ChildResult {
    ChildResult(
      status: .exited(0),
      output: Array(
        #"{"kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/\#(version)", "status": \#(status)}"#
          .utf8))
  }

  private func client(_ fixture: ClientFixture, _ context: String = "plugin") throws -> KubernetesClient {
    KubernetesClient(
      fixture.machine, try fixture.access(context: context, file: "/k/config"), mode: .readOnly)
  }

  @Test("a plugin is told of the cluster, runs beside the kubeconfig, and is asked once until its token expires")
  func plugin() async throws {
    let runs = Mutex<[ChildCommand]>([])
    let fixture = ClientFixture(
      files: Self.files(),
      children: SimulatedChildren { command in
        let count = runs.withLock { runs in
          runs.append(command)
          return runs.count
        }
        return Self.printed(#"{"token": "t-\#(count)", "expirationTimestamp": "2026-01-01T00:10:00Z"}"#)
      })
    let client = try client(fixture)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<8 { group.addTask { try await client.send(.get("/version")) } }
      try await group.waitForAll()
    }
    let run = try #require(runs.withLock { $0.count == 1 ? $0.first : nil })
    #expect(run.arguments == ["/k/helpers/get-token", "--cluster", "c"])
    #expect(run.environment["AWS_PROFILE"] == "ops")
    let told = try JSONReader.parse(run.environment["KUBERNETES_EXEC_INFO"] ?? "")
    #expect(told["spec"]?["cluster"]?["server"]?.string == "https://c.test")
    #expect(told["spec"]?["cluster"]?["config"]?["a"]?.int == 1)
    #expect(told["spec"]?["interactive"]?.bool == false)
    #expect(Set(fixture.transport.requests.map { $0.headers["Authorization"] }) == ["Bearer t-1"])
    try await fixture.time.sleep(for: .seconds(575))
    try await client.send(.get("/version"))
    #expect(fixture.transport.requests.last?.headers["Authorization"] == "Bearer t-2")
  }

  @Test("credentials that the cluster refuses are fetched once more, and a second refusal is an error")
  func refused() async throws {
    let runs = Mutex(0)
    let children = SimulatedChildren { _ in
      let count = runs.withLock { count in
        count += 1
        return count
      }
      return Self.printed(#"{"token": "t-\#(count)"}"#, version: "v1beta1")
    }
    let healed = ClientFixture(files: Self.files(version: "v1beta1"), children: children) { request in
      request.headers["Authorization"] == "Bearer t-2" ? .json(200, "{}") : .failure(401, "Unauthorized")
    }
    try await client(healed).send(.get("/version"))
    #expect(healed.transport.requests.count == 2)
    let lost = ClientFixture(files: Self.files(version: "v1beta1"), children: children) { _ in
      .failure(401, "Unauthorized", "token t-3 is bad")
    }
    let error = await #expect(throws: ProviderError.self) { try await client(lost).send(.get("/version")) }
    #expect(lost.transport.requests.count == 2)
    #expect(error?.reason == .denied(permission: nil))
    #expect(error?.message.contains("t-3") == false)
  }

  @Test("certificates of a plugin make a transport of their own")
  func certificates() async throws {
    let fixture = ClientFixture(
      files: Self.files(),
      children: SimulatedChildren { _ in
        Self.printed(#"{"clientCertificateData": "cert", "clientKeyData": "key"}"#)
      })
    try await client(fixture).send(.get("/version"))
    #expect(fixture.configurations.list.count == 1)
    #expect(fixture.configurations.list.first?.tls.clientCertificate == Array("cert".utf8))
    #expect(fixture.transport.requests.first?.headers["Authorization"] == nil)
  }

  @Test(
    "what a plugin does wrong is said without what it printed",
    arguments: [
      (ChildResult(status: .exited(3), output: Array("secret".utf8), errorOutput: Array("secret".utf8)), "status 3"),
      (ChildResult(status: .exited(0), output: Array("secret".utf8)), "printed no JSON"),
      (printed(#"{"token": "secret"}"#, version: "v1beta1"), "another version"),
      (printed(#"{"clientKeyData": "secret"}"#), "only one of certificate and key"),
      (printed("{}"), "neither a token nor a certificate"),
      (printed(#"{"token": "secret", "expirationTimestamp": "soon"}"#), "no time"),
    ])
  func wrong(_ result: ChildResult, _ text: String) async throws {
    let fixture = ClientFixture(files: Self.files(), children: SimulatedChildren { _ in result })
    let error = await #expect(throws: ProviderError.self) { try await client(fixture).send(.get("/version")) }
    #expect(error?.message.contains(text) == true, "\(error?.message ?? "")")
    #expect(error?.message.contains("secret") == false)
    #expect(fixture.transport.requests.isEmpty)
  }

  @Test("a plugin that is not there comes with its hint; one that must ask is refused")
  func missing() async throws {
    let fixture = ClientFixture(
      files: Self.files(),
      children: SimulatedChildren { _ throws(ChildError) in throw .notFound("get-token") })
    let error = await #expect(throws: ProviderError.self) { try await client(fixture).send(.get("/version")) }
    #expect(error?.message == "credential plugin `get-token` is not there\ninstall it with care")
    let asking = ClientFixture(files: Self.files(mode: "Always"))
    let other = await #expect(throws: ProviderError.self) { try await client(asking).send(.get("/version")) }
    #expect(other?.message.contains("wants to ask the user") == true)
  }

  @Test("versions of plugins that nobody understands are named")
  func version() {
    let fixture = ClientFixture(files: Self.files(version: "v1alpha1"))
    let error = #expect(throws: AccessError.self) { try client(fixture) }
    #expect(error?.description.contains("client.authentication.k8s.io/v1alpha1") == true)
  }

  @Test("a file goes before a token, and is read again when it may have changed")
  func tokenFile() async throws {
    let fixture = ClientFixture(files: Self.files())
    let client = try client(fixture, "file")
    try await client.send(.get("/version"))
    try fixture.files.write(Array("t-new".utf8), to: "/k/token")
    try await client.send(.get("/version"))
    try await fixture.time.sleep(for: .seconds(11))
    try await client.send(.get("/version"))
    #expect(
      fixture.transport.requests.map { $0.headers["Authorization"] } == [
        "Bearer t-file", "Bearer t-file", "Bearer t-new",
      ])
  }

  @Test("in a pod, the service account's token, authorities and namespace are used")
  func inCluster() async throws {
    let folder = "/var/run/secrets/kubernetes.io/serviceaccount"
    let fixture = ClientFixture(
      environment: ["KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443"],
      files: ["\(folder)/token": "t-pod", "\(folder)/ca.crt": "ca", "\(folder)/namespace": "ops\n"])
    let access = try ClusterAccess.inCluster(fixture.machine.environment, fixture.files)
    #expect(access.server.authority == "[fd00::1]" && access.namespace == "ops")
    try await KubernetesClient(fixture.machine, access, mode: .readOnly).send(.get("/version"))
    #expect(fixture.transport.requests.first?.headers["Authorization"] == "Bearer t-pod")
    #expect(fixture.configurations.list.first?.tls.authorities == Array("ca".utf8))
    let outside = #expect(throws: AccessError.self) {
      try ClusterAccess.inCluster(Environment(), fixture.files)
    }
    #expect(outside?.description.contains("this is no pod") == true)
  }
}
