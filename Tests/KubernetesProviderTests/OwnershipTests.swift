import Resources
import Schemas
import Testing
import Values

@testable import KubernetesProvider

/// What managedFields say, in the words of a kube-apiserver.
@Suite("who owns which fields")
struct OwnershipTests {
  private func value(_ json: String) throws -> Value { try JSONReader.parse(Array(json.utf8)) }

  private let manifest: Value = [
    "metadata": ["name": "d", "namespace": "t"],
    "spec": [
      "selector": ["matchLabels": ["a": "b"]],
      "template": [
        "spec": [
          "containers": [
            [
              "name": "c", "image": "x:1", "resources": ["limits": ["cpu": "1000m"]], "ports": [["containerPort": 80]],
            ]
          ], "volumes": [["name": "v", "emptyDir": [:]]],
        ]
      ],
    ],
  ]

  private func live(image: String = "x:1", cpu: String = "1") throws -> Value {
    try value(
      """
      {"metadata": {"name": "d", "namespace": "t", "uid": "1"}, "spec": {"replicas": 1, "selector":
      {"matchLabels": {"a": "b"}}, "template": {"spec": {"containers": [{"name": "c", "image": "\(image)",
      "imagePullPolicy": "Always", "ports": [{"containerPort": 80, "protocol": "TCP"}], "resources": {"limits":
      {"cpu": "\(cpu)"}}}], "volumes": [{"name": "v", "emptyDir": {}}]}}}, "status": {"replicas": 1}}
      """)
  }

  private func owned(_ more: String = "") throws -> Value {
    try value(
      """
      {"f:metadata": {"f:labels": {"f:plumb.dev/scope": {}}, "f:annotations": {"f:plumb.dev/address": {}}}, "f:spec":
      {"f:selector": {}, \(more) "f:template": {"f:spec": {"f:containers": {"k:{\\"name\\":\\"c\\"}": {".": {},
      "f:image": {}, "f:name": {}, "f:ports": {"k:{\\"containerPort\\":80,\\"protocol\\":\\"TCP\\"}": {".": {},
      "f:containerPort": {}}}, "f:resources": {"f:limits": {"f:cpu": {}}}}}, "f:volumes": {"k:{\\"name\\":\\"v\\"}":
      {".": {}, "f:name": {}}}}}}}
      """)
  }

  @Test("defaults, other spellings of quantities and empty structs are no difference")
  func equal() throws {
    #expect(OwnedComparison.compare(manifest, live: try live(), owned: try owned()) == .equal)
  }

  @Test("another value, a field that we do not own, and one that we own and do not write any more are")
  func different() throws {
    #expect(OwnedComparison.compare(manifest, live: try live(image: "x:2"), owned: try owned()) == .different)
    #expect(OwnedComparison.compare(manifest, live: try live(cpu: "2"), owned: try owned()) == .different)
    #expect(
      OwnedComparison.compare(manifest, live: try live(), owned: try owned("\"f:replicas\": {},")) == .different)
    let taken = try value(#"{"f:metadata": {"f:labels": {"f:plumb.dev/scope": {}}}}"#)
    #expect(OwnedComparison.compare(manifest, live: try live(), owned: taken) == .different)
  }

  @Test("more inside what is owned whole may be a default or a dropped value: that has to be told apart")
  func whole() throws {
    let fields: Value = ["metadata": ["name": "p"], "spec": ["ingress": [["ports": [["port": 80]]]]]]
    let owned = try value(#"{"f:spec": {"f:ingress": {}}}"#)
    let live: Value = [
      "metadata": ["name": "p"], "spec": ["ingress": [["ports": [["port": 80, "protocol": "TCP"]]]]],
    ]
    #expect(OwnedComparison.compare(fields, live: live, owned: owned) == .equalWithMore)
    let shorter: Value = ["metadata": ["name": "p"], "spec": ["ingress": []]]
    #expect(OwnedComparison.compare(fields, live: shorter, owned: owned) == .different)
  }

  @Test("annotations count by their text: only values that the server normalises count by meaning")
  func texts() throws {
    let owned = try value(#"{"f:metadata": {"f:annotations": {"f:a": {}}}}"#)
    let fields: Value = ["metadata": ["name": "p", "annotations": ["a": "1000m"]]]
    let live: Value = ["metadata": ["name": "p", "annotations": ["a": "1"]]]
    #expect(OwnedComparison.compare(fields, live: live, owned: owned) == .different)
  }

  @Test("other writers of a field, the last one first")
  func writers() throws {
    let object = try value(
      """
      {"metadata": {"managedFields": [
      {"manager": "plumb", "operation": "Apply", "time": "2026-01-01T00:00:00Z", "fieldsV1": {"f:spec": {"f:a": {}}}},
      {"manager": "tuner", "operation": "Update", "time": "2026-01-02T00:00:00Z", "fieldsV1": {"f:spec": {"f:b": {}}}},
      {"manager": "kubectl-edit", "operation": "Update", "time": "2026-01-03T00:00:00Z",
       "fieldsV1": {"f:spec": {"f:b": {}, "f:c": {}}}}]}}
      """)
    let managed = ManagedFields(of: object)
    let path = FieldPath(steps: ["f:spec", "f:b"])
    #expect(managed.others(of: path, beside: "plumb").map(\.manager) == ["kubectl-edit", "tuner"])
    #expect(managed.others(of: FieldPath(steps: ["f:spec", "f:a"]), beside: "plumb").isEmpty)
    #expect(managed.applied(by: "plumb") == ["f:spec": ["f:a": [:]]])
  }

  @Test("paths of the server's answers, in our words")
  func paths() {
    #expect(
      ValuePath(serverPath: ".spec.template.spec.containers[name=\"app\"].image")?.description
        == "spec.template.spec.containers.app.image")
    #expect(ValuePath(serverPath: "spec.ports[0].port")?.description == "spec.ports[0].port")
    #expect(ValuePath(serverPath: "metadata.annotations[a.b/c]")?.description == "metadata.annotations[\"a.b/c\"]")
    #expect(ValuePath(serverPath: "") == nil)
    #expect(ValuePath(serverPath: "spec.ports[") == nil)
  }

  @Test("our own merge keeps others' fields, drops ours, and leaves spellings alone")
  func merge() throws {
    let live: Value = ["metadata": ["name": "x"], "data": ["a": "1", "b": "2", "c": "3", "d": "4"]]
    let owned: Value = ["f:data": ["f:a": [:], "f:b": [:], "f:c": [:]]]
    let merged = LocalMerge.merge(
      live, ["metadata": ["name": "x"], "data": ["a": "9"]], owned: owned, others: [["f:data": ["f:c": [:]]]])
    #expect(merged["data"] == ["a": "9", "c": "3", "d": "4"])
  }

  @Test("differences name items by their keys, hide secrets, and leave out what the server keeps for itself")
  func differences() throws {
    let type = try #require(KubernetesProvider.core[TypeName("kubernetes/apps/v1/Deployment")])
    let after = try live(image: "x:2")
    let changes = ObjectDifference(before: try live(), after: after, type.schema).changes
    #expect(changes.map(\.path.description) == ["spec.template.spec.containers.c.image"])
    let secret = try #require(KubernetesProvider.core[TypeName("kubernetes/v1/Secret")])
    let one = ObjectDifference(
      before: ["data": ["a": "eA=="]], after: ["data": ["a": "eQ=="]], secret.schema
    ).changes.first
    #expect(one?.before == nil)
    #expect(one?.after?.isSensitive == true)
  }
}
