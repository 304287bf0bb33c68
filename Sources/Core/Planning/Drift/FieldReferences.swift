import Resources
import Schemas
import Values

/// One id of another object that stands in an object's fields.
package struct FieldReference: Hashable, Sendable {
  package var type: TypeName
  package var id: String
  /// It stands in a field that is written by a step of its own.
  package var isLate: Bool

  package init(type: TypeName, id: String, isLate: Bool) {
    self.type = type
    self.id = id
    self.isLate = isLate
  }
}

extension ResourceType {
  /// Every id of another object in `fields`, as the schema says where such ids stand. In the schema's order.
  package func references(in fields: Value) -> [FieldReference] {
    var found: [FieldReference] = []
    for field in schema.fields {
      guard let value = fields[field.name] else { continue }
      Self.collect(value, field, field.type, isLate: field.marks.contains(.late), into: &found)
    }
    return found
  }

  /// The types whose ids stand somewhere in this type's fields.
  package var referencedTypes: Set<TypeName> { Self.referenced(schema) }

  private static func collect(
    _ value: Value, _ field: Field, _ type: FieldType, isLate: Bool, into found: inout [FieldReference]
  ) {
    switch type {
    case .string:
      guard let target = field.references, let id = value.string else { return }
      found.append(FieldReference(type: TypeName(target), id: id, isLate: isLate))
    case .list(let element, _):
      for item in value.elements { collect(item, field, element, isLate: isLate, into: &found) }
    case .map(let element):
      for entry in value.entries { collect(entry.value, field, element, isLate: isLate, into: &found) }
    case .object(let schema):
      for inner in schema.fields {
        guard let part = value[inner.name] else { continue }
        collect(part, inner, inner.type, isLate: isLate, into: &found)
      }
    case .any, .int, .double, .bool: return
    }
  }

  private static func referenced(_ schema: Schema) -> Set<TypeName> {
    schema.fields.reduce(into: []) { types, field in
      if let name = field.references { types.insert(TypeName(name)) }
      types.formUnion(inner(field.type).map(referenced) ?? [])
    }
  }

  private static func inner(_ type: FieldType) -> Schema? {
    switch type {
    case .object(let schema): schema
    case .list(let element, _), .map(let element): inner(element)
    case .string, .int, .double, .bool, .any: nil
    }
  }
}
