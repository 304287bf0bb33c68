import HTTP
import KubernetesClient
import Platform
import ProviderKit
import Synchronization
import Testing
import Values

@Suite("requests to an API server")
struct RequestTests {
  private static let pods = "/api/v1/namespaces/recsys/pods"

  @Test("a request carries credentials, encoded query, body and its type")
  func wire() async throws {
    let fixture = ClientFixture()
    try await fixture.client().send(
      KubernetesRequest(
        .patch, "/apis/apps/v1/namespaces/a/deployments/web",
        query: [("fieldManager", "plumb"), ("labelSelector", "a=b,c")],
        body: ["spec": ["token": Value.string("s3cret").markedSensitive]], as: .apply))
    let sent = try #require(fixture.transport.requests.first)
    #expect(sent.url.authority == "cluster.test:6443")
    #expect(sent.url.path == "/apis/apps/v1/namespaces/a/deployments/web")
    #expect(sent.url.query == "fieldManager=plumb&labelSelector=a%3Db%2Cc")
    #expect(sent.headers["Authorization"] == "Bearer t-1")
    #expect(sent.headers["Content-Type"] == "application/apply-patch+yaml")
    #expect(String(decoding: sent.body, as: UTF8.self) == #"{"spec":{"token":"s3cret"}}"#)
    #expect(sent.operation == HTTPOperation("kubernetes", "patch deployments.apps"))
    #expect(sent.repetition == .allowed)
  }

  @Test("a server with a path of its own keeps it")
  func prefix() async throws {
    let fixture = ClientFixture()
    let access = ClusterAccess(server: try #require(HTTPURL("https://rancher.test/k8s/clusters/c-1/")))
    try await KubernetesClient(fixture.machine, access, mode: .readOnly).send(.get("/version"))
    #expect(fixture.transport.requests.first?.url.path == "/k8s/clusters/c-1/version")
  }

  @Test("paths tell group, namespace, name and the verb that is authorized")
  func paths() {
    let pod = APIPath("/api/v1/namespaces/recsys/pods/web-0/status")
    #expect(pod.namespace == "recsys" && pod.plural == "pods" && pod.name == "web-0" && pod.subresource == "status")
    #expect(pod.permission(.patch) == "pods/status:patch")
    #expect(APIPath("/api/v1/namespaces/recsys").permission(.get) == "namespaces:get")
    #expect(APIPath("/api/v1/namespaces/recsys/status").plural == "namespaces")
    #expect(APIPath("/api/v1/namespaces").permission(.get) == "namespaces:list")
    #expect(
      APIPath("/apis/rbac.authorization.k8s.io/v1/namespaces/a/roles").permission(.post)
        == "rbac.authorization.k8s.io/roles:create")
    #expect(APIPath("/api/v1/namespaces/a/pods").permission(.delete) == "pods:deletecollection")
    #expect(APIPath("/openapi/v2").permission(.get) == nil)
  }

  @Test("a client that only reads sends GET and dry runs, and nothing else leaves it")
  func readOnly() async throws {
    let fixture = ClientFixture()
    let client = fixture.client(mode: .readOnly)
    try await client.send(.get(Self.pods))
    try await client.send(KubernetesRequest(.post, Self.pods, query: [("dryRun", "All")], body: [:]))
    #expect(fixture.transport.requests.count == 2)
    let refused = [
      KubernetesRequest(.post, Self.pods, body: [:]), KubernetesRequest(.delete, Self.pods + "/x"),
      KubernetesRequest(.patch, Self.pods + "/x", query: [("dryRun", "None")], body: [:], as: .apply),
      KubernetesRequest(.patch, Self.pods + "/x", query: [("dryRun", "All"), ("dryRun", "")], body: [:], as: .apply),
      .get(Self.pods + "/x/exec", query: [("command", "rm")]), .get(Self.pods + "/x/proxy/delete"),
    ]
    for request in refused {
      let error = await fixture.failure(request, mode: .readOnly)
      #expect(error?.reason == .denied(permission: APIPath(request.path).permission(request.method)))
    }
    #expect(fixture.transport.requests.count == 2)
  }

  @Test("a write that must happen once goes out once; apply and reads are tried again")
  func repetition() async {
    let create = ClientFixture { _ in .failure(500, "InternalError") }
    let error = await create.failure(KubernetesRequest(.post, Self.pods, body: [:]))
    #expect(create.transport.requests.count == 1)
    if case .unknown = error?.effect {} else { Issue.record("a create that met a 500 may have happened") }
    let apply = ClientFixture { _ in .failure(500, "InternalError") }
    _ = await apply.failure(KubernetesRequest(.patch, Self.pods + "/x", body: [:], as: .apply))
    #expect(apply.transport.requests.count == 5)
    #expect(apply.transport.requests.allSatisfy { $0.reuse == .allowed })
    #expect(create.transport.requests.first?.reuse == .freshConnection)
  }

  @Test("429 is obeyed for every request, since the server refuses before it looks")
  func throttling() async throws {
    let count = Mutex(0)
    let fixture = ClientFixture { _ in
      let isFirst = count.withLock { count in
        count += 1
        return count == 1
      }
      return isFirst ? .json(429, "slow down", ["Retry-After": "3"]) : .json(201, "{}")
    }
    let start = fixture.time.elapsed
    try await fixture.client().send(KubernetesRequest(.post, Self.pods, body: [:]))
    #expect(fixture.transport.requests.count == 2)
    #expect(fixture.time.elapsed - start >= .seconds(3))
  }

  @Test("requests beyond the burst wait for their turn")
  func limit() async throws {
    let fixture = ClientFixture()
    var limits = RequestLimits()
    (limits.perSecond, limits.burst) = (10, 5)
    let client = KubernetesClient(
      fixture.machine, ClusterAccess(server: HTTPURL(host: "cluster.test")), mode: .readOnly, limits: limits)
    let start = fixture.time.elapsed
    for _ in 0..<5 { try await client.send(.get("/version")) }
    #expect(fixture.time.elapsed == start)
    for _ in 0..<10 { try await client.send(.get("/version")) }
    #expect(fixture.time.elapsed - start == .seconds(1))
  }

  @Test("warnings of the server are handed on")
  func warnings() async throws {
    let fixture = ClientFixture { _ in
      .json(200, "{}", ["Warning": #"299 - "batch/v1beta1 CronJob is \"old\"""#])
    }
    #expect(try await fixture.client().send(.get(Self.pods)).warnings == [#"batch/v1beta1 CronJob is "old""#])
  }
}
