import Manifests
import Resources
import Schemas
import Values

/// JSON Schema of everything that may stand in a manifest file, for editors.
package enum ManifestJSONSchema {
  /// One schema for all types of a catalog: `kind` and `apiVersion` choose which `spec` holds.
  package static func schema(of catalog: TypeCatalog) -> Value {
    Value.build { builder in
      builder.beginMap()
      builder.text("$schema", "https://json-schema.org/draft/2020-12/schema")
      builder.text("title", "Plumb manifest")
      builder.text("type", "object")
      builder.strings("required", ["apiVersion", "kind", "metadata"])
      builder.key("allOf")
      builder.beginList()
      choice(&builder, ManifestSchemas.ownVersion, "Estate", ManifestSchemas.estateMetadata, ManifestSchemas.estate)
      choice(
        &builder, ManifestSchemas.ownVersion, "Environment", ManifestSchemas.environmentMetadata,
        ManifestSchemas.environment)
      choice(&builder, ManifestSchemas.ownVersion, "Target", ManifestSchemas.targetMetadata, nil)
      for type in catalog.all {
        let version = "\(type.name.provider).\(ManifestSchemas.ownVersion)"
        choice(&builder, version, type.name.kind, ManifestSchemas.resourceMetadata, type.schema, facts: TypeFacts(type))
      }
      builder.endList()
      builder.endMap()
    }
  }

  /// `if` the manifest is of this kind, `then` its metadata and spec have these fields.
  private static func choice(
    _ builder: inout TapeBuilder, _ version: String, _ kind: String, _ metadata: Schema, _ spec: Schema?,
    facts: TypeFacts? = nil
  ) {
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
    if let facts { builder.text("description", facts.type.summary) }
    builder.key("properties")
    builder.beginMap()
    builder.object("metadata", metadata)
    if let spec { builder.object("spec", facts?.nameField.map { spec.withOptional($0) } ?? spec) }
    builder.endMap()
    builder.endMap()
    builder.endMap()
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

  fileprivate mutating func strings(_ key: String, _ texts: [String]) {
    self.key(key)
    beginList()
    for text in texts { string(text) }
    endList()
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
