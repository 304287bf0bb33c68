import Blueprints
import Manifests
import Resources
import Schemas
import Values

/// What there is to know about a kind of the language itself, or about a field of it.
package enum KindText {
  /// nil where the kind has no such field.
  package static func lines(_ kind: LanguageKind, at path: ValuePath, _ palette: Palette) -> [String]? {
    guard !path.segments.isEmpty else { return lines(kind, palette) }
    guard let field = TypeText.field(kind.schema, path.segments[...]) else { return nil }
    let title = palette("\(kind.name).\(path)", .bold) + ": \(field.type.description)"
    let marks = TypeText.marks(field)
    let remarks = marks.isEmpty ? [] : [""] + marks.map { "  - \($0)" }
    let inner = TypeText.schema(field.type).map { ["", "Fields:"] + TypeText.rows($0, indent: 2) } ?? []
    return [title, "", "  \(field.summary)"] + remarks + inner
  }

  private static func lines(_ kind: LanguageKind, _ palette: Palette) -> [String] {
    let title = palette(kind.name, .bold) + ": \(kind.summary)"
    guard kind.schema["spec"] != nil else { return [title, ""] + TypeText.rows(kind.schema, indent: 2) }
    let parts = kind.schema.fields.flatMap { part in
      ["", "Fields of `\(part.name)`: \(part.summary)"]
        + (TypeText.schema(part.type).map { TypeText.rows($0, indent: 2) } ?? [])
    }
    return [title, "", "  apiVersion: \(ManifestSchemas.ownVersion)", "  kind: \(kind.name)"] + parts
  }

  /// A kind that a blueprint defines; nil where it has no such field. `spec.` may be left out of the path.
  package static func lines(_ kind: Kind, at path: ValuePath, _ palette: Palette) -> [String]? {
    let language = LanguageKind(
      name: kind.name.kind, summary: kind.summary,
      schema: Schema([
        Field(
          "metadata", .object(ManifestSchemas.kindMetadata), .required, "Its name, and how its resources are treated."),
        Field("spec", .object(kind.schema), .required, "What it is."),
      ]))
    guard path.segments.isEmpty else {
      return lines(language, at: path, palette)
        ?? lines(language, at: ValuePath([.key("spec")] + path.segments), palette)
    }
    let head = [
      palette(kind.name.kind, .bold) + (kind.summary.isEmpty ? "" : ": \(kind.summary)"), "",
      "  apiVersion: \(kind.name.apiVersion)", "  kind: \(kind.name.kind)", "",
      "Fields of `spec` (`plumb explain metadata` for the rest):",
    ]
    return head + TypeText.rows(kind.schema, indent: 2) + tail(kind)
  }

  /// What it stands for and gives.
  private static func tail(_ kind: Kind) -> [String] {
    var lines: [String] = []
    for provider in kind.providers {
      let types = kind.resourceTypes(on: provider).map(\.text).joined(separator: ", ")
      lines += ["", "On \(provider) it stands for: \(types)"]
    }
    if !kind.outputNames.isEmpty { lines += ["", "Outputs: \(kind.outputNames.joined(separator: ", "))"] }
    for parameter in kind.parameters {
      let value = parameter.standard.map { JSONWriter().text($0) } ?? "none"
      lines += ["", "Parameter \(parameter.name) (\(value)): \(parameter.field.summary)"]
    }
    return lines
  }
}
