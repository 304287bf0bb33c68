import Resources
import Schemas
import Values

/// Fields of types whose service merges what several writers own and fills in defaults at any depth: only what is
/// written counts, and what stands beside it is nobody's difference.
enum MergedFields {
  /// True where everything that is written stands: maps by key, lists item by item, scalars by value.
  static func hold(_ written: Value, in present: Value, _ field: Field) -> Bool {
    if field.equal(written, present) { return true }
    guard written.kind == present.kind else { return false }
    switch written.kind {
    case .map:
      return written.entries.allSatisfy { entry in
        if entry.value.isNull { return true }
        return present[entry.key].map { hold(entry.value, in: $0, part(field, entry.key)) } ?? false
      }
    case .list:
      guard written.count == present.count else { return false }
      let item = item(field)
      return zip(written.elements, present.elements).allSatisfy { hold($0, in: $1, item) }
    case .null, .bool, .int, .double, .string, .unknown: return false
    }
  }

  private static func part(_ field: Field, _ key: String) -> Field {
    switch field.type {
    case .object(let schema): schema[key] ?? Field(key, .any, [], "")
    case .map(let element): Field(key, element, [], equality: field.equality, "")
    case .string, .int, .double, .bool, .any, .list: Field(key, .any, [], "")
    }
  }

  private static func item(_ field: Field) -> Field {
    if case .list(let element, _) = field.type { return Field(field.name, element, [], equality: field.equality, "") }
    return Field(field.name, .any, [], "")
  }

  /// What `present` says of everything that `owned` writes; lists whole, and nothing that the service keeps for itself.
  static func project(_ present: Value, onto owned: Value, _ schema: Schema?, into builder: inout TapeBuilder) {
    guard present.kind == .map, owned.kind == .map else { return builder.append(present) }
    builder.beginMap()
    for entry in present.entries {
      guard let written = owned[entry.key], !written.isSensitive else { continue }
      let field = schema?[entry.key]
      if let field, !field.marks.isDisjoint(with: [.sensitive, .volatile]) { continue }
      builder.key(entry.key)
      let inner: Schema? = if case .object(let schema)? = field?.type { schema } else { nil }
      project(entry.value, onto: written, inner, into: &builder)
    }
    builder.endMap()
  }

  /// Paths to everything that is written, to the first list or scalar: what a plan reads of an object, and no more.
  static func paths(_ owned: Value, _ schema: Schema?, _ path: ValuePath = .root) -> [ValuePath] {
    owned.entries.flatMap { entry -> [ValuePath] in
      let field = schema?[entry.key], path = path.appending(entry.key)
      if let field, !field.marks.isDisjoint(with: [.sensitive, .volatile]) { return [] }
      guard entry.value.kind == .map, entry.value.count > 0 else { return [path] }
      let inner: Schema? = if case .object(let schema)? = field?.type { schema } else { nil }
      return paths(entry.value, inner, path)
    }
  }
}
