import Resources
import Values

/// Who owns which fields of an object, as the API server keeps it.
/// https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
struct ManagedFields: Sendable {
  /// One writer's fields.
  struct Entry: Sendable {
    var manager: String
    /// `Apply` or `Update`.
    var operation: String
    /// RFC 3339; nil where the server does not say.
    var time: String?
    /// `status` where it wrote through a subresource.
    var subresource: String?
    /// A set in the form of FieldsV1.
    var fields: Value

    /// Controllers of older servers write status without saying so.
    var isStatus: Bool { fields.count == 1 && fields["f:status"] != nil }

    var author: FieldAuthor { FieldAuthor(name: manager, time: time) }
  }

  let entries: [Entry]

  /// - Parameter object: with its `metadata.managedFields`.
  init(of object: Value) {
    entries = (object["metadata"]?["managedFields"]?.elements.map { $0 } ?? []).compactMap { entry in
      guard let manager = entry["manager"]?.string, let fields = entry["fieldsV1"] else { return nil }
      return Entry(
        manager: manager, operation: entry["operation"]?.string ?? "", time: entry["time"]?.string,
        subresource: entry["subresource"]?.string, fields: fields)
    }
  }

  /// What we applied; nil where we never did.
  func applied(by manager: String) -> Value? {
    entries.first { $0.manager == manager && $0.operation == "Apply" && ($0.subresource ?? "").isEmpty }?.fields
  }

  /// The same conflict with the time of its writer's last change, which older servers do not tell.
  func dated(_ conflict: FieldConflict) -> FieldConflict {
    guard conflict.author.time == nil else { return conflict }
    var dated = conflict
    dated.author.time = entries.filter { $0.manager == conflict.author.name }.compactMap(\.time).max()
    return dated
  }

  /// Writers beside `manager` that own the field, or a part of it, the last one first.
  func others(of path: FieldPath, beside manager: String) -> [Entry] {
    entries.filter { $0.manager != manager && FieldSet.holds($0.fields, path.steps[...]) }
      .sorted { ($0.time ?? "") > ($1.time ?? "") }
  }
}

/// A way to a field in the words of FieldsV1: `f:spec`, `k:{"name":"app"}`, `v:"a"`.
struct FieldPath: Hashable, Sendable {
  var steps: [String]

  func appending(_ step: String) -> FieldPath { FieldPath(steps: steps + [step]) }
}

/// Sets of fields in the form of FieldsV1: maps whose keys say what they name, and whose leaves are empty.
/// https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/ (FieldsV1)
enum FieldSet {
  /// True where the set owns the field, something around it that is owned whole, or a part of it.
  static func holds(_ set: Value, _ steps: ArraySlice<String>) -> Bool {
    guard let first = steps.first else { return true }
    if let inner = set[first] { return inner.count == 0 || holds(inner, steps.dropFirst()) }
    return false
  }

  /// True where both own the same fields.
  static func equal(_ left: Value?, _ right: Value?) -> Bool {
    guard let left, let right else { return (left?.count ?? 0) == 0 && (right?.count ?? 0) == 0 }
    return left == right
  }

  /// The key fields of an item of an associative list: `k:{"containerPort":80,"protocol":"TCP"}`; nil for other steps.
  static func itemKey(_ step: String) -> Value? {
    guard step.hasPrefix("k:") else { return nil }
    // A step that cannot be read names no item: what it owns counts as another writer's.
    return try? JSONReader.parse(Array(step.dropFirst(2).utf8))
  }

  /// The value of a set's element: `v:"a"`.
  static func element(_ step: String) -> Value? {
    guard step.hasPrefix("v:") else { return nil }
    // As above.
    return try? JSONReader.parse(Array(step.dropFirst(2).utf8))
  }

  /// True where the item has these key fields; one that it leaves out is the server's default.
  static func fits(_ item: Value, _ key: Value) -> Bool {
    key.entries.allSatisfy { entry in item[entry.key].map { $0 == entry.value } ?? true }
  }
}
