import HTTP
import KubernetesClient
import Platform
import ProviderKit
import Resources
import Synchronization
import TestSupport
import Testing
import Values

/// Ways into a real API server.
@Suite("access to clusters")
struct KubernetesAccessTests {
  private static let config = """
    apiVersion: v1
    kind: Config
    clusters: [{name: lab, cluster: {server: "SERVER", certificate-authority: AUTHORITY}}]
    users:
    - name: plugin
      user:
        exec:
          apiVersion: client.authentication.k8s.io/v1beta1
          command: ./plugin.sh
          interactiveMode: Never
    - {name: renewed, user: {tokenFile: token}}
    - {name: other, user: {token: TOKEN, as: READER}}
    contexts:
    - {name: plugin, context: {cluster: lab, user: plugin}}
    - {name: renewed, context: {cluster: lab, user: renewed}}
    - {name: other, context: {cluster: lab, user: other}}
    """

  private func estate() async throws -> KubeEstate {
    let estate = try await KubeEstate([
      "map.yaml": """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: NS, namespace: default}
      data: {a: b}
      """
    ])
    let token = "test-\(estate.number)"
    estate.folder.write(
      Self.config.replacing("SERVER", with: "https://127.0.0.1:\(estate.server.port)")
        .replacing("AUTHORITY", with: estate.server.authority).replacing("TOKEN", with: token)
        .replacing("READER", with: "reader-\(estate.number)"), to: "ways")
    estate.folder.write(
      """
      #!/bin/sh
      # The first token is refused: whoever uses it must come again.
      if [ -e asked ]; then token=\(token); else token=stale; fi
      touch asked
      echo '{"kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1beta1",' \\
        "\\"status\\": {\\"token\\": \\"$token\\"}}"
      """, to: "plugin.sh")
    _ = try await ProcessGate.run(["chmod", "+x", estate.folder.file("plugin.sh")], directory: estate.folder.path)
    return estate
  }

  @Test("a credential plugin is run again when the cluster refuses its token")
  func plugin() async throws {
    let estate = try await estate()
    try estate.edit("target.yaml", "{context: main}", "{kubeconfig: ways, context: plugin}")
    try await estate.expect("plan", says: "1 to add")
  }

  @Test("a token file that holds another token is read again, and a refusal shows no token")
  func tokenFile() async throws {
    let estate = try await estate()
    estate.folder.write("stale-token\n", to: "token")
    try estate.edit("target.yaml", "{context: main}", "{kubeconfig: ways, context: renewed}")
    let refused = try await estate.expect("plan", code: 1, says: "does not accept the credentials (401 Unauthorized)")
    #expect(!refused.contains("stale-token"))
    estate.folder.write("test-\(estate.number)\n", to: "token")
    try await estate.expect("plan", says: "1 to add")
  }

  @Test("a proxy leads to a server whose name only it knows, and the certificate is checked for the name that is given")
  func proxy() async throws {
    let estate = try await estate()
    let config = """
      apiVersion: v1
      kind: Config
      clusters:
      - name: lab
        cluster:
          server: https://cluster.invalid:6443
          certificate-authority: \(estate.server.authority)
          proxy-url: http://127.0.0.1:\(estate.server.proxy)
          tls-server-name: localhost
      users: [{name: main, user: {token: test-\(estate.number)}}]
      contexts: [{name: proxied, context: {cluster: lab, user: main}}]
      """
    estate.folder.write(config, to: "ways")
    try estate.edit("target.yaml", "{context: main}", "{kubeconfig: ways, context: proxied}")
    try await estate.expect("apply --auto-approve", says: "1 added")
    estate.folder.write(config.replacing("tls-server-name: localhost", with: "tls-server-name: other.test"), to: "ways")
    try await estate.expect("plan", code: 1, says: "certificate")
    estate.folder.write(config.replacing("proxy-url: http", with: "# proxy-url: http"), to: "ways")
    try await estate.expect("plan", code: 1, says: "cluster.invalid")
  }

  @Test("a pod's own service account, by the variables and files that every pod has")
  func inCluster() async throws {
    let estate = try await estate()
    let (namespaces, rbac) = ("/api/v1/namespaces/default", "/apis/rbac.authorization.k8s.io/v1")
    let name = Value.string("\(estate.prefix)-pod")
    let account: Value = ["metadata": ["name": name]]
    #expect(try await estate.send(.post, "\(namespaces)/serviceaccounts", account).isSuccess)
    let look: Value = [
      "metadata": ["name": name],
      "rules": [
        ["apiGroups": [""], "resources": ["namespaces"], "verbs": ["get"]],
        ["apiGroups": [""], "resources": ["configmaps"], "verbs": ["list"]],
      ],
    ]
    #expect(try await estate.send(.post, "\(rbac)/clusterroles", look).isSuccess)
    let grant: Value = [
      "metadata": ["name": name],
      "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": name],
      "subjects": [["kind": "ServiceAccount", "name": name, "namespace": "default"]],
    ]
    #expect(try await estate.send(.post, "\(rbac)/clusterrolebindings", grant).isSuccess)
    let asked: Value = ["spec": ["audiences": ["https://kubernetes.default.svc"]]]
    let token = try await estate.send(.post, "\(namespaces)/serviceaccounts/\(estate.prefix)-pod/token", asked)
    let text = try #require(token.value["status"]?["token"]?.string, "\(token.failure?.message ?? "")")
    // The server takes new grants up a moment after it has them.
    let early = try estate.client(token: text)
    for _ in 0..<200 where try await !early.exchange(.get("/api/v1/namespaces/kube-system")).isSuccess {}
    let folder = "/var/run/secrets/kubernetes.io/serviceaccount"
    let authority = try #require(TextFile.read(estate.server.authority))
    let files = SimulatedFiles([
      "\(folder)/token": text, "\(folder)/ca.crt": authority, "\(folder)/namespace": "default",
    ])
    let machine = KubernetesMachine(
      environment: Environment([
        "KUBERNETES_SERVICE_HOST": "127.0.0.1", "KUBERNETES_SERVICE_PORT": "\(estate.server.port)",
      ]), files: files, time: SystemTime(), random: SystemRandom())
    let target = Target(
      name: TargetName("own"), provider: "kubernetes", settings: ["kubernetes": ["inCluster": true]])
    let client = try await Clusters(machine).open(target, .read)
    #expect(try await client.send(.get("\(namespaces)/configmaps")).isSuccess)
    let refused = try await client.exchange(.get("\(namespaces)/secrets"))
    #expect(refused.failure?.message.contains("system:serviceaccount:default:\(estate.prefix)-pod") == true)
  }

  @Test("whom a kubeconfig impersonates is who asks")
  func impersonation() async throws {
    let estate = try await estate()
    try estate.edit("target.yaml", "{context: main}", "{kubeconfig: ways, context: other}")
    try await estate.expect(
      "plan", code: 1, says: "User \"reader-\(estate.number)\" cannot get resource \"namespaces\"",
      "let the credentials `get` that namespace")
  }

  @Test("another cluster than the one that the target names is refused before anything is asked of it")
  func wrongCluster() async throws {
    let estate = try await estate()
    let uid = try await estate.object("/api/v1/namespaces/kube-system")["metadata"]?["uid"]?.string ?? ""
    try estate.edit("target.yaml", "{context: main}", "{context: main, clusterUid: \(uid)}")
    try await estate.expect("plan", says: "1 to add")
    try estate.edit("target.yaml", uid, "00000000-0000-0000-0000-000000000000")
    try await estate.expect("plan", code: 1, says: "lead to the cluster with uid \(uid)")
  }

  @Test("a plan says what the credentials that write may not, before anything is written")
  func preflight() async throws {
    let estate = try await estate()
    let role = Value.string("\(estate.prefix)-look")
    let rbac = "/apis/rbac.authorization.k8s.io/v1"
    let look: Value = [
      "metadata": ["name": role], "rules": [["apiGroups": [""], "resources": ["namespaces"], "verbs": ["get"]]],
    ]
    let grant: Value = [
      "metadata": ["name": role],
      "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role],
      "subjects": [
        ["apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": .string("reader-\(estate.number)")]
      ],
    ]
    #expect(try await estate.send(.post, "\(rbac)/clusterroles", look).isSuccess)
    #expect(try await estate.send(.post, "\(rbac)/clusterrolebindings", grant).isSuccess)
    try estate.edit(
      "target.yaml", "{context: main}",
      "{context: main}\n  credentials: {read: {context: main}, write: {context: reader}}")
    try await estate.expect(
      "plan", says: "1 to add", "may not `create` `configmaps` in `default`", "needed by `kubernetes/v1/ConfigMap`")
  }

  @Test("many requests at once share one connection")
  func reuse() async throws {
    let estate = try await estate()
    let made = Mutex<[CurlTransport]>([])
    let machine = KubernetesMachine(
      makeTransport: { configuration in
        let transport = CurlTransport(configuration)
        made.withLock { $0.append(transport) }
        return transport
      }, environment: estate.environment, files: LocalFiles(), time: SystemTime(), random: SystemRandom())
    let client = try await Clusters(machine).open(estate.target, .read)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<40 { group.addTask { try await client.send(.get("/api/v1/namespaces/default")) } }
      try await group.waitForAll()
    }
    let statistics = made.withLock { $0.map(\.statistics) }
    #expect(statistics.count == 1)
    #expect(statistics.first?.connections == 1)
    #expect(statistics.first?.requests == 41)
  }
}
