import Schemas

/// A kind that is built into the language, with its fields, for `explain`.
package struct LanguageKind: Sendable {
  /// As `explain` is asked for it: `Estate`, `Target`, `Policy`, or `metadata` for what every resource can have.
  package var name: String
  package var summary: String
  package var schema: Schema

  package init(name: String, summary: String, schema: Schema) {
    self.name = name
    self.summary = summary
    self.schema = schema
  }

  /// The kinds that no blueprint may define.
  package static let names: Set = ["Estate", "Target", "Environment", "Blueprint", "Policy"]

  package static let all = [
    LanguageKind(
      name: "Estate", summary: "The folder that is owned as one, described by its `plumb.yaml`.",
      schema: Schema([
        Field("metadata", .object(ManifestSchemas.estateMetadata), .required, "Its name and id."),
        Field("spec", .object(ManifestSchemas.estate), .required, "What is read, and what holds for all of it."),
      ])),
    LanguageKind(
      name: "Target", summary: "Where resources go: an account and region, a project and region, or a cluster.",
      schema: Schema([
        Field("metadata", .object(ManifestSchemas.targetMetadata), .required, "Its name."),
        Field(
          "spec", .object(ManifestSchemas.targetSettings), .required,
          "The provider's own key, such as `aws: {accountId: …, region: …}`, and beside it:"),
      ])),
    LanguageKind(
      name: "Blueprint", summary: "Defines a kind by what it expands to: a schema, rules, and resources as templates.",
      schema: Schema([
        Field("metadata", .object(ManifestSchemas.blueprintMetadata), .required, "Its name."),
        Field("spec", .object(ManifestSchemas.blueprint), .required, "The kind and what it stands for."),
      ])),
    LanguageKind(
      name: "Policy", summary: "Rules over manifests, resources and changes, their parameters and waivers.",
      schema: Schema([
        Field("metadata", .object(PolicySchemas.metadata), .required, "Its name."),
        Field("spec", .object(PolicySchemas.spec), .required, "Packs, rules, parameters, waivers, prices."),
      ])),
    LanguageKind(
      name: "Environment",
      summary: "A variant of the estate with its own scope, `environments/NAME.yaml`, chosen with `--env NAME`.",
      schema: Schema([
        Field("metadata", .object(ManifestSchemas.environmentMetadata), .required, "Its name."),
        Field("spec", .object(ManifestSchemas.environment), [], "What is different in it."),
      ])),
    LanguageKind(
      name: "metadata", summary: "What every resource can have under `metadata`: its name, and how it is treated.",
      schema: ManifestSchemas.resourceMetadata),
  ]
}
