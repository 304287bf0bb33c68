import Resources
import Schemas
import Values

/// What others put on an object where nobody of us wrote anything.
struct UnwrittenFields {
  let type: ResourceType
  /// Paths that are not looked at.
  let ignore: [ValuePath]

  struct Found {
    var path: ValuePath
    var value: Value
    /// The field grants access or directs traffic.
    var isGuarded: Bool
  }

  /// In the schema's order.
  func find(owned: Value, observed: Value) -> [Found] {
    // Defaults and other writers' fields are what such objects are made of.
    guard !type.isMerged else { return [] }
    var found: [Found] = []
    for field in type.schema.fields {
      let path = ValuePath([.key(field.name)])
      guard let present = observed[field.name], isComparable(field), !isIgnored(path) else { continue }
      if let written = owned[field.name] {
        if !isWhole(field) { extras(written, present, field, path, &found) }
      } else if case .map = field.type, !field.marks.contains(.guarded) {
        extras(.map([]), present, field, path, &found)
      } else if isFilled(present, field) {
        found.append(Found(path: path, value: present, isGuarded: field.marks.contains(.guarded)))
      }
    }
    return found
  }

  private func isIgnored(_ path: ValuePath) -> Bool { ignore.contains { path.hasPrefix($0) } }

  private func isComparable(_ field: Field) -> Bool {
    field.marks.isDisjoint(with: [.computed, .optionalComputed, .volatile, .writeOnly, .sensitive])
  }

  private func isWhole(_ field: Field) -> Bool { field.marks.contains(.exclusive) || field.equality != .exact }

  /// Keys and items beside the written ones.
  private func extras(
    _ written: Value, _ present: Value, _ field: Field, _ path: ValuePath, _ found: inout [Found]
  ) {
    switch field.type {
    case .map:
      for entry in present.entries where written[entry.key] == nil && !isIgnored(path.appending(entry.key)) {
        found.append(Found(path: path.appending(entry.key), value: entry.value, isGuarded: false))
      }
    case .list(_, .keyed(let key)):
      let names = Set(written.elements.compactMap { $0[key]?.spelling })
      for item in present.elements {
        guard let name = item[key]?.spelling, !names.contains(name), !isIgnored(path.appending(name)) else {
          continue
        }
        found.append(Found(path: path.appending(name), value: item, isGuarded: false))
      }
    case .string, .int, .double, .bool, .any, .object, .list: return
    }
  }

  /// True where the service would not have filled the field by itself.
  private func isFilled(_ present: Value, _ field: Field) -> Bool {
    if present.isNull { return false }
    if let standard = field.serverDefault { return !field.equal(standard, present) }
    switch field.type {
    case .string, .int, .double, .bool:
      return !field.marks.contains(.immutable) && !(present.kind == .string && present.spelling.isEmpty)
    case .list, .map, .any, .object:
      guard field.marks.contains(.guarded) else { return false }
      return present.kind != .list && present.kind != .map || present.count > 0
    }
  }
}
