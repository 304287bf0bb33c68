import Schemas

extension ManifestSchemas {
  /// The schema of `metadata` in a manifest of ours.
  static func metadata(of group: ManifestDocument.Group, _ kind: String) -> Schema {
    switch group {
    case .own where kind == "Blueprint": blueprintMetadata
    case .own, .custom: kindMetadata
    case .direct, .kubernetes: resourceMetadata
    }
  }

  package static let blueprintMetadata = Schema([Field("name", .string, .required, "The blueprint's name.")])

  /// `metadata` of a manifest that a blueprint expands.
  package static let kindMetadata = Schema(
    resourceMetadata.fields + [
      Field("overrides", .list(.object(override)), [], "Patches of the resources that it expands to.")
    ])

  private static let override = Schema([
    Field("address", .string, .required, "Which resources: a pattern where `*` stands for any text."),
    Field("patch", .list(.object(patchOperation)), .required, "Operations of JSON Patch (RFC 6902) on their fields."),
  ])

  private static let patchOperation = Schema([
    Field(
      "op", .string, .required, allowed: ["add", "remove", "replace", "move", "copy", "test"], "What is done."),
    Field("path", .string, .required, "Where: a JSON Pointer such as `/tags/owner`."),
    Field("from", .string, [], "The source of `move` and `copy`."),
    Field("value", .any, [], "The value of `add`, `replace` and `test`."),
  ])

  /// `spec` of a `Blueprint`.
  package static let blueprint = Schema([
    Field("defines", .object(kindName), [], "The kind that it defines."),
    Field("extends", .object(kindName), [], "The kind, defined elsewhere, to which it adds variants."),
    Field("description", .string, [], "One sentence on the kind."),
    Field("schema", .any, [], "What `spec` of a manifest looks like: a structural JSON Schema."),
    Field("parameters", .map(.any), [], "Values that a policy may set, each with its schema."),
    Field("placement", .list(.string), [], "References, the first of which gives a manifest its target."),
    Field("let", .map(.string), [], "Expressions with names; each may read those before it."),
    Field("validations", .list(.object(validation)), [], "Rules over a manifest."),
    Field("resources", .map(.list(.object(entry))), [], "The resources, by provider; `any` for all."),
    Field("outputs", .map(.any), [], "What other manifests can read: a template each."),
    Field("readiness", .list(.object(readiness)), [], "Rules that hold when what was made is usable."),
  ])

  private static let kindName = Schema([
    Field("apiVersion", .string, .required, "`acme.dev/v1`: a group of one's own and a version."),
    Field("kind", .string, .required, "Its name, such as `TeamSpace`."),
  ])

  private static let validation = Schema([
    Field("rule", .string, .required, "An expression that is true where the manifest is right."),
    Field("path", .string, .required, "The field that is wrong where it is not, such as `spec.zones`."),
    Field("message", .string, .required, "What is wrong, in one sentence."),
    Field("hint", .string, [], "What to do."),
    Field("when", .string, [], "The rule applies where this is true."),
    Field("warnWhen", .string, [], "Where this is true the problem is a warning."),
    Field("severity", .string, [], allowed: ["error", "warning"], "`error` when not written."),
    Field("forEach", .object(iteration), [], "Checks the rule for each item."),
  ])

  private static let iteration = Schema([
    Field("in", .string, .required, "A list or a map."),
    Field("as", .list(.string), .required, "Names: of the item, or of key and value."),
    Field("key", .string, [], "The text that stands in the address."),
  ])

  private static let entry = Schema([
    Field("role", .string, .required, "The name in the address: a letter, then letters and digits."),
    Field("type", .string, .required, "The resource type, such as `aws/Subnet`."),
    Field("description", .string, [], "One sentence."),
    Field("when", .string, [], "It exists where this is true."),
    Field("forEach", .object(iteration), [], "One resource for each item."),
    Field("target", .string, [], "Another target, as a template."),
    Field("metadata", .map(.any), [], "Lifecycle, as on a manifest."),
    Field("template", .map(.any), .required, "The fields of the type."),
  ])

  private static let readiness = Schema([
    Field("rule", .string, .required, "An expression that is true once it is usable."),
    Field("message", .string, .required, "What is missing where it is not."),
    Field("timeoutSeconds", .int, [], "How long an apply waits for it; 300 when not written."),
  ])
}
