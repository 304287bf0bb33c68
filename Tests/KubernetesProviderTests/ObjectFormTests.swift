import Resources
import Testing
import Values

@testable import KubernetesProvider

@Suite("objects as they are sent and read")
struct ObjectFormTests {
  private func form(_ name: String) throws -> ObjectForm {
    let type = try #require(KubernetesProvider.core[TypeName("kubernetes/\(name)")])
    let kind = try #require(KubernetesProvider.document.kinds.first { $0.typeName == type.name })
    return ObjectForm(kind: kind.served, type: type)
  }

  private let marker = Marker(
    scope: ScopeID(estate: "est-1", environment: "prod"), address: Address("Network/prod/subnet[a]"), isProtected: true)

  @Test("the marker goes out as a label and annotations, comes back, and is in no field")
  func markers() throws {
    let form = try form("v1/ConfigMap")
    let fields: Value = ["metadata": ["name": "a", "namespace": "n", "labels": ["tier": "web"]], "data": ["x": "1"]]
    let sent = form.applied(fields, marker)
    #expect(sent["apiVersion"] == "v1")
    #expect(sent["metadata"]?["labels"] == ["tier": "web", "plumb.dev/scope": "est-1.prod"])
    let observed = form.observed(sent)
    #expect(observed.marker == marker)
    #expect(observed.remote.text == "n/a")
    #expect(observed.fields == fields)
  }

  @Test("texts of secrets are sent as data, and read as secrets")
  func secrets() throws {
    let form = try form("v1/Secret")
    let sent = form.sent(["metadata": ["name": "a"], "data": ["b": "eA=="], "stringData": ["a": "hello"]])
    #expect(sent["data"] == ["b": "eA==", "a": "aGVsbG8="])
    #expect(sent["stringData"] == nil)
    #expect(form.observed(sent).fields["data"]?.isSensitive == true)
  }

  @Test("quantities go out as texts, ports with their protocol; everything else as written")
  func normalised() throws {
    let quota = try form("v1/ResourceQuota").sent([
      "metadata": ["name": "q"], "spec": ["hard": ["pods": 4, "cpu": "1"]],
    ])
    #expect(quota["spec"]?["hard"] == ["pods": "4", "cpu": "1"])
    let service = try form("v1/Service").sent(["spec": ["ports": [["port": 80], ["port": 53, "protocol": "UDP"]]]])
    #expect(
      service["spec"]?["ports"] == [["port": 80, "protocol": "TCP"], ["port": 53, "protocol": "UDP"]])
    let map: Value = ["metadata": ["name": "m"], "data": ["pods": "4"]]
    #expect(try form("v1/ConfigMap").sent(map) == map)
  }

  @Test("a scope that fits no label is told by its hash")
  func labels() {
    #expect(ScopeLabel.value(ScopeID(estate: "est-7")) == "est-7")
    #expect(ScopeLabel.value(ScopeID(estate: "est-7", environment: "prod")) == "est-7.prod")
    let exact = ScopeID(estate: String(repeating: "a", count: 63))
    #expect(ScopeLabel.value(exact) == exact.estate)
    for estate in [String(repeating: "a", count: 64), "est 7", "-est", "est-", "ü"] {
      let value = ScopeLabel.value(ScopeID(estate: estate))
      #expect(ScopeLabel.isValid(value) && value.hasPrefix("scope-"), "\(estate)")
    }
  }

  @Test("needs: namespace, definition, role, account, and what pods mount; stages in the order people tell")
  func order() throws {
    func desired(_ type: String, _ name: String, _ more: [(String, Value)] = [], namespace: String? = "n") -> Desired {
      let metadata: [(String, Value)] =
        [("name", .string(name))] + (namespace.map { [("namespace", .string($0))] } ?? [])
      return Desired(
        address: Address("\(type.split(separator: "/").last ?? "")/\(name)"), type: TypeName("kubernetes/\(type)"),
        target: TargetName("t"), fields: .map([("metadata", .map(metadata))] + more))
    }
    let resources = [
      desired("v1/Namespace", "n", namespace: nil), desired("v1/ServiceAccount", "sa"), desired("v1/Secret", "s"),
      desired("rbac.authorization.k8s.io/v1/Role", "r"),
      desired(
        "rbac.authorization.k8s.io/v1/RoleBinding", "b",
        [
          ("roleRef", ["kind": "Role", "name": "r"]),
          ("subjects", [["kind": "ServiceAccount", "name": "sa", "namespace": "n"]]),
        ]),
      desired(
        "apps/v1/Deployment", "d",
        [("spec", ["template": ["spec": ["volumes": [["secret": ["secretName": "s"]]], "serviceAccountName": "sa"]]])]),
      desired(
        "apiextensions.k8s.io/v1/CustomResourceDefinition", "things.acme.dev",
        [("spec", ["group": "acme.dev", "names": ["kind": "Thing"]])], namespace: nil),
      desired("acme.dev/v1/Thing", "t"),
    ]
    let needs = ObjectNeeds(resources)
    func of(_ index: Int) -> [String] { needs.needs(of: resources[index]).map(\.text) }
    #expect(of(0) == [])
    #expect(of(4) == ["Namespace/n", "Role/r", "ServiceAccount/sa"])
    #expect(of(5) == ["Namespace/n", "ServiceAccount/sa", "Secret/s"])
    #expect(of(7) == ["Namespace/n", "CustomResourceDefinition/things.acme.dev"])
    let kinds = [
      ("v1", "Namespace"), ("apiextensions.k8s.io/v1", "CustomResourceDefinition"), ("v1", "ServiceAccount"),
      ("rbac.authorization.k8s.io/v1", "RoleBinding"), ("v1", "ResourceQuota"), ("v1", "ConfigMap"),
      ("v1", "PersistentVolumeClaim"), ("acme.dev/v1", "Thing"), ("apps/v1", "Deployment"),
      ("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration"),
    ]
    let stages = kinds.map { Stage.of($0.0, $0.1) }
    #expect(stages == stages.sorted())
    #expect(Set(stages).count == stages.count)
  }
}
