import HTTP
import KubernetesClient
import ProviderKit
import Resources
import Testing
import Values

@Suite("targets of Kubernetes")
struct TargetTests {
  private static let files = [
    "/k/config": """
    clusters: [{name: c, cluster: {server: "https://c.test"}}]
    users: [{name: admin, user: {token: t-admin}}, {name: viewer, user: {token: t-viewer}}]
    contexts:
      - {name: admin, context: {cluster: c, user: admin}}
      - {name: viewer, context: {cluster: c, user: viewer}}
    """
  ]

  private func target(_ settings: Value) -> Target {
    Target(name: TargetName("eks-east"), provider: "kubernetes", settings: settings)
  }

  private func fixture(uid: String = "u-1") -> ClientFixture {
    ClientFixture(files: Self.files) { _ in .json(200, #"{"metadata": {"name": "kube-system", "uid": "\#(uid)"}}"#) }
  }

  @Test("what is wrong with the settings is said all at once")
  func problems() {
    let spec: Value = [
      "kubernetes": ["kubeConfig": "x", "inCluster": "yes", "limits": ["burst": 0, "requestsPerSecond": "many"]],
      "credentials": ["read": ["token": "x", "impersonate": ["groups": ["a"]]]],
    ]
    #expect(
      KubernetesTargetSettings.read(spec).problems.map(\.path.description) == [
        "kubernetes.kubeConfig", "kubernetes.inCluster", "kubernetes.limits.requestsPerSecond",
        "kubernetes.limits.burst", "credentials.read.token", "credentials.read.impersonate", "kubernetes.context",
      ])
    #expect(KubernetesTargetSettings.read(["kubernetes": ["inCluster": true]]).problems == [])
    #expect(
      KubernetesTargetSettings.read(["kubernetes": ["inCluster": true, "context": "x"]]).problems.map(\.message)
        == ["`context` has no meaning beside `inCluster`"])
  }

  @Test("the halves have credentials of their own, and only one can write")
  func halves() async throws {
    let fixture = fixture()
    let clusters = Clusters(fixture.machine)
    let target = target([
      "kubernetes": ["kubeconfig": "/k/config", "context": "admin"],
      "credentials": [
        "read": ["context": "viewer", "impersonate": ["user": "ana", "groups": ["ops"]]], "write": [:],
      ],
    ])
    let reader = try await clusters.open(target, .read)
    let writer = try await clusters.open(target, .write)
    let delete = KubernetesRequest(.delete, "/api/v1/namespaces/a")
    let refusal = await #expect(throws: ProviderError.self) { try await reader.send(delete) }
    #expect(refusal?.reason == .denied(permission: "namespaces:delete"))
    try await writer.send(delete)
    let sent = fixture.transport.requests
    #expect(sent.map { $0.headers["Authorization"] } == ["Bearer t-viewer", "Bearer t-admin", "Bearer t-admin"])
    #expect(sent.map { $0.headers["Impersonate-User"] } == ["ana", nil, nil])
  }

  @Test("a cluster is known by the uid of kube-system, and another is refused")
  func identity() async throws {
    let fixture = fixture()
    let clusters = Clusters(fixture.machine)
    let open: Value = ["kubernetes": ["kubeconfig": "/k/config", "context": "admin", "clusterUid": "u-1"]]
    let identity = try await clusters.identify(target(open))
    #expect(identity.account == "u-1" && identity.place == "kubernetes u-1")
    _ = try await clusters.open(target(open), .read)
    #expect(fixture.transport.requests.count == 1)
    let other = await #expect(throws: ProviderError.self) {
      try await Clusters(self.fixture(uid: "u-2").machine).open(target(open), .write)
    }
    #expect(other?.message.contains("lead to the cluster with uid u-2") == true)
  }

  @Test("credentials that cannot see kube-system are told what to ask for")
  func blind() async {
    let fixture = ClientFixture(files: Self.files) { _ in .failure(403, "Forbidden") }
    let error = await #expect(throws: ProviderError.self) {
      try await Clusters(fixture.machine).identify(
        target(["kubernetes": ["kubeconfig": "/k/config", "context": "admin"]]))
    }
    #expect(error?.reason == .denied(permission: "namespaces:get"))
    #expect(error?.message.contains("let the credentials `get` that namespace") == true)
  }
}
