import Resources
import Schemas
import Values

/// The kinds of a cluster and their schemas, in the form of `/openapi/v2`: definitions that refer to one another.
/// https://kubernetes.io/docs/concepts/overview/kubernetes-api/#openapi-v2
package struct OpenAPIDocument: Sendable {
  /// A kind as discovery tells it.
  package struct Kind: Sendable {
    /// `v1`, `rbac.authorization.k8s.io/v1`.
    package var apiVersion: String
    package var name: String
    /// The collection's name in URLs.
    package var plural: String
    package var isNamespaced: Bool
    /// The name of its definition.
    var definition: String

    var served: ServedKind {
      ServedKind(apiVersion: apiVersion, name: name, plural: plural, isNamespaced: isNamespaced)
    }

    package var typeName: TypeName { TypeName("kubernetes/\(apiVersion)/\(name)") }
  }

  package let kinds: [Kind]
  let definitions: Value
  /// Definitions beside those of the document, by name.
  private let own: [String: Value]

  init(kinds: [Kind], definitions: Value, own: [String: Value]) {
    self.kinds = kinds
    self.definitions = definitions
    self.own = own
  }

  /// Reads a boiled-down document; entries of another form are left out.
  package init(_ document: Value) {
    own = [:]
    definitions = document["definitions"] ?? .map([])
    kinds = (document["kinds"]?.entries.map { $0 } ?? []).compactMap { entry in
      guard let slash = entry.key.lastIndex(of: "/"), let definition = entry.value["schema"]?.string,
        let plural = entry.value["plural"]?.string
      else { return nil }
      return Kind(
        apiVersion: String(entry.key[..<slash]), name: String(entry.key[entry.key.index(after: slash)...]),
        plural: plural, isNamespaced: entry.value["namespaced"]?.bool ?? false, definition: definition)
    }
  }

  /// The types of all kinds, each read when it is first asked for: most estates use few.
  package var catalog: TypeCatalog {
    let byName = Dictionary(kinds.map { ($0.typeName, $0) }, uniquingKeysWith: { _, last in last })
    return TypeCatalog(byName.keys) { [self] name in
      guard let kind = byName[name] else { preconditionFailure("a catalog makes types that it has") }
      return type(of: kind)
    }
  }

  /// The resource type of a kind: its object as it is, without `apiVersion` and `kind`.
  package func type(of kind: Kind) -> ResourceType {
    var reader = SchemaReader(definitions: definitions, own: own)
    let schema = reader.object(kind.definition, isRoot: true)
    let summary = reader.definition(kind.definition)?["description"]?.string ?? ""
    let key = (kind.isNamespaced ? ["metadata.namespace"] : []) + ["metadata.name"]
    var type = ResourceType(
      kind.typeName, summary.isEmpty ? "A \(kind.name)." : summary, schema: schema,
      identity: Identity(
        naturalKey: key, uniqueness: .cluster, consistencyWindow: .zero,
        idPath: key.map { "{\($0)}" }.joined(separator: "/")),
      marker: .annotation, recovery: .naturalKey, scope: kind.isNamespaced ? .namespace : .cluster,
      isStateful: Self.stateful.contains(kind.name), operations: operations(kind))
    type.isMerged = true
    type.stage = Stage.of(kind.apiVersion, kind.name)
    return type
  }

  /// Kinds whose objects hold data, or go and take everything within along.
  private static let stateful: Set = [
    "Namespace", "PersistentVolume", "PersistentVolumeClaim", "StatefulSet", "CustomResourceDefinition",
  ]

  private func operations(_ kind: Kind) -> [Operation: OperationFacts] {
    let group = kind.apiVersion.split(separator: "/").dropLast().first.map { "\($0)/" } ?? ""
    func facts(_ verbs: String...) -> OperationFacts {
      OperationFacts(permissions: verbs.map { "\(group)\(kind.plural):\($0)" })
    }
    return [
      .list: facts("list"), .read: facts("get"), .create: facts("create", "patch"), .update: facts("patch"),
      .delete: facts("delete"),
    ]
  }
}
