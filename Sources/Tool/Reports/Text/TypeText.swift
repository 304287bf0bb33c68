import Diagnostics
import Resources
import Schemas
import Values

/// What there is to know about a resource type, or about a field of it.
package enum TypeText {
  /// The whole type: how to write it, what it is, its fields.
  package static func lines(_ type: ResourceType, _ palette: Palette) -> [String] {
    let provider = type.name.provider, kind = type.name.kind, version = type.name.nativeVersion
    let isNamespaced = type.scope == .namespace
    var lines = [palette("\(type.name)", .bold) + ": \(type.summary)", ""]
    lines += ["  apiVersion: \(version ?? "\(provider).plumb.dev/v1")", "  kind: \(kind)"]
    lines += ["  metadata: {name: NAME\(isNamespaced ? ", namespace: NAMESPACE" : "")}", ""]
    lines.append("Address: \(provider).\(kind)/\(isNamespaced ? "NAMESPACE/" : "")NAME")
    if !type.identity.naturalKey.isEmpty {
      let key = type.identity.naturalKey.joined(separator: ", ")
      lines.append("Unique by \(key) within the \(type.identity.uniqueness.rawValue).")
    }
    if type.isStateful { lines.append("Holds data: destroyed or replaced only with --allow-stateful.") }
    lines += permissions(type)
    return lines + ["", version == nil ? "Fields of `spec`:" : "Fields of the manifest:"] + rows(type.schema, indent: 2)
  }

  /// One field; nil where there is none at the path.
  package static func lines(_ type: ResourceType, at path: ValuePath, _ palette: Palette) -> [String]? {
    guard let field = field(type.schema, path.segments[...]) else { return nil }
    var lines = [
      palette("\(type.name).\(path)", .bold) + ": \(field.type.description)", "", "  \(field.summary)",
    ]
    let marks = marks(field)
    if !marks.isEmpty { lines += [""] + marks.map { "  - \($0)" } }
    if let inner = schema(field.type) { lines += ["", "Fields:"] + rows(inner, indent: 2) }
    return lines
  }

  /// The names at a path, for suggestions.
  package static func names(_ type: ResourceType, at path: ValuePath) -> [String] {
    let found =
      path.segments.isEmpty ? type.schema : field(type.schema, path.segments[...]).flatMap { schema($0.type) }
    return found?.fields.map(\.name) ?? []
  }

  private static func permissions(_ type: ResourceType) -> [String] {
    Operation.allCases.compactMap { operation in
      guard let facts = type.operations[operation], !facts.permissions.isEmpty else { return nil }
      return "To \(operation.rawValue): \(facts.permissions.joined(separator: ", "))"
    }
  }

  static func field(_ schema: Schema, _ path: ArraySlice<ValuePath.Segment>) -> Field? {
    guard case .key(let name)? = path.first, let field = schema[name] else { return nil }
    let rest = path.dropFirst().drop { if case .index = $0 { true } else { false } }
    guard !rest.isEmpty else { return field }
    return self.schema(field.type).flatMap { self.field($0, rest) }
  }

  /// The fields inside a type, through lists and maps.
  static func schema(_ type: FieldType) -> Schema? {
    switch type {
    case .object(let schema): schema
    case .list(let element, _): schema(element)
    case .map(let value): schema(value)
    case .string, .int, .double, .bool, .any: nil
    }
  }

  static func rows(_ schema: Schema, indent: Int) -> [String] {
    let margin = String(repeating: " ", count: indent)
    return schema.fields.flatMap { field -> [String] in
      let marks = marks(field)
      let remark = marks.isEmpty ? "" : " [\(marks.joined(separator: "; "))]"
      return ["\(margin)\(field.name) (\(field.type.description))\(remark)", "\(margin)    \(field.summary)"]
    }
  }

  static func marks(_ field: Field) -> [String] {
    let known: [(Field.Marks, String)] = [
      (.required, "required"), (.computed, "set by the service, never written"),
      (
        .immutable,
        field.marks.contains(.widens)
          ? "any change but a wider block replaces the resource" : "a change replaces the resource"
      ),
      (.sensitive, "secret: never shown or stored"), (.exclusive, "owned whole once written, even empty"),
      (.late, "written by a second step"), (.optionalComputed, "filled in by the service when not written"),
      (.volatile, "changes by itself"), (.writeOnly, "used by create only, never read back"),
    ]
    var texts = known.filter { field.marks.contains($0.0) }.map(\.1)
    if let reference = field.references { texts.append("an id of \(reference)") }
    if !field.allowed.isEmpty { texts.append("one of \(field.allowed.joined(separator: ", "))") }
    let kinds = field.rules?.kinds ?? []
    if !kinds.isEmpty { texts.append("the name of a \(kinds.joined(separator: " or a "))") }
    texts += FieldLimits.texts(of: field) { "`\($0)`" }
    let standard = field.serverDefault ?? field.standard
    if let standard { texts.append("\(JSONWriter().text(standard)) when not written") }
    return texts
  }
}
