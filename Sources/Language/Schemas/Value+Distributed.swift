import Values

extension Value {
  /// The items of a list of objects, each with at most one item in one of its own lists: `{port: 1, ranges:
  /// [a, b]}` gives
  /// `{port: 1, ranges: [a]}` and `{port: 1, ranges: [b]}`. Empty lists are left out; items that are no
  /// objects stay.
  package var distributedItems: [Value] {
    elements.flatMap { item -> [Value] in
      guard item.kind == .map else { return [item] }
      let lists = item.entries.filter { $0.value.kind == .list }
      guard !lists.isEmpty else { return [item] }
      let peers = lists.flatMap { list in list.value.elements.map { (list.key, $0) } }
      guard !peers.isEmpty else { return [item.withoutLists(adding: nil)] }
      return peers.map { item.withoutLists(adding: $0) }
    }
  }

  private func withoutLists(adding peer: (key: String, item: Value)?) -> Value {
    Value.build { builder in
      builder.beginMap()
      for entry in entries where entry.value.kind != .list {
        builder.key(entry.key)
        builder.append(entry.value)
      }
      if let peer {
        builder.key(peer.key)
        builder.beginList()
        builder.append(peer.item)
        builder.endList()
      }
      builder.endMap()
    }
  }
}
