import Resources
import Schemas
import Values

/// What differs between an object as it stands and as it would be, field by field; what the server keeps for itself
/// left out.
struct ObjectDifference {
  private(set) var changes: [FieldChange] = []
  /// The same paths in the words of FieldsV1.
  private(set) var places: [ValuePath: FieldPath] = [:]

  /// - Parameters:
  ///   - before: the fields of the object.
  ///   - after: those that it would have.
  init(before: Value, after: Value, _ schema: Schema) {
    compare(
      before, after, .object(schema), ValuePath.root, FieldPath(steps: []), isSecret: false)
  }

  private static let serverMetadata: Set = [
    "creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "generation", "managedFields",
    "resourceVersion", "selfLink", "uid",
  ]

  private mutating func compare(
    _ before: Value, _ after: Value, _ type: FieldType, _ path: ValuePath, _ place: FieldPath,
    isSecret: Bool
  ) {
    if before == after { return }
    switch (before.kind, after.kind) {
    case (.map, .map): maps(before, after, type, path, place, isSecret: isSecret)
    case (.list, .list):
      guard let key = Self.itemKey(before, after, type) else { fallthrough }
      items(before, after, type, by: key, path, place, isSecret: isSecret)
    default: note(before, after, path, place, isSecret: isSecret)
    }
  }

  private mutating func maps(
    _ before: Value, _ after: Value, _ type: FieldType, _ path: ValuePath, _ place: FieldPath,
    isSecret: Bool
  ) {
    for key in after.keys + before.keys.filter({ after[$0] == nil }) {
      if isKept(key, path) { continue }
      let field = Self.field(type, key)
      let isSecret = isSecret || field?.marks.contains(.sensitive) ?? false
      let inner = path.appending(key), innerPlace = place.appending("f:\(key)")
      switch (before[key], after[key]) {
      case (let old?, let new?):
        compare(old, new, field?.type ?? Self.element(type), inner, innerPlace, isSecret: isSecret)
      case (let old, let new): note(old, new, inner, innerPlace, isSecret: isSecret)
      }
    }
  }

  private func isKept(_ key: String, _ path: ValuePath) -> Bool {
    if path.segments.isEmpty { return key == "status" }
    return path.segments.count == 1 && path.field == "metadata" && Self.serverMetadata.contains(key)
  }

  private mutating func items(
    _ before: Value, _ after: Value, _ type: FieldType, by key: String, _ path: ValuePath,
    _ place: FieldPath, isSecret: Bool
  ) {
    let element = Self.element(type)
    func item(_ list: Value, _ name: String) -> Value? { list.elements.first { $0[key]?.spelling == name } }
    let names = (after.elements.map { $0 } + before.elements.map { $0 }).compactMap { $0[key]?.spelling }
    var seen: Set<String> = []
    let earlier = changes.count
    for name in names where seen.insert(name).inserted {
      let old = item(before, name), new = item(after, name)
      let inner = path.appending(name)
      let innerPlace = place.appending("k:{\"\(key)\":\((old ?? new)?[key].map(Self.json) ?? "null")}")
      if let old, let new {
        compare(old, new, element, inner, innerPlace, isSecret: isSecret)
      } else {
        note(old, new, inner, innerPlace, isSecret: isSecret)
      }
    }
    // The same items in another order.
    if changes.count == earlier { note(before, after, path, place, isSecret: isSecret) }
  }

  private mutating func note(_ before: Value?, _ after: Value?, _ path: ValuePath, _ place: FieldPath, isSecret: Bool) {
    let effect: FieldChange.Effect = after == nil ? .remove : .set
    changes.append(
      FieldChange(
        path: path, before: isSecret ? nil : before, after: isSecret ? after?.markedSensitive : after, effect: effect))
    places[path] = place
  }

  // MARK: Shape

  private static func json(_ value: Value) -> String {
    String(decoding: JSONWriter(.compact).bytes(value), as: UTF8.self)
  }

  private static func field(_ type: FieldType, _ key: String) -> Field? {
    if case .object(let schema) = type { schema[key] } else { nil }
  }

  private static func element(_ type: FieldType) -> FieldType {
    switch type {
    case .list(let element, _), .map(let element): element
    case .string, .int, .double, .bool, .any, .object: .any
    }
  }

  /// The field that tells the items of both lists apart: the schema's, else `name` where every item has one of its own.
  private static func itemKey(_ before: Value, _ after: Value, _ type: FieldType) -> String? {
    if case .list(_, .keyed(let key)) = type { return key }
    for key in ["name", "containerPort", "mountPath"] where isKey(key, of: before) && isKey(key, of: after) {
      return key
    }
    return nil
  }

  private static func isKey(_ key: String, of list: Value) -> Bool {
    var seen: Set<String> = []
    return list.elements.allSatisfy { item in
      item.kind == .map && (item[key]?.spelling).map { !$0.isEmpty && seen.insert($0).inserted } ?? false
    }
  }
}
