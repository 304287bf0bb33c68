import Schemas
import Values

/// Lays one value over another: maps merge, keyed lists merge by key, other lists and scalars replace, null removes.
///
/// Everything keeps the position it was written at, so that a plan can tell which file a value comes from.
struct OverlayMerge {
  /// - Parameter type: of both, as far as it is known; it tells which lists are keyed.
  static func merge(_ base: Value, _ over: Value, _ type: FieldType?) -> Value {
    Value.build { write(base, over, type, to: &$0) }
  }

  private static func write(_ base: Value, _ over: Value, _ type: FieldType?, to builder: inout TapeBuilder) {
    switch (base.kind, over.kind) {
    case (.map, .map): writeMap(base, over, type, to: &builder)
    case (.list, .list), (.list, .map):
      guard case .list(let element, .keyed(let key)) = type else { return writeNew(over, to: &builder) }
      writeKeyed(base, over, element, key, to: &builder)
    case (.null, _), (.bool, _), (.int, _), (.double, _), (.string, _), (.unknown, _), (.list, _), (.map, _):
      writeNew(over, to: &builder)
    }
  }

  private static func writeMap(_ base: Value, _ over: Value, _ type: FieldType?, to builder: inout TapeBuilder) {
    builder.setPosition(base.origin)
    builder.beginMap()
    for entry in base.entries {
      guard let change = over.entries.first(where: { $0.key == entry.key }) else {
        builder.startEntry(entry)
        builder.append(entry.value)
        continue
      }
      if change.value.isNull { continue }
      let isMerged = entry.value.kind == .map || entry.value.kind == .list
      builder.startEntry(isMerged ? entry : change)
      write(entry.value, change.value, type?.member(entry.key), to: &builder)
    }
    for entry in over.entries where base[entry.key] == nil && !entry.value.isNull {
      builder.startEntry(entry)
      writeNew(entry.value, to: &builder)
    }
    builder.endMap()
  }

  /// The other side may be a list of items, or a map of items by their keys, in which null removes one.
  private static func writeKeyed(
    _ base: Value, _ over: Value, _ element: FieldType, _ key: String, to builder: inout TapeBuilder
  ) {
    let changes: [(name: String, value: Value)] =
      over.kind == .map
      ? over.entries.map { ($0.key, $0.value) } : over.elements.map { ($0[key]?.spelling ?? "", $0) }
    builder.setPosition(base.origin)
    builder.beginList()
    var known: Set<String> = []
    for item in base.elements {
      let name = item[key]?.spelling ?? ""
      known.insert(name)
      guard let change = changes.first(where: { $0.name == name && !name.isEmpty }) else {
        builder.append(item)
        continue
      }
      if !change.value.isNull { write(item, change.value, element, to: &builder) }
    }
    for change in changes where !known.contains(change.name) && !change.value.isNull {
      writeItem(change.value, named: over.kind == .map ? change.name : nil, key, to: &builder)
    }
    builder.endList()
  }

  /// An item that is new, with the key that it was written under.
  private static func writeItem(_ value: Value, named name: String?, _ key: String, to builder: inout TapeBuilder) {
    guard let name, value.kind == .map, value[key] == nil else { return writeNew(value, to: &builder) }
    builder.setPosition(value.origin)
    builder.beginMap()
    builder.key(key)
    builder.string(name)
    for entry in value.entries where !entry.value.isNull {
      builder.startEntry(entry)
      writeNew(entry.value, to: &builder)
    }
    builder.endMap()
  }

  /// A value that nothing stood for before, without what it removes.
  private static func writeNew(_ value: Value, to builder: inout TapeBuilder) {
    guard value.kind == .map else { return builder.append(value) }
    builder.setPosition(value.origin)
    builder.beginMap()
    for entry in value.entries where !entry.value.isNull {
      builder.startEntry(entry)
      writeNew(entry.value, to: &builder)
    }
    builder.endMap()
  }
}

extension FieldType {
  /// The type of an entry.
  fileprivate func member(_ key: String) -> FieldType? {
    switch self {
    case .object(let schema): schema[key]?.type
    case .map(let element): element
    case .string, .int, .double, .bool, .any, .list: nil
    }
  }
}
