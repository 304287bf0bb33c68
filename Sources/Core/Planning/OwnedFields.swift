import Resources
import Schemas
import Values

/// The part of an object that a manifest owns.
package enum OwnedFields {
  /// What `observed` says of everything that `owned` writes: maps by key, keyed lists by item, all else whole.
  package static func project(_ observed: Value, onto owned: Value, type: ResourceType) -> Value {
    Value.build { builder in
      builder.beginMap()
      for entry in owned.entries {
        guard let field = type.schema[entry.key], let present = observed[entry.key] else { continue }
        if field.marks.contains(.sensitive) || entry.value.isSensitive { continue }
        builder.key(entry.key)
        project(present, onto: entry.value, field, into: &builder)
      }
      builder.endMap()
    }
  }

  private static func project(_ present: Value, onto owned: Value, _ field: Field, into builder: inout TapeBuilder) {
    guard !field.marks.contains(.exclusive), case .map = field.type, present.kind == .map, owned.kind == .map else {
      return builder.append(present)
    }
    builder.beginMap()
    for entry in present.entries where owned[entry.key] != nil {
      builder.key(entry.key)
      builder.append(entry.value)
    }
    builder.endMap()
  }
}
