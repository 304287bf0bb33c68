import Values

extension OpenAPIDocument {
  /// The kinds that manifests define by `CustomResourceDefinition`: their objects can be planned before the definition
  /// stands on a cluster.
  /// https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/
  init(definedBy manifests: [Value], beside core: OpenAPIDocument) {
    let found = manifests.flatMap { Self.defined(by: $0) }
    self.init(
      kinds: found.map(\.kind), definitions: core.definitions,
      own: Dictionary(found.map { ($0.kind.definition, $0.schema) }, uniquingKeysWith: { _, last in last }))
  }

  /// The served versions of one definition.
  private static func defined(by manifest: Value) -> [(kind: Kind, schema: Value)] {
    guard manifest["kind"]?.string == "CustomResourceDefinition",
      manifest["apiVersion"]?.string?.hasPrefix("apiextensions.k8s.io/") ?? false, let spec = manifest["spec"],
      let group = spec["group"]?.string, let names = spec["names"], let kind = names["kind"]?.string,
      let plural = names["plural"]?.string
    else { return [] }
    let isNamespaced = spec["scope"]?.string != "Cluster"
    // `v1beta1` may name one version, and one schema for all of them.
    let versions = spec["versions"]?.elements.map { $0 } ?? []
    let single = versions.isEmpty ? spec["version"].map { [Value.map([("name", $0)])] } ?? [] : versions
    return single.compactMap { version in
      guard let name = version["name"]?.string, version["served"]?.bool ?? true else { return nil }
      let schema = (version["schema"] ?? spec["validation"])?["openAPIV3Schema"] ?? .map([])
      let found = Kind(
        apiVersion: "\(group)/\(name)", name: kind, plural: plural, isNamespaced: isNamespaced,
        definition: "\(group)/\(name).\(kind)")
      return (found, rooted(schema))
    }
  }

  /// The schema with what every object has; where it says nothing, its two usual fields are any value.
  private static func rooted(_ schema: Value) -> Value {
    var known: Set<String> = ["metadata"]
    let written = schema["properties"]?.entries.map { ($0.key, $0.value) } ?? [("spec", [:]), ("status", [:])]
    // A key that stands twice is reported where the manifest is read.
    let properties = written.filter { known.insert($0.0).inserted }
    return Value.build { builder in
      builder.beginMap()
      for key in ["description", "required"] {
        guard let value = schema[key] else { continue }
        builder.key(key)
        builder.append(value)
      }
      builder.key("properties")
      builder.append(.map(properties + [("metadata", ["$ref": .string(SchemaReader.objectMeta)])]))
      builder.endMap()
    }
  }
}
