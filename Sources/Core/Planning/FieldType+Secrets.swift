import Schemas
import Values

extension Value {
  /// True where this value or anything below it is secret.
  var holdsSecret: Bool {
    isSensitive || elements.contains(where: \.holdsSecret) || entries.contains { $0.value.holdsSecret }
  }
}

extension Value {
  /// True where the unknown of a slot is marked as a secret.
  func marksSecret(_ slot: Slot) -> Bool {
    switch kind {
    case .unknown: isSensitive && unknown == slot
    case .list: elements.contains { $0.marksSecret(slot) }
    case .map: entries.contains { $0.value.marksSecret(slot) }
    case .null, .bool, .int, .double, .string: false
    }
  }

  /// True where a secret stands here or below that is known, so that a plan file leaves it out.
  var holdsKnownSecret: Bool {
    switch kind {
    case .unknown: false
    case .null, .bool, .int, .double, .string: isSensitive
    case .list, .map:
      isSensitive && count == 0 || elements.contains(where: \.holdsKnownSecret)
        || entries.contains { $0.value.holdsKnownSecret }
    }
  }
}

extension FieldType {
  /// The value without what is secret by its schema or by its own mark.
  func withoutSecrets(_ value: Value) -> Value { Value.build { append(value, to: &$0) } }

  private func append(_ value: Value, to builder: inout TapeBuilder) {
    switch value.kind {
    case .map:
      builder.beginMap()
      for entry in value.entries where !entry.value.isSensitive {
        let field = member(entry.key)
        if field.isSecret { continue }
        builder.key(entry.key)
        field.type.append(entry.value, to: &builder)
      }
      builder.endMap()
    case .list:
      let element: FieldType = if case .list(let element, _) = self { element } else { .any }
      builder.beginList()
      for item in value.elements where !item.isSensitive { element.append(item, to: &builder) }
      builder.endList()
    case .null, .bool, .int, .double, .string, .unknown: builder.append(value)
    }
  }

  private func member(_ key: String) -> (type: FieldType, isSecret: Bool) {
    switch self {
    case .map(let element): return (element, false)
    case .object(let schema):
      let field = schema[key]
      return (field?.type ?? .any, field?.marks.contains(.sensitive) ?? false)
    case .string, .int, .double, .bool, .any, .list: return (.any, false)
    }
  }
}
