import Resources
import Schemas
import Values

/// The part of an object that a manifest owns.
package enum OwnedFields {
  /// True where an object has everything that `owned` writes, by the fields' own equality, as a plan would find. What
  /// cannot be read counts as there: secrets, which are hashes in `owned`, and fields the service would not show.
  package static func hold(_ owned: Value, in object: Observed, type: ResourceType) -> Bool {
    var diff = FieldDiff(type: type)
    for late in [false, true] { diff.compare(desired: owned, recorded: owned, observed: object.fields, late: late) }
    return diff.changes.allSatisfy { object.unreadable.contains($0.path.field ?? "") }
  }

  /// What `observed` says of everything that `owned` writes: maps by key, keyed lists by item, all else whole.
  package static func project(_ observed: Value, onto owned: Value, type: ResourceType) -> Value {
    Value.build { builder in
      builder.beginMap()
      for entry in owned.entries {
        guard let field = type.schema[entry.key], let present = observed[entry.key] else { continue }
        if field.marks.contains(.sensitive) || entry.value.isSensitive { continue }
        builder.key(entry.key)
        guard !type.isMerged else {
          let inner: Schema? = if case .object(let schema) = field.type { schema } else { nil }
          MergedFields.project(present, onto: entry.value, inner, into: &builder)
          continue
        }
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
