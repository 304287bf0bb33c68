import HTTP
import KubernetesClient
import Platform
import ProviderKit
import Resources
import Synchronization
import Testing
import Values

@testable import KubernetesProvider

/// The provider against a real API server, without an estate around it.
@Suite("the Kubernetes provider")
struct KubernetesProviderLiveTests {
  private func form(_ name: String) throws -> ObjectForm {
    let type = try #require(KubernetesProvider.core[TypeName("kubernetes/\(name)")])
    let kind = try #require(KubernetesProvider.document.kinds.first { $0.typeName == type.name })
    return ObjectForm(kind: kind.served, type: type)
  }

  private func make(_ estate: KubeEstate, _ type: String, _ fields: Value) async throws -> Observed {
    let writer = try await estate.provider().writer(estate.target, fence: Fence(1))
    let name = fields["metadata"]?["name"]?.string ?? ""
    let desired = Desired(
      address: Address("kubernetes.\(type)/\(name)"), type: TypeName("kubernetes/\(type)"), target: TargetName("lab"),
      fields: fields)
    return try await writer.create(desired, marker(estate, desired.address), OperationToken("t"), .ignore)
  }

  private func marker(_ estate: KubeEstate, _ address: Address) -> Marker {
    Marker(scope: ScopeID(estate: "est-k\(estate.number)"), address: address)
  }

  @Test("passes the battery that every provider passes")
  func battery() async throws {
    let estate = try await KubeEstate()
    let space = Value.string(estate.prefix)
    @Sendable func metadata(_ name: String) -> Value { ["name": .string(name), "namespace": space] }
    let battery = ProviderBattery(
      estate.provider(), estate.target,
      [
        BatterySample(TypeName("kubernetes/v1/Namespace"), "space") { _ in ["metadata": ["name": space]] },
        BatterySample(
          TypeName("kubernetes/v1/ConfigMap"), "map",
          updated: { _ in ["metadata": metadata("map"), "data": ["a": "2", "c": "3"]] }
        ) { _ in ["metadata": metadata("map"), "data": ["a": "1", "b": "2"]] },
        BatterySample(
          TypeName("kubernetes/v1/ResourceQuota"), "quota",
          updated: { _ in ["metadata": metadata("quota"), "spec": ["hard": ["cpu": "2"]]] }
        ) { _ in ["metadata": metadata("quota"), "spec": ["hard": ["cpu": "1"]]] },
        BatterySample(TypeName("kubernetes/v1/ServiceAccount"), "account") { _ in ["metadata": metadata("account")] },
        BatterySample(
          TypeName("kubernetes/rbac.authorization.k8s.io/v1/Role"), "role",
          updated: { _ in
            [
              "metadata": metadata("role"),
              "rules": [["apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]]],
            ]
          }
        ) { _ in
          ["metadata": metadata("role"), "rules": [["apiGroups": [""], "resources": ["pods"], "verbs": ["get"]]]]
        },
      ], scope: ScopeID(estate: "est-k\(estate.number)"))
    let failures = await battery.failures()
    #expect(failures == [], "\(failures.joined(separator: "\n"))")
  }

  @Test("a finalizer that nobody removes: the wait ends with its name, and the object is known to be there")
  func finalizer() async throws {
    let estate = try await KubeEstate()
    _ = try await make(estate, "v1/Namespace", ["metadata": ["name": .string(estate.prefix)]])
    let made = try await make(
      estate, "v1/ConfigMap",
      ["metadata": ["name": "held", "namespace": .string(estate.prefix), "finalizers": ["acme.dev/hold"]]])
    let cluster = Cluster(client: try estate.client(), kinds: KindDirectory())
    let told = Mutex<[String]>([])
    let deletion = Deletion(
      cluster: cluster, form: try form("v1/ConfigMap"),
      progress: ProgressSink { text in told.withLock { $0.append(text) } })
    let error = await #expect(throws: ProviderError.self) { try await deletion.run(made, timeout: .seconds(1)) }
    #expect(error?.message.contains("held by the finalizer") == true, "\(error?.message ?? "")")
    #expect(error?.message.contains("`acme.dev/hold`") == true)
    guard case .partial(let left)? = error?.effect else { return #expect(Bool(false), "it is still there") }
    #expect(!left.isReady)
    #expect(told.withLock { $0.contains { $0.contains("acme.dev/hold") } })
    // Once its owner lets go, a second delete waits for the end and asks for nothing more.
    try await estate.send(
      .patch, "/api/v1/namespaces/NS/configmaps/held", ["metadata": ["finalizers": nil]], as: .mergePatch)
    try await deletion.run(left, timeout: .seconds(10))
    #expect(try await !estate.exists("/api/v1/namespaces/NS/configmaps/held"))
  }

  @Test(
    "what an object owns goes first, or stays, as the object says",
    arguments: [("foreground", "foregroundDeletion"), ("orphan", "orphan")])
  func propagation(_ written: String, _ finalizer: String) async throws {
    let estate = try await KubeEstate()
    _ = try await make(estate, "v1/Namespace", ["metadata": ["name": .string(estate.prefix)]])
    let annotations: Value = ["stand-in": "leave", "plumb.dev/deletion": .string(written)]
    let made = try await make(
      estate, "v1/ConfigMap",
      ["metadata": ["name": "owner", "namespace": .string(estate.prefix), "annotations": annotations]])
    let deletion = Deletion(
      cluster: Cluster(client: try estate.client(), kinds: KindDirectory()), form: try form("v1/ConfigMap"),
      progress: .ignore)
    let error = await #expect(throws: ProviderError.self) { try await deletion.run(made, timeout: .seconds(1)) }
    #expect(error?.message.contains("`\(finalizer)`") == true, "\(error?.message ?? "")")
    let standing = try await estate.object("/api/v1/namespaces/NS/configmaps/owner")
    #expect(standing["metadata"]?["finalizers"] == .list([.string(finalizer)]))
  }

  @Test("an object that has changed since it was looked at, or is another one of the name, is not deleted")
  func preconditions() async throws {
    let estate = try await KubeEstate()
    _ = try await make(estate, "v1/Namespace", ["metadata": ["name": .string(estate.prefix)]])
    let made = try await make(estate, "v1/ConfigMap", ["metadata": ["name": "a", "namespace": .string(estate.prefix)]])
    let path = "/api/v1/namespaces/NS/configmaps/a"
    try await estate.send(.patch, path, ["data": ["changed": "1"]], as: .mergePatch)
    let writer = try await estate.provider().writer(estate.target, fence: Fence(1))
    let error = await #expect(throws: ProviderError.self) {
      try await writer.delete(made, OperationToken("t"), .ignore)
    }
    #expect(error?.reason == .conflict)
    #expect(try await estate.exists(path))
  }

  @Test("a workload that does not get ready: the error names what it waits for and the last event")
  func readiness() async throws {
    let estate = try await KubeEstate()
    _ = try await make(estate, "v1/Namespace", ["metadata": ["name": .string(estate.prefix)]])
    let made = try await make(
      estate, "apps/v1/Deployment",
      [
        "metadata": [
          "name": "slow", "namespace": .string(estate.prefix),
          "annotations": ["stand-in": "leave", "plumb.dev/wait": "none"],
        ],
        "spec": [
          "selector": ["matchLabels": ["a": "b"]],
          "template": [
            "metadata": ["labels": ["a": "b"]], "spec": ["containers": [["name": "c", "image": "registry.test/c:1"]]],
          ],
        ],
      ])
    let uid = try #require(made.fields["metadata"]?["uid"])
    try await estate.send(
      .post, "/api/v1/namespaces/NS/events",
      [
        "metadata": ["name": "slow.1"], "reason": "FailedCreate", "message": "quota says no",
        "lastTimestamp": "2026-01-01T00:00:00Z",
        "involvedObject": [
          "kind": "Deployment", "name": "slow", "namespace": .string(estate.prefix), "uid": uid,
        ],
      ])
    var waiting = made
    waiting.fields = ["metadata": ["name": "slow", "namespace": .string(estate.prefix), "uid": uid]]
    let wait = ReadinessWait(
      cluster: Cluster(client: try estate.client(), kinds: KindDirectory()), form: try form("apps/v1/Deployment"),
      progress: .ignore)
    let error = await #expect(throws: ProviderError.self) { try await wait.wait(for: waiting, timeout: .zero) }
    #expect(error?.message.contains("its controller has not looked at it yet") == true, "\(error?.message ?? "")")
    #expect(error?.message.contains("FailedCreate: quota says no") == true)
  }

  @Test("a create meets an object that is not ours, and leaves it as it is")
  func taken() async throws {
    let estate = try await KubeEstate()
    _ = try await make(estate, "v1/Namespace", ["metadata": ["name": .string(estate.prefix)]])
    let path = "/api/v1/namespaces/NS/configmaps"
    try await estate.send(
      .post, "\(path)?fieldManager=by-hand", ["metadata": ["name": "theirs"], "data": ["a": "1"]])
    let error = await #expect(throws: ProviderError.self) {
      _ = try await make(
        estate, "v1/ConfigMap",
        ["metadata": ["name": "theirs", "namespace": .string(estate.prefix)], "data": ["a": "2"]])
    }
    #expect(error?.reason == .conflict)
    #expect(try await estate.object("\(path)/theirs")["data"]?["a"] == "1")
    // Where nothing conflicts, what was added is taken back.
    let quiet = await #expect(throws: ProviderError.self) {
      _ = try await make(
        estate, "v1/ConfigMap",
        ["metadata": ["name": "theirs", "namespace": .string(estate.prefix)], "data": ["b": "2"]])
    }
    #expect(quiet?.message.contains("stands already, written by") == true, "\(quiet?.message ?? "")")
    let now = try await estate.object("\(path)/theirs")
    #expect(now["data"] == ["a": "1"])
    #expect(now["metadata"]?["annotations"]?["plumb.dev/address"] == nil)
  }

  private static func json(_ status: Int, _ text: String) -> HTTPResponse {
    HTTPResponse(status: status, headers: ["Content-Type": "application/json"], body: Array(text.utf8))
  }

  @Test("pages of one list, begun again where they expire")
  func expired() async throws {
    let pages = Mutex(0)
    let transport = SimulatedTransport { request in
      let page = pages.withLock { count in
        count += 1
        return count
      }
      let item = #"{"metadata":{"name":"a\#(page)","namespace":"n"}}"#
      switch page {
      case 1: return Self.json(200, #"{"metadata":{"continue":"x"},"items":[\#(item)]}"#)
      case 2:
        #expect(request.url.query?.contains("continue=x") == true)
        return Self.json(
          410, #"{"kind":"Status","status":"Failure","code":410,"reason":"Expired","message":"too old"}"#)
      case 3: return Self.json(200, #"{"metadata":{"continue":"y"},"items":[\#(item)]}"#)
      default: return Self.json(200, #"{"metadata":{},"items":[\#(item)]}"#)
      }
    }
    let machine = KubernetesMachine(
      makeTransport: { _ in transport }, environment: Environment([:]), files: SimulatedFiles([:]),
      time: SimulatedTime(skipsSleep: true), random: SeededRandom(seed: 1))
    let client = KubernetesClient(
      machine, ClusterAccess(server: HTTPURL(host: "cluster.test", port: 443, path: "")), mode: .readOnly)
    let reader = KubernetesReader(cluster: Cluster(client: client, kinds: KindDirectory()))
    let page = try await reader.list(TypeName("kubernetes/v1/ConfigMap"), .all, after: nil)
    #expect(page.items.map(\.remote.text) == ["n/a3", "n/a4"])
    #expect(page.next == nil)
  }
}
