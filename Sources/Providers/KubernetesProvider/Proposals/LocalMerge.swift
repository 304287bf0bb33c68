import Values

/// What server-side apply would make of an object, as far as it can be told without the server: no defaults, no
/// admission.
enum LocalMerge {
  /// - Parameters:
  ///   - live: the object as it stands, without the marker.
  ///   - manifest: the fields that are written.
  ///   - owned: our set; nil where we own nothing yet.
  ///   - others: the sets of other writers.
  static func merge(_ live: Value, _ manifest: Value, owned: Value?, others: [Value]) -> Value {
    overlay(manifest, over: without(live, dropped: owned, keeping: manifest, others: others))
  }

  private static func overlay(_ written: Value, over live: Value) -> Value {
    guard written.kind == .map, live.kind == .map else {
      return written.kind == .list && live.kind == .list ? items(written, over: live) : written
    }
    var entries = live.entries.map { entry in
      (entry.key, written[entry.key].map { $0.isNull ? entry.value : overlay($0, over: entry.value) } ?? entry.value)
    }
    entries += written.entries.filter { live[$0.key] == nil && !$0.value.isNull }.map { ($0.key, $0.value) }
    return .map(entries)
  }

  /// Items that have names are merged, other lists replace; what stands and is as written keeps its spelling.
  private static func items(_ written: Value, over live: Value) -> Value {
    let isNamed = { (list: Value) in list.elements.allSatisfy { $0["name"]?.string != nil } }
    if isNamed(written), isNamed(live) {
      var result = live.elements.map { item in
        written.elements.first { $0["name"] == item["name"] }.map { overlay($0, over: item) } ?? item
      }
      result += written.elements.filter { item in !live.elements.contains { $0["name"] == item["name"] } }
      return .list(result)
    }
    guard written.count == live.count else { return written }
    return .list(zip(written.elements, live.elements).map { overlay($0, over: $1) })
  }

  /// The object without what we own, do not write any more, and nobody else owns.
  private static func without(_ live: Value, dropped owned: Value?, keeping manifest: Value, others: [Value]) -> Value {
    guard let owned, live.kind == .map else { return live }
    return .map(
      live.entries.compactMap { entry in
        let step = "f:\(entry.key)"
        guard let mine = owned[step] else { return (entry.key, entry.value) }
        let theirs = others.compactMap { $0[step] }
        guard let kept = manifest[entry.key], !kept.isNull else {
          return theirs.isEmpty && entry.key != "metadata" ? nil : (entry.key, entry.value)
        }
        return (entry.key, without(entry.value, dropped: mine, keeping: kept, others: theirs))
      })
  }
}
