import ProviderKit
import Resources
import Schemas
import Values

/// A change as the smallest parts of an object that have to be sent: a merge patch, or a mask and its fields.
///
/// Objects are changed inside, so that what nobody here wrote stays. Lists are sent whole, and maps whole under a mask
/// and by their keys in a patch.
struct FieldEdits {
  /// The changed places by the schema's names, each with what is to stand there; nil where nothing is.
  private(set) var parts: [(path: [String], value: Value?)] = []
  /// All fields as they are to be.
  private(set) var wanted: Value

  enum Style { case patch, mask }

  init(_ changes: [FieldChange], over current: Value, _ schema: Schema, _ style: Style) {
    wanted = current
    let due = changes.filter { $0.effect != .release }
    for change in due {
      wanted = Self.put(change.after, at: change.path.segments[...], in: wanted, .object(schema)) ?? .map([])
    }
    for change in due {
      for path in Self.places(change, schema, style, before: current, after: wanted)
      where !parts.contains(where: { $0.path == path }) {
        parts.append((path, path.reduce(wanted as Value?) { $0?[$1] }))
      }
    }
  }

  /// Puts a value at a path, or takes what stands there away.
  private static func put(
    _ value: Value?, at path: ArraySlice<ValuePath.Segment>, in current: Value?, _ type: FieldType
  ) -> Value? {
    guard case .key(let key)? = path.first else { return value }
    let rest = path.dropFirst()
    switch type {
    case .object(let schema):
      guard let field = schema[key] else { return current }
      return replace(key, put(value, at: rest, in: current?[key], field.type), in: current)
    case .map(let element):
      return replace(key, put(value, at: rest, in: current?[key], element), in: current)
    case .list(let element, .keyed(let name)):
      var items = Array((current ?? .list([])).elements)
      let index = items.firstIndex { $0[name]?.spelling == key }
      let item = put(value, at: rest, in: index.map { items[$0] }, element)
      switch (index, item) {
      case (let index?, let item?): items[index] = item
      case (let index?, nil): items.remove(at: index)
      case (nil, let item?): items.append(item)
      case (nil, nil): break
      }
      return .list(items)
    case .string, .int, .double, .bool, .any, .list: return value
    }
  }

  private static func replace(_ key: String, _ value: Value?, in current: Value?) -> Value {
    let rest = (current ?? .map([])).without([key])
    guard let value else { return rest }
    return rest.with([(key, value)])
  }

  /// Where a change is to be sent: as deep as objects go.
  private static func places(
    _ change: FieldChange, _ schema: Schema, _ style: Style, before: Value, after: Value
  ) -> [[String]] {
    var path: [String] = []
    var type = FieldType.object(schema)
    for segment in change.path.segments {
      guard case .key(let key) = segment else { break }
      guard case .object(let inner) = type, let field = inner[key] else { break }
      path.append(key)
      type = field.type
    }
    guard style == .patch, case .map = type else { return [path] }
    let (old, new) = (path.reduce(before as Value?) { $0?[$1] }, path.reduce(after as Value?) { $0?[$1] })
    let keys = (new?.keys ?? []) + (old?.keys ?? []).filter { new?[$0] == nil }
    let changed = keys.filter { old?[$0] != new?[$0] }.map { path + [$0] }
    return changed.isEmpty ? [path] : changed
  }

  mutating func add(_ path: [String], _ value: Value?) {
    parts.removeAll { $0.path == path }
    parts.append((path, value))
  }

  /// The parts in one map, in the API's words.
  func body(_ codec: FieldCodec, _ schema: Schema) -> Value {
    Self.tree(
      parts.map { part in
        (Self.wirePath(part.path, codec), part.value.map { Self.encode($0, part.path, codec, schema) } ?? .null)
      })
  }

  /// `routingConfig.routingMode,description`.
  func mask(_ codec: FieldCodec) -> String {
    parts.map { Self.wirePath($0.path, codec).joined(separator: ".") }.joined(separator: ",")
  }

  private static func wirePath(_ path: [String], _ codec: FieldCodec) -> [String] {
    path.indices.map { index in
      let above = path[..<index].map { $0 + "." }.joined()
      return codec.wireName(path[index], under: above)
    }
  }

  private static func encode(_ value: Value, _ path: [String], _ codec: FieldCodec, _ schema: Schema) -> Value {
    var type = FieldType.object(schema)
    for key in path {
      switch type {
      case .object(let inner):
        guard let field = inner[key] else { return value }
        type = field.type
      case .map(let element): type = element
      case .string, .int, .double, .bool, .any, .list: return value
      }
    }
    return codec.encode(value, type, path.joined(separator: "."))
  }

  private static func tree(_ parts: [(path: [String], value: Value)]) -> Value {
    var names: [String] = []
    for part in parts where !names.contains(part.path[0]) { names.append(part.path[0]) }
    return .map(
      names.map { name in
        let below = parts.filter { $0.path[0] == name }
        if let whole = below.first(where: { $0.path.count == 1 }) { return (name, whole.value) }
        return (name, tree(below.map { (Array($0.path.dropFirst()), $0.value) }))
      })
  }
}
