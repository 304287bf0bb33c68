import Values

/// Whether an object's fields that we own are what the manifest writes, without asking the server: the set that it
/// keeps for us must name exactly what the manifest writes, and the values must stand.
///
/// Another writer that changes a field takes it out of our set, so that defaults and other spellings of the server in
/// what we own need not be known here.
struct OwnedComparison {
  enum Outcome: Equatable {
    case equal
    /// Written values stand; inside fields that are owned whole there is more, defaults or what was dropped.
    case equalWithMore
    case different
  }

  private var hasMore = false

  /// - Parameters:
  ///   - manifest: the fields as they are sent, without the marker.
  ///   - live: the object, without it, too.
  ///   - owned: our set.
  static func compare(_ manifest: Value, live: Value, owned: Value) -> Outcome {
    var comparison = OwnedComparison()
    guard comparison.root(manifest, live, owned) else { return .different }
    return comparison.hasMore ? .equalWithMore : .equal
  }

  /// `metadata` apart, whose texts the server keeps as they are.
  private mutating func root(_ manifest: Value, _ live: Value, _ owned: Value) -> Bool {
    let metadata = manifest["metadata"] ?? .map([])
    guard let present = live["metadata"],
      map(metadata, present, owned["f:metadata"] ?? .map([]), leavingOut: Self.name, isLoose: false)
    else { return false }
    return map(
      manifest.without("metadata"), live, owned.without("f:metadata"), leavingOut: Self.identity, isLoose: true)
  }

  /// What names an object is in no set.
  private static let identity: Set = ["apiVersion", "kind"], name: Set = ["name", "namespace"]

  private mutating func map(
    _ manifest: Value, _ live: Value, _ owned: Value, leavingOut: Set<String> = [], isLoose: Bool
  ) -> Bool {
    for entry in manifest.entries where !entry.value.isNull && !leavingOut.contains(entry.key) {
      guard let inner = owned["f:\(entry.key)"] else {
        // Structs without a field, such as `emptyDir: {}`, are in no set.
        guard entry.value.kind == .map, entry.value.count == 0, live[entry.key] != nil else { return false }
        continue
      }
      guard let present = live[entry.key], value(entry.value, present, inner, isLoose: isLoose) else { return false }
    }
    return ownsNothingElse(owned, manifest)
  }

  private func ownsNothingElse(_ owned: Value, _ manifest: Value) -> Bool {
    owned.entries.allSatisfy { entry in
      guard entry.key.hasPrefix("f:") else { return true }
      if let written = manifest[String(entry.key.dropFirst(2))] { return !written.isNull }
      return isMarker(entry)
    }
  }

  /// The marker is in our set and in no manifest.
  private func isMarker(_ entry: Value.Entry) -> Bool {
    if ObjectForm.isMarker(String(entry.key.dropFirst(2))) { return true }
    return entry.value.count > 0
      && entry.value.keys.allSatisfy { $0 == "." || ObjectForm.isMarker(String($0.dropFirst(2))) }
  }

  private mutating func value(_ manifest: Value, _ live: Value, _ owned: Value, isLoose: Bool) -> Bool {
    if owned.count == 0 { return whole(manifest, live, isLoose: isLoose) }
    switch manifest.kind {
    case .map: return live.kind == .map && map(manifest, live, owned, isLoose: isLoose)
    case .list: return live.kind == .list && list(manifest, live, owned, isLoose: isLoose)
    case .null, .bool, .int, .double, .string, .unknown: return false
    }
  }

  /// Associative lists by their keys, sets by their values.
  private mutating func list(_ manifest: Value, _ live: Value, _ owned: Value, isLoose: Bool) -> Bool {
    var matched = 0
    for step in owned.entries where step.key != "." {
      if let key = FieldSet.itemKey(step.key) {
        guard let item = manifest.elements.first(where: { FieldSet.fits($0, key) }),
          let present = live.elements.first(where: { FieldSet.fits($0, key) }),
          map(item, present, step.value, isLoose: isLoose)
        else { return false }
      } else if let element = FieldSet.element(step.key) {
        guard manifest.elements.contains(where: { $0 == element }), live.elements.contains(where: { $0 == element })
        else { return false }
      } else {
        return false
      }
      matched += 1
    }
    return matched == manifest.count
  }

  /// What is owned whole: everything written stands, and more may.
  private mutating func whole(_ manifest: Value, _ live: Value, isLoose: Bool) -> Bool {
    switch (manifest.kind, live.kind) {
    case (.map, .map):
      if live.count > manifest.count { hasMore = true }
      for entry in manifest.entries where !entry.value.isNull {
        guard let present = live[entry.key] else {
          guard entry.value.kind == .map, entry.value.count == 0 else { return false }
          continue
        }
        guard whole(entry.value, present, isLoose: isLoose) else { return false }
      }
      return true
    case (.list, .list):
      guard manifest.count == live.count else { return false }
      for (item, present) in zip(manifest.elements, live.elements) {
        guard whole(item, present, isLoose: isLoose) else { return false }
      }
      return true
    default: return SameValue.holds(manifest, live, isLoose: isLoose)
    }
  }
}

/// When two scalars mean the same to the server.
enum SameValue {
  /// - Parameter isLoose: quantities, numbers and their texts count by value: `1000m` is `1`. Not for texts that the
  ///   server keeps as they are, such as annotations.
  static func holds(_ left: Value, _ right: Value, isLoose: Bool) -> Bool {
    if left == right { return true }
    guard isLoose else { return false }
    switch (left.kind, right.kind) {
    case (.string, .string), (.int, .string), (.string, .int), (.double, .string), (.int, .double), (.double, .int),
      (.double, .double):
      guard let one = Quantity(left.spelling), let other = Quantity(right.spelling) else { return false }
      return one == other
    default: return false
    }
  }
}
