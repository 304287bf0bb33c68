import Manifests
import Resources
import Schemas
import Values

/// JSON Schema of everything that may stand in a manifest file, for editors.
package enum ManifestJSONSchema {
  /// One schema for all types of a catalog and all kinds of blueprints: `kind` and `apiVersion` choose which `spec`
  /// holds.
  package static func schema(of catalog: TypeCatalog, kinds: [Kind] = []) -> Value {
    Value.build { builder in
      head(&builder, "Plumb manifest")
      builder.key("allOf")
      builder.beginList()
      choice(&builder, ManifestSchemas.ownVersion, "Estate", ManifestSchemas.estateMetadata, ManifestSchemas.estate)
      choice(
        &builder, ManifestSchemas.ownVersion, "Environment", ManifestSchemas.environmentMetadata,
        ManifestSchemas.environment)
      choice(&builder, ManifestSchemas.ownVersion, "Target", ManifestSchemas.targetMetadata, nil)
      choice(&builder, ManifestSchemas.ownVersion, "Policy", PolicySchemas.metadata, PolicySchemas.spec)
      choice(
        &builder, ManifestSchemas.ownVersion, "Blueprint", ManifestSchemas.blueprintMetadata, ManifestSchemas.blueprint)
      for kind in kinds {
        choice(
          &builder, kind.name.apiVersion, kind.name.kind, ManifestSchemas.kindMetadata, kind.schema,
          summary: kind.summary)
      }
      for type in catalog.all {
        let version = "\(type.name.provider).\(ManifestSchemas.ownVersion)"
        choice(&builder, version, type.name.kind, ManifestSchemas.resourceMetadata, type.schema, facts: TypeFacts(type))
      }
      builder.endList()
      builder.endMap()
    }
  }

  /// The schema of one kind of a blueprint.
  package static func schema(of kind: Kind) -> Value {
    single(kind.name.apiVersion, kind.name.kind, kind.summary, ManifestSchemas.kindMetadata, kind.schema)
  }

  /// The schema of one resource type as a direct manifest; nil for types that are written in another form.
  package static func schema(of type: ResourceType) -> Value? {
    guard type.name.provider != "kubernetes" else { return nil }
    let facts = TypeFacts(type)
    return single(
      "\(type.name.provider).\(ManifestSchemas.ownVersion)", type.name.kind, type.summary,
      ManifestSchemas.resourceMetadata, facts.nameField.map { type.schema.withOptional($0) } ?? type.schema)
  }

  private static func single(
    _ version: String, _ kind: String, _ summary: String, _ metadata: Schema, _ spec: Schema
  ) -> Value {
    Value.build { builder in
      head(&builder, kind)
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

  private static func head(_ builder: inout TapeBuilder, _ title: String) {
    builder.beginMap()
    builder.text("$schema", "https://json-schema.org/draft/2020-12/schema")
    builder.text("title", title)
    builder.text("type", "object")
    builder.strings("required", ["apiVersion", "kind", "metadata"])
  }

  /// `if` the manifest is of this kind, `then` its metadata and spec have these fields.
  private static func choice(
    _ builder: inout TapeBuilder, _ version: String, _ kind: String, _ metadata: Schema, _ spec: Schema?,
    facts: TypeFacts? = nil, summary: String = ""
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
    let description = facts?.type.summary ?? summary
    if !description.isEmpty { builder.text("description", description) }
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
