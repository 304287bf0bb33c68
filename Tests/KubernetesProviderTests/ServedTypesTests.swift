import Diagnostics
import HTTP
import Platform
import ProviderKit
import Resources
import Schemas
import Testing
import Values

@testable import KubernetesProvider

@Suite("types that clusters serve")
struct ServedTypesTests {
  private let fixture = TypeFixture()
  private static let widget = TypeName("kubernetes/acme.test/v1/Widget")

  @Test("kinds, scopes and schemas come from the cluster's own document")
  func learned() async throws {
    let provider = fixture.provider()
    #expect(provider.servedTypes(fixture.target) == nil)
    try await provider.learnTypes(fixture.target, needing: [])
    let types = try #require(provider.servedTypes(fixture.target))
    #expect(types.names.map(\.text) == ["kubernetes/acme.test/v1/Widget", "kubernetes/v1/Namespace"])
    let type = try #require(types[Self.widget])
    #expect(type.scope == .namespace && type.summary == "A thing.")
    let fine: Value = [
      "metadata": ["name": "w", "namespace": "a"],
      "spec": ["size": 1, "color": "red", "port": "http", "raw": ["any": 1], "parts": [["name": "x"]]],
    ]
    #expect(type.schema.validate(fine, path: "").map(\.message) == [])
    let wrong: Value = [
      "metadata": ["name": "w", "namespace": "a"], "spec": ["color": "blue", "colour": 1, "parts": [["nam": "x"]]],
    ]
    #expect(type.schema.validate(wrong, path: "Widget").count == 5)
    guard case .object(let spec) = type.schema["spec"]?.type, case .list(_, let order) = spec["parts"]?.type else {
      Issue.record("the spec is an object with a list")
      return
    }
    #expect(order == .keyed(by: "name"))
  }

  @Test("what was learned is kept, and asked for again only when it is old or lacks something")
  func kept() async throws {
    try await fixture.provider().learnTypes(fixture.target, needing: [])
    let path = try #require(try fixture.files.list("/estate/.plumb/types").first.map { "/estate/.plumb/types/\($0)" })
    #expect(try fixture.files.status(path)?.mode == 0o600)
    let later = fixture.provider()
    #expect(later.servedTypes(fixture.target)?.contains(Self.widget) == true)
    try await later.learnTypes(fixture.target, needing: [Self.widget])
    #expect(fixture.transport.requests.count == 1)
    try await later.learnTypes(fixture.target, needing: [TypeName("kubernetes/acme.test/v1/Gadget")])
    #expect(fixture.transport.requests.count == 2)
    try await fixture.time.sleep(for: .seconds(601))
    try await later.learnTypes(fixture.target, needing: [Self.widget])
    #expect(fixture.transport.requests.count == 3)
    #expect(fixture.transport.requests.last?.headers["If-None-Match"] == "e-1")
    try await fixture.provider().learnTypes(fixture.target, needing: [Self.widget])
    #expect(fixture.transport.requests.count == 3)
  }

  @Test("a damaged file, or that of another server, is learned anew", arguments: ["{", "{}", #"{"format": 9}"#])
  func damaged(_ text: String) async throws {
    try await fixture.provider().learnTypes(fixture.target, needing: [])
    let path = try #require(try fixture.files.list("/estate/.plumb/types").first.map { "/estate/.plumb/types/\($0)" })
    try fixture.files.write(Array(text.utf8), to: path)
    let provider = fixture.provider()
    #expect(provider.servedTypes(fixture.target) == nil)
    try await provider.learnTypes(fixture.target, needing: [])
    #expect(provider.servedTypes(fixture.target) != nil)
  }

  @Test("an answer that is no OpenAPI document is no list of types")
  func foreign() async {
    let fixture = TypeFixture(["kind": "Status"])
    let error = await #expect(throws: ProviderError.self) {
      try await fixture.provider().learnTypes(fixture.target, needing: [])
    }
    #expect(error?.reason == .unsupported)
    #expect(fixture.provider().servedTypes(fixture.target) == nil)
  }
}

@Suite("types that manifests define")
struct DefinedTypesTests {
  private static func definition(_ versions: Value, _ extra: [(String, Value)] = []) -> Value {
    let spec: [(String, Value)] =
      [
        ("group", "acme.test"), ("scope", "Cluster"), ("names", ["plural": "widgets", "kind": "Widget"]),
        ("versions", versions),
      ] + extra
    return [
      "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
      "metadata": ["name": "widgets.acme.test"], "spec": .map(spec),
    ]
  }

  @Test("each served version is a type with the schema of its definition")
  func versions() throws {
    let schema: Value = [
      "openAPIV3Schema": [
        "type": "object",
        "properties": ["spec": ["type": "object", "properties": ["size": ["type": "integer"]]]],
      ]
    ]
    let types = TypeFixture().provider().definedTypes([
      Self.definition([
        ["name": "v1", "served": true, "schema": schema], ["name": "v0", "served": false, "schema": schema],
      ]), ["kind": "ConfigMap", "apiVersion": "v1"],
    ])
    #expect(types.names.map(\.text) == ["kubernetes/acme.test/v1/Widget"])
    let type = try #require(types.all.first)
    #expect(type.scope == .cluster)
    #expect(type.schema.validate(["metadata": ["name": "w"], "spec": ["size": 1]], path: "").isEmpty)
    #expect(type.schema.validate(["metadata": ["name": "w"], "spec": ["sise": 1]], path: "").count == 1)
    #expect(type.schema.validate(["metadata": ["nam": "w"], "spec": [:]], path: "").isEmpty == false)
  }

  @Test("a definition without a schema lets its objects hold anything")
  func open() throws {
    let types = TypeFixture().provider().definedTypes([Self.definition([["name": "v1"]])])
    let type = try #require(types.all.first)
    #expect(type.schema.validate(["metadata": ["name": "w"], "spec": ["a": ["b": 1]]], path: "").isEmpty)
  }

  @Test("definitions of v1beta1 have one schema for all versions")
  func beta() throws {
    let validation: Value = [
      "openAPIV3Schema": ["properties": ["spec": ["type": "object", "properties": ["a": ["type": "string"]]]]]
    ]
    let types = TypeFixture().provider().definedTypes([
      Self.definition([], [("version", "v1alpha1"), ("validation", validation)])
    ])
    let type = try #require(types[TypeName("kubernetes/acme.test/v1alpha1/Widget")])
    #expect(type.schema.validate(["metadata": ["name": "w"], "spec": ["a": 1]], path: "").count == 1)
  }
}
