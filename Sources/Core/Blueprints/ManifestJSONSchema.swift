import Manifests
import Resources
import Schemas
import Values

/// JSON Schema of everything that may stand in a manifest file, for editors.
package enum ManifestJSONSchema {
  /// The file that knows all kinds and types.
  package static let everything = "manifest.schema.json"

  /// All files by their names below one folder: one for everything, one a kind, one a type, and for the types of a
  /// service that names its parts one with those. They refer to each other, so that nothing stands in two of them.
  package static func files(of catalog: TypeCatalog, kinds: [Kind] = []) -> [(name: String, value: Value)] {
    let types = catalog.all
    var files = [(name: everything, value: schema(of: types, kinds))]
    files += kinds.map { (file($0), schema(of: $0)) }
    var parts: [String: SharedSchemas] = [:]
    for type in types {
      let value = parts[type.name.provider, default: SharedSchemas()].sharing(schema(of: type))
      files.append((file(type.name), value))
    }
    for (provider, shared) in parts.sorted(by: { $0.key < $1.key }) where !shared.isEmpty {
      files.append(("types/\(provider)/\(SharedSchemas.file)", shared.value))
    }
    return files
  }

  private static func file(_ kind: Kind) -> String { "kinds/\(kind.name.kind).json" }

  /// `types/aws/Vpc.json`, `types/kubernetes/apps.v1.Deployment.json`.
  private static func file(_ type: TypeName) -> String {
    let version = type.nativeVersion.map { $0.replacing("/", with: ".") + "." } ?? ""
    return "types/\(type.provider)/\(version)\(type.kind).json"
  }

  // MARK: Everything

  /// `apiVersion` and `kind` choose which schema holds.
  private static func schema(of types: [ResourceType], _ kinds: [Kind]) -> Value {
    let own = ManifestSchemas.ownVersion
    return Value.build { builder in
      head(&builder, "Plumb manifest", required: ["apiVersion", "kind", "metadata"])
      builder.key("allOf")
      builder.beginList()
      choice(&builder, own, "Estate", ManifestSchemas.estateMetadata, ManifestSchemas.estate)
      choice(&builder, own, "Environment", ManifestSchemas.environmentMetadata, ManifestSchemas.environment)
      choice(&builder, own, "Target", ManifestSchemas.targetMetadata, nil)
      choice(&builder, own, "Policy", PolicySchemas.metadata, PolicySchemas.spec)
      choice(&builder, own, "Blueprint", ManifestSchemas.blueprintMetadata, ManifestSchemas.blueprint)
      for kind in kinds { choice(&builder, kind.name.apiVersion, kind.name.kind, file(kind)) }
      for type in types { choice(&builder, version(type.name), type.name.kind, file(type.name)) }
      builder.endList()
      builder.endMap()
    }
  }

  private static func version(_ type: TypeName) -> String {
    type.nativeVersion ?? "\(type.provider).\(ManifestSchemas.ownVersion)"
  }

  /// `if` the manifest is of this kind, `then` its metadata and spec have these fields.
  private static func choice(
    _ builder: inout TapeBuilder, _ version: String, _ kind: String, _ metadata: Schema, _ spec: Schema?
  ) {
    condition(&builder, version, kind)
    builder.key("properties")
    builder.beginMap()
    builder.object("metadata", metadata)
    if let spec { builder.object("spec", spec) }
    builder.endMap()
    builder.endMap()
    builder.endMap()
  }

  /// `if` the manifest is of this kind, `then` it is as that file says.
  private static func choice(_ builder: inout TapeBuilder, _ version: String, _ kind: String, _ file: String) {
    condition(&builder, version, kind)
    builder.text("$ref", file)
    builder.endMap()
    builder.endMap()
  }

  /// Leaves the map of `then` open, and that around it.
  private static func condition(_ builder: inout TapeBuilder, _ version: String, _ kind: String) {
    builder.beginMap()
    builder.key("if")
    builder.beginMap()
    builder.key("properties")
    builder.beginMap()
    builder.constant("apiVersion", version)
    builder.constant("kind", kind)
    builder.endMap()
    builder.endMap()
    builder.key("then")
    builder.beginMap()
  }

  // MARK: One kind or type

  /// The schema of one kind of a blueprint.
  package static func schema(of kind: Kind) -> Value {
    single(kind.name.apiVersion, kind.name.kind, kind.summary, ManifestSchemas.kindMetadata, kind.schema)
  }

  /// The schema of one resource type as a manifest of its own.
  package static func schema(of type: ResourceType) -> Value {
    if let version = type.name.nativeVersion { return native(version, type) }
    let facts = TypeFacts(type)
    return single(
      version(type.name), type.name.kind, type.summary, ManifestSchemas.resourceMetadata,
      facts.nameField.map { type.schema.withOptional($0) } ?? type.schema)
  }

  private static func single(
    _ version: String, _ kind: String, _ summary: String, _ metadata: Schema, _ spec: Schema
  ) -> Value {
    Value.build { builder in
      head(&builder, kind, required: ["apiVersion", "kind", "metadata"])
      if !summary.isEmpty { builder.text("description", summary) }
      builder.key("properties")
      builder.beginMap()
      builder.constant("apiVersion", version)
      builder.constant("kind", kind)
      builder.object("metadata", metadata)
      builder.object("spec", spec)
      builder.endMap()
      builder.endMap()
    }
  }

  /// An object as it is, whose fields stand beside `apiVersion` and `kind`.
  private static func native(_ version: String, _ type: ResourceType) -> Value {
    let object = Value.build { builder in
      builder.beginMap()
      type.schema.writeObject(&builder)
      builder.endMap()
    }
    return Value.build { builder in
      head(
        &builder, type.name.kind,
        required: ["apiVersion", "kind"] + (object["required"] ?? .null).elements.compactMap(\.string))
      builder.text("description", type.summary)
      builder.key("properties")
      builder.beginMap()
      builder.constant("apiVersion", version)
      builder.constant("kind", type.name.kind)
      for entry in (object["properties"] ?? .null).entries {
        builder.key(entry.key)
        builder.append(entry.value)
      }
      builder.endMap()
      builder.key("additionalProperties")
      builder.bool(false)
      builder.endMap()
    }
  }

  /// Leaves the map open.
  private static func head(_ builder: inout TapeBuilder, _ title: String, required: [String]) {
    builder.beginMap()
    builder.text("$schema", "https://json-schema.org/draft/2020-12/schema")
    builder.text("title", title)
    builder.text("type", "object")
    builder.key("required")
    builder.beginList()
    for name in required { builder.string(name) }
    builder.endList()
  }
}

extension Schema {
  /// The same schema with a field that need not be written, since it has a default.
  fileprivate func withOptional(_ name: String) -> Schema {
    Schema(
      fields.map { field in
        guard field.name == name else { return field }
        var optional = field
        optional.marks.remove(.required)
        return optional
      })
  }
}

extension TapeBuilder {
  fileprivate mutating func text(_ key: String, _ text: String) {
    self.key(key)
    string(text)
  }

  fileprivate mutating func constant(_ key: String, _ text: String) {
    self.key(key)
    beginMap()
    self.text("const", text)
    endMap()
  }

  fileprivate mutating func object(_ key: String, _ schema: Schema) {
    self.key(key)
    beginMap()
    schema.writeObject(&self)
    endMap()
  }
}
