import HTTP
import KubernetesClient
import Platform
import ProviderKit
import Resources
import Synchronization
import Values

@testable import KubernetesProvider

/// A provider on a simulated cluster that serves one document.
struct TypeFixture: Sendable {
  let transport: SimulatedTransport
  let time = SimulatedTime(skipsSleep: true)
  let files = SimulatedFiles([
    "/k": """
    clusters: [{name: c, cluster: {server: "https://c.test"}}]
    users: [{name: u, user: {token: t-1}}]
    contexts: [{name: c, context: {cluster: c, user: u}}]
    """
  ])
  let target = Target(
    name: TargetName("lab"), provider: "kubernetes", settings: ["kubernetes": ["kubeconfig": "/k", "context": "c"]])

  init(_ document: Value = Self.document, etag: String = "e-1") {
    let body = JSONWriter(.compact).bytes(document)
    transport = SimulatedTransport { request in
      if request.headers["If-None-Match"] == etag { return HTTPResponse(status: 304) }
      return HTTPResponse(status: 200, headers: ["Etag": etag], body: body)
    }
  }

  func provider() -> KubernetesProvider {
    let machine = KubernetesMachine(
      makeTransport: { [transport] _ in transport }, environment: Environment(), files: files, time: time,
      random: SeededRandom(seed: 1))
    return KubernetesProvider(machine, folder: "/estate/.plumb/types")
  }

  static func operation(_ group: String, _ version: String, _ kind: String, _ schema: String) -> Value {
    [
      "x-kubernetes-action": "post",
      "x-kubernetes-group-version-kind": [
        "group": .string(group), "version": .string(version), "kind": .string(kind),
      ],
      "parameters": [
        ["in": "query", "name": "dryRun"], ["in": "body", "schema": ["$ref": .string("#/definitions/\(schema)")]],
      ],
    ]
  }

  static let objectMeta = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"

  static let document: Value = [
    "info": ["version": "v1.20.2"],
    "paths": [
      "/apis/acme.test/v1/namespaces/{namespace}/widgets": ["post": operation("acme.test", "v1", "Widget", "Widget")],
      "/apis/acme.test/v1/namespaces/{namespace}/widgets/{name}/parts": [
        "post": operation("acme.test", "v1", "Part", "Widget")
      ],
      "/api/v1/namespaces": ["get": [:], "post": operation("", "v1", "Namespace", "Namespace")],
      "/version": ["get": [:]],
    ],
    "definitions": [
      "Widget": [
        "description": "A thing. With more said of it.", "type": "object", "required": ["spec"],
        "properties": [
          "apiVersion": ["type": "string"], "kind": ["type": "string"],
          "metadata": ["$ref": .string("#/definitions/\(objectMeta)")],
          "spec": [
            "type": "object", "required": ["size"],
            "properties": [
              "size": ["type": "integer"], "color": ["type": "string", "enum": ["red", "green"]],
              "port": ["x-kubernetes-int-or-string": true],
              "raw": ["type": "object", "x-kubernetes-preserve-unknown-fields": true],
              "parts": [
                "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"],
                "items": ["type": "object", "required": ["name"], "properties": ["name": ["type": "string"]]],
              ],
            ],
          ],
        ],
      ],
      "Namespace": [
        "type": "object", "properties": ["metadata": ["$ref": .string("#/definitions/\(objectMeta)")]],
      ],
      "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta": [
        "type": "object", "properties": ["name": ["type": "string"], "namespace": ["type": "string"]],
      ],
      "Unreached": ["type": "object"],
    ],
  ]
}
