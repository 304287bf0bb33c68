import Resources
import Schemas
import Values

/// Compares what was written with what a provider returns, over written fields only, and makes the changes
/// between two written states in the form in which plans make them.
enum FieldCheck {
  /// Names of written fields that read back as something else.
  static func differences(_ written: Value, _ observed: Value, _ schema: Schema) -> [String] {
    written.entries.compactMap { entry in
      guard let field = schema[entry.key] else { return "\(entry.key) (no field of the type)" }
      guard field.marks.isDisjoint(with: [.sensitive, .writeOnly, .volatile]), !entry.value.isNull else {
        return nil
      }
      guard let present = observed[entry.key] else {
        return isEmpty(entry.value) ? nil : "\(entry.key) (missing)"
      }
      return holds(entry.value, present, field) ? nil : entry.key
    }
  }

  /// Fields that the service returns and the schema does not know, and computed ones it should have set.
  static func unknownFields(_ observed: Value, _ schema: Schema) -> [String] {
    observed.keys.filter { schema[$0] == nil }
  }

  static func changes(from old: Value, to new: Value, _ schema: Schema) -> [FieldChange] {
    let names = new.keys + old.keys.filter { new[$0] == nil }
    return names.flatMap { name -> [FieldChange] in
      guard let field = schema[name] else { return [] }
      return changes(old[name], new[name], field)
    }
  }

  private static func changes(_ old: Value?, _ new: Value?, _ field: Field) -> [FieldChange] {
    let path = ValuePath([.key(field.name)])
    if let old, let new, field.equal(new, old) { return [] }
    if case .map = field.type, !field.marks.contains(.exclusive), let old, let new {
      let keys = new.keys + old.keys.filter { new[$0] == nil }
      return keys.filter { old[$0] != new[$0] }.map { key in
        FieldChange(
          path: path.appending(key), before: old[key], after: new[key],
          effect: new[key] == nil ? .remove : .set)
      }
    }
    if let new { return [FieldChange(path: path, before: old, after: new)] }
    let standard = field.serverDefault
    return [FieldChange(path: path, before: old, after: standard, effect: standard == nil ? .remove : .reset)]
  }

  /// Maps and objects may hold more than was written, unless they are owned whole.
  private static func holds(_ written: Value, _ observed: Value, _ field: Field) -> Bool {
    if field.equal(written, observed) { return true }
    guard !field.marks.contains(.exclusive), written.kind == .map, observed.kind == .map else { return false }
    switch field.type {
    case .map(let element):
      return written.entries.allSatisfy { entry in
        observed[entry.key].map { element.equal(entry.value, $0, by: field.equality) } ?? false
      }
    case .object(let schema): return differences(written, observed, schema).isEmpty
    case .string, .int, .double, .bool, .any, .list: return false
    }
  }

  private static func isEmpty(_ value: Value) -> Bool {
    (value.kind == .list || value.kind == .map) && value.count == 0
  }
}
