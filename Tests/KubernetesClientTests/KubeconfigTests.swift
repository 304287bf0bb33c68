import HTTP
import KubernetesClient
import Platform
import Testing

@Suite("kubeconfigs")
struct KubeconfigTests {
  private static let config = """
    apiVersion: v1
    kind: Config
    current-context: east
    clusters:
      - name: eks
        cluster:
          server: https://eks.test:6443
          certificate-authority-data: Y2EtYnl0ZXM=
          proxy-url: http://proxy.test:3128
      - name: lab
        cluster: {server: "https://lab.test", insecure-skip-tls-verify: true}
      - name: named
        cluster: {server: "https://10.0.0.1:6443", certificate-authority: pki/ca.pem, tls-server-name: api.lab}
    users:
      - name: admin
        user:
          client-certificate-data: Y2VydA==
          client-key: pki/admin.key
          as: ops
          as-groups: [a, b]
          as-user-extra: {Reason: [x]}
      - name: robot
        user: {token: very-secret-token}
      - name: half
        user: {client-certificate-data: Y2VydA==}
    contexts:
      - {name: east, context: {cluster: eks, user: admin, namespace: recsys}}
      - {name: lab, context: {cluster: lab, user: robot}}
      - {name: named, context: {cluster: named, user: robot}}
      - {name: half, context: {cluster: eks, user: half}}
      - {name: lost, context: {cluster: gone, user: robot}}
    """
  private static let files = ["/k/config": config, "/k/pki/admin.key": "key", "/k/pki/ca.pem": "ca"]

  private func fixture(_ files: [String: String] = files, _ list: String = "/k/config") -> ClientFixture {
    ClientFixture(environment: ["KUBECONFIG": list, "HOME": "/home/a"], files: files)
  }

  @Test("a context joins cluster, certificates inline and by file, proxy, namespace and impersonation")
  func context() async throws {
    let fixture = fixture()
    let access = try fixture.access()
    #expect(access.server.description == "https://eks.test:6443/")
    #expect(access.namespace == "recsys")
    try await KubernetesClient(fixture.machine, access, mode: .readOnly).send(.get("/version"))
    let made = try #require(fixture.configurations.list.first)
    #expect(made.tls.authorities == Array("ca-bytes".utf8))
    #expect(made.tls.clientCertificate == Array("cert".utf8) && made.tls.clientKey == Array("key".utf8))
    #expect(made.proxies.https == "http://proxy.test:3128")
    let headers = try #require(fixture.transport.requests.first).headers
    #expect(headers["Impersonate-User"] == "ops" && headers.values("Impersonate-Group") == ["a", "b"])
    #expect(headers["Impersonate-Extra-reason"] == "x")
  }

  @Test("a server name and authorities by file reach the handshake")
  func serverName() throws {
    let access = try fixture().access(context: "named")
    #expect(access.tls.serverName == "api.lab" && access.tls.authorities == Array("ca".utf8))
  }

  @Test("skipping verification takes the target's word, too")
  func insecure() throws {
    let error = #expect(throws: AccessError.self) { try fixture().access(context: "lab") }
    #expect(error?.description.contains("insecureSkipTLSVerify") == true)
    let access = try fixture().access(context: "lab", allowsInsecure: true)
    if case .full = access.tls.verification { Issue.record("asked twice, verification is off") }
    let other = try fixture().access(context: "east", allowsInsecure: true)
    if case .none = other.tls.verification { Issue.record("the target alone does not switch verification off") }
  }

  @Test("of a list, the first file that has a name decides; missing files are passed over")
  func merged() throws {
    let second = """
      current-context: other
      clusters:
        - {name: eks, cluster: {server: "https://wrong.test"}}
        - {name: far, cluster: {server: "https://far.test"}}
      contexts: [{name: far, context: {cluster: far, user: robot, namespace: n}}]
      """
    let fixture = fixture(Self.files.merging(["/two": second]) { $1 }, "/none:/k/config:/two")
    #expect(try fixture.access().server.host == "eks.test")
    #expect(try fixture.access(context: "far").server.host == "far.test")
  }

  @Test("without KUBECONFIG it is the file in the home folder; a file of the target goes before both")
  func places() throws {
    let fixture = ClientFixture(
      environment: ["HOME": "/home/a"],
      files: ["/home/a/.kube/config": Self.config, "/k/pki/admin.key": "", "/home/a/.kube/pki/admin.key": "k"])
    #expect(try fixture.access().server.host == "eks.test")
    #expect(try fixture.access(file: "~/.kube/config").server.host == "eks.test")
    #expect(throws: AccessError.self) { try fixture.access(file: "/nowhere") }
  }

  @Test(
    "what is wrong is said with names and without secrets",
    arguments: [
      ("half", "only one of client certificate and key"), ("lost", "names cluster `gone`"),
      ("nobody", "no context `nobody`; it has `east`, `half`, `lab`, `lost`, `named`"),
    ])
  func wrong(_ context: String, _ text: String) throws {
    let error = #expect(throws: AccessError.self) { try fixture().access(context: context) }
    #expect(error?.description.contains(text) == true, "\(error?.description ?? "")")
    #expect(error?.description.contains("very-secret-token") == false)
  }

  @Test(
    "a file that cannot be read says where, never what stands there",
    arguments: [
      "users: [{name: a, user: {token: very-secret", "users: [{name: a, user: {token: *very-secret}}]",
      "users:\n  - {name: a, user: {client-key-data: very-secret}}", "- very-secret", "kind: Secret\nvery: secret",
      "users: [{name: very-x}, {name: very-x}]",
    ])
  func unreadable(_ text: String) {
    let error = #expect(throws: AccessError.self) { try fixture(["/k/config": text]).access() }
    #expect(error?.description.contains("/k/config") == true)
    #expect(error?.description.contains("very-secret") == false, "\(error?.description ?? "")")
  }

  @Test("a name that stands twice is an error")
  func twice() {
    let text = "clusters: [{name: a, cluster: {}}, {name: a, cluster: {}}]"
    let error = #expect(throws: AccessError.self) { try fixture(["/k/config": text]).access() }
    #expect(error?.description == "kubeconfig `/k/config` names `a` twice in `clusters`")
  }
}
