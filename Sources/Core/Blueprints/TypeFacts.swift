import Resources
import Schemas

/// What building needs to know of a resource type, worked out once.
struct TypeFacts: Sendable {
  let type: ResourceType
  /// The field that is the object's name in its API and defaults to `metadata.name`.
  let nameField: String?
  /// True where the estate's default tags are merged into `tags`.
  let hasTags: Bool
  /// True where anything in the schema is secret, so that values have to be marked.
  let hasSecrets: Bool

  init(_ type: ResourceType) {
    self.type = type
    nameField = Self.nameField(type)
    hasTags = if case .map = type.schema["tags"]?.type { true } else { false }
    hasSecrets = Self.hasSecrets(type.schema)
  }

  private static func nameField(_ type: ResourceType) -> String? {
    let candidates =
      [type.identity.idField].compactMap(\.self)
      + type.identity.naturalKey.filter { $0 == "name" || $0.hasSuffix("Name") }
    return candidates.first { name in
      guard let field = type.schema[name], case .string = field.type else { return false }
      return field.references == nil && !field.marks.contains(.computed)
    }
  }

  private static func hasSecrets(_ schema: Schema) -> Bool {
    schema.fields.contains { $0.marks.contains(.sensitive) || hasSecrets($0.type) }
  }

  private static func hasSecrets(_ type: FieldType) -> Bool {
    switch type {
    case .string, .int, .double, .bool, .any: false
    case .list(let element, _): hasSecrets(element)
    case .map(let element): hasSecrets(element)
    case .object(let schema): hasSecrets(schema)
    }
  }
}
