import AWSClient
import ProviderKit
import Resources
import Values

/// Tags as they stand on an object: those of users, and Plumb's marker among them.
struct Tagging: Sendable {
  private(set) var tags: [(key: String, value: String)]

  /// From a list of keys and values, `Key` or `key` as the protocol has it.
  init(_ items: [Value]) {
    tags = items.compactMap { item in
      guard let key = item.text("Key") ?? item.text("key") ?? item.text("TagKey") else { return nil }
      return (key, item.text("Value") ?? item.text("value") ?? item.text("TagValue") ?? "")
    }
  }

  /// From a map of values by key.
  init(byKey map: Value?) {
    tags = map?.entries.map { ($0.key, $0.value.scalarText) } ?? []
  }

  /// What a new object is to carry.
  init(_ fields: Value, _ marker: Marker) {
    tags = (fields["tags"]?.entries.map { ($0.key, $0.value.scalarText) } ?? []) + marker.tags
  }

  var marker: Marker? { Marker { key in tags.first { $0.key == key }?.value } }

  /// The users' tags: neither Plumb's own nor those that AWS's services put there.
  var fields: Value {
    .map(
      tags.filter { !Marker.isOwn($0.key) && !$0.key.hasPrefix("aws:") }.map { ($0.key, .string($0.value)) })
  }

  /// As parameters: a list of `Key` and `Value`, or of others.
  var parameters: Value { parameters("Key", "Value") }
  func parameters(_ key: String, _ value: String) -> Value {
    .list(tags.map { .map([(key, .string($0.key)), (value, .string($0.value))]) })
  }
  /// As parameters: a map.
  var parametersByKey: Value { .map(tags.map { ($0.key, .string($0.value)) }) }

  /// Tags of services stay with an object whatever is put there.
  var withoutServiceTags: Tagging {
    var copy = self
    copy.tags = tags.filter { !$0.key.hasPrefix("aws:") }
    return copy
  }

  func applying(_ edit: TagEdit) -> Tagging {
    var copy = self
    let changed = Set(edit.removed).union(edit.added.map(\.key))
    copy.tags = tags.filter { !changed.contains($0.key) } + edit.added
    return copy
  }
}

/// Which tags an update sets and removes: only the keys that change, and the marker where it differs.
struct TagEdit: Sendable {
  var added: [(key: String, value: String)] = []
  var removed: [String] = []

  var isEmpty: Bool { added.isEmpty && removed.isEmpty }

  init(_ change: FieldChanges, of observed: Observed) {
    for one in change.changes where one.path.field == "tags" && one.effect != .release {
      if one.path.segments.count > 1, case .key(let key) = one.path.segments[1] {
        add(key, one.after ?? change.desired["tags"]?[key])
      } else {
        addWhole(before: one.before, after: one.after ?? change.desired["tags"])
      }
    }
    guard let marker = change.marker, marker != observed.marker else { return }
    added += marker.tags
    if !marker.isProtected { removed.append(Marker.protectKey) }
  }

  private mutating func add(_ key: String, _ value: Value?) {
    if let value, !value.isNull { added.append((key, value.scalarText)) } else { removed.append(key) }
  }

  private mutating func addWhole(before: Value?, after: Value?) {
    for entry in after?.entries ?? Value.null.entries { add(entry.key, entry.value) }
    for entry in before?.entries ?? Value.null.entries where after?[entry.key] == nil {
      removed.append(entry.key)
    }
  }

  /// The removed keys as parameters: a list of texts.
  var removedKeys: Value { .list(removed.map { .string($0) }) }
  var setParameters: Value { .list(added.map { ["Key": .string($0.key), "Value": .string($0.value)] }) }
}
