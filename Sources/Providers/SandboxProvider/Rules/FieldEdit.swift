import Schemas
import Values

/// Changes inside a value, along a path in which items of keyed lists are named by their keys.
enum FieldEdit {
  /// The value with `new` at `path`; nil for `new` removes what is there.
  static func replacing(
    _ path: ArraySlice<ValuePath.Segment>, in value: Value?, _ type: FieldType, with new: Value?
  ) -> Value? {
    guard let segment = path.first else { return new }
    let rest = path.dropFirst()
    switch (segment, type) {
    case (.key(let name), .list(let element, .keyed(let key))):
      return editItems(value, matching: { $0[key]?.spelling == name }) {
        replacing(rest, in: $0, element, with: new)
      }
    case (.key(let name), _):
      return editEntry(value, name) { replacing(rest, in: $0, type.child(name), with: new) }
    case (.index(let index), _):
      let wanted = value?[index]
      let position = Array(value?.elements ?? Value.null.elements).indices.contains(index) ? index : nil
      return editItem(value, at: position) { _ in replacing(rest, in: wanted, type.element, with: new) }
    }
  }

  /// What stands at `path`.
  static func value(at path: ArraySlice<ValuePath.Segment>, in value: Value, _ type: FieldType) -> Value? {
    guard let segment = path.first else { return value }
    let rest = path.dropFirst()
    switch (segment, type) {
    case (.key(let name), .list(let element, .keyed(let key))):
      return value.elements.first { $0[key]?.spelling == name }.flatMap {
        self.value(at: rest, in: $0, element)
      }
    case (.key(let name), _):
      return value[name].flatMap { self.value(at: rest, in: $0, type.child(name)) }
    case (.index(let index), _):
      return value[index].flatMap { self.value(at: rest, in: $0, type.element) }
    }
  }

  private static func editEntry(_ value: Value?, _ name: String, _ edit: (Value?) -> Value?) -> Value {
    var entries: [(String, Value)] = []
    var isFound = false
    for entry in value?.entries ?? Value.null.entries {
      let key = entry.key
      guard key == name else {
        entries.append((key, entry.value))
        continue
      }
      isFound = true
      if let edited = edit(entry.value) { entries.append((key, edited)) }
    }
    if !isFound, let added = edit(nil) { entries.append((name, added)) }
    return .map(entries)
  }

  private static func editItems(_ value: Value?, matching: (Value) -> Bool, _ edit: (Value?) -> Value?)
    -> Value
  {
    let items = Array(value?.elements ?? Value.null.elements)
    return editItem(value, at: items.firstIndex(where: matching), edit)
  }

  private static func editItem(_ value: Value?, at position: Int?, _ edit: (Value?) -> Value?) -> Value {
    var items = Array(value?.elements ?? Value.null.elements)
    if let position {
      if let edited = edit(items[position]) { items[position] = edited } else { items.remove(at: position) }
    } else if let added = edit(nil) {
      items.append(added)
    }
    return .list(items)
  }
}

extension FieldType {
  /// The type of a map's values, or of an object's field.
  fileprivate func child(_ name: String) -> FieldType {
    switch self {
    case .map(let element): element
    case .object(let schema): schema[name]?.type ?? .any
    case .string, .int, .double, .bool, .any, .list: .any
    }
  }

  fileprivate var element: FieldType {
    if case .list(let element, _) = self { element } else { .any }
  }
}
