import Schemas
import Values

/// Quantities are written as numbers, too, and servers merge only texts: `cpu: 2` is sent as `"2"`.
enum QuantityTexts {
  /// The fields as they are sent; nil where there is nothing to change.
  static func sent(_ fields: Value, _ schema: Schema) -> Value? { object(fields, schema) }

  private static func object(_ value: Value, _ schema: Schema) -> Value? {
    rewritten(value) { entry in
      schema[entry.key].flatMap { self.value(entry.value, $0.type, isQuantity: $0.equality == .quantity) }
    }
  }

  private static func value(_ value: Value, _ type: FieldType, isQuantity: Bool) -> Value? {
    switch (value.kind, type) {
    case (.map, .object(let schema)): return object(value, schema)
    case (.map, .map(let element)):
      return rewritten(value) { self.value($0.value, element, isQuantity: isQuantity) }
    case (.list, .list(let element, _)):
      let items = value.elements.map { (old: $0, new: self.value($0, element, isQuantity: isQuantity)) }
      return items.contains { $0.new != nil } ? .list(items.map { $0.new ?? $0.old }) : nil
    case (.int, _) where isQuantity, (.double, _) where isQuantity: return .string(value.spelling)
    default: return nil
    }
  }

  private static func rewritten(_ map: Value, _ change: (Value.Entry) -> Value?) -> Value? {
    guard map.kind == .map else { return nil }
    let entries = map.entries.map { (entry: $0, new: change($0)) }
    guard entries.contains(where: { $0.new != nil }) else { return nil }
    return .map(entries.map { ($0.entry.key, $0.new ?? $0.entry.value) })
  }
}
