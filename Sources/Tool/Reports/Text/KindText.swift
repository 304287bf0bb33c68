import Manifests
import Schemas
import Values

/// What there is to know about a kind of the language itself, or about a field of it.
package enum KindText {
  /// nil where the kind has no such field.
  package static func lines(_ kind: LanguageKind, at path: ValuePath, _ palette: Palette) -> [String]? {
    guard !path.segments.isEmpty else { return lines(kind, palette) }
    guard let field = TypeText.field(kind.schema, path.segments[...]) else { return nil }
    let title = palette("\(kind.name).\(path)", .bold) + ": \(field.type.description)"
    let inner = TypeText.schema(field.type).map { ["", "Fields:"] + TypeText.rows($0, indent: 2) } ?? []
    return [title, "", "  \(field.summary)"] + inner
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
}
