import Resources
import Values

/// Fields that a manifest writes once and leaves to others from then on, such as the replicas of what an autoscaler
/// looks after.
///
/// What server-side apply does not send it takes away where nobody else owns it. So a field that is ours alone still is
/// sent as it stands, and one that is not is left out.
enum IgnoredFields {
  static func settled(_ written: Value, _ ignored: [ValuePath], live: Observed) -> Value {
    guard !ignored.isEmpty else { return written }
    let owned = ManagedFields(of: live.fields).applied(by: ObjectForm.manager)
    return ignored.reduce(written) { fields, path in
      let place = FieldPath(path, in: fields)
      let isOurs = owned.map { FieldSet.holds($0, place.steps[...]) } ?? false
      return fields.replacing(path.segments[...], with: isOurs ? live.fields.value(at: path.segments[...]) : nil)
    }
  }
}

extension Value {
  fileprivate func value(at path: ArraySlice<ValuePath.Segment>) -> Value? {
    guard let first = path.first else { return self }
    return inner(first)?.value(at: path.dropFirst())
  }

  private func inner(_ segment: ValuePath.Segment) -> Value? {
    switch segment {
    case .index(let index): index < count ? self[index] : nil
    case .key(let key): kind == .list ? elements.first { $0.isItem(key) } : self[key]
    }
  }

  /// With another value at the path, or with nothing there; the same where the path leads nowhere.
  fileprivate func replacing(_ path: ArraySlice<ValuePath.Segment>, with new: Value?) -> Value {
    guard let first = path.first, inner(first) != nil else { return self }
    let edited = { (old: Value) -> Value? in
      path.count == 1 ? new : old.replacing(path.dropFirst(), with: new)
    }
    switch first {
    case .index(let index):
      return .list(elements.enumerated().compactMap { $0.offset == index ? edited($0.element) : $0.element })
    case .key(let key) where kind == .list:
      return .list(elements.compactMap { $0.isItem(key) ? edited($0) : $0 })
    case .key(let key):
      return .map(
        entries.compactMap { entry in
          entry.key == key ? edited(entry.value).map { (entry.key, $0) } : (entry.key, entry.value)
        })
    }
  }

  /// Items of keyed lists are named by the value of their key.
  private func isItem(_ key: String) -> Bool {
    kind == .map && FieldPath.itemKeys.contains { self[$0]?.spelling == key }
  }
}
