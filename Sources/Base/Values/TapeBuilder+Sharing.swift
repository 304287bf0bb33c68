extension TapeBuilder {
  /// Why the value of a merge key cannot be merged.
  package enum MergeProblem: Error {
    /// It is neither a map nor a list of maps.
    case notAMap
  }

  /// Number of nodes of the value at `index`, itself included.
  package func subtreeCount(at index: Int) -> Int { Int(nodes[index].end) - index }

  /// True while the container at `index` has not been ended.
  package func isOpen(at index: Int) -> Bool {
    // The first of `enclosing` is no container but what stands outside all of them.
    depth > 0 && (Int(container) == index || enclosing.dropFirst().contains { Int($0.container) == index })
  }

  /// The text of the scalar at `index`; nil where a container, a Boolean or null stands.
  package func scalarText(at index: Int) -> String? {
    let node = nodes[index]
    switch node.kind {
    case .string, .int, .double:
      return String(decoding: bytes[Int(node.a)..<Int(node.a) + Int(node.b)], as: UTF8.self)
    case .bool: return node.a == 1 ? "true" : "false"
    case .null, .list, .map, .unknown: return nil
    }
  }

  /// Writes a copy of the finished value at `index` as the next value. The copy takes the present position;
  /// the values inside it keep theirs. Texts are shared.
  package mutating func copySubtree(at index: Int) {
    let end = Int(nodes[index].end), start = nodes.count
    let key = pendingKey, keyPlace = (keyLine, keyColumn)
    started()
    appendCopies(of: index..<end, onto: start)
    nodes[start].key = key
    nodes[start].line = place.line
    nodes[start].column = place.column
    nodes[start].file = place.file
    nodes[start].flags.subtract(Node.Flags(rawValue: UInt8(Node.Flags.farKey) << Node.Flags.keyDistanceShift))
    nodes[start].keyColumn = 0
    (keyLine, keyColumn) = keyPlace
    if keyColumn != 0 { placeKey() }
    pendingKey = 0
  }

  /// Takes the entry at `child` out of the innermost map, which must be about to end, and adds the entries of
  /// the map or maps it holds that the map does not have yet; the first of several maps wins.
  package mutating func mergeEntry(at child: Int) throws(MergeProblem) {
    precondition(depth > 0, "a merge key outside a map")
    let sources = try mergeSources(at: child)
    keys.generation &+= 1
    var entry = Int(container) + 1
    while entry < nodes.count {
      if entry != child { keys.stamps[Int(nodes[entry].key)] = (keys.generation, UInt32(entry)) }
      entry = Int(nodes[entry].end)
    }
    for source in sources { addMissingEntries(of: source) }
    removeEntry(at: child)
  }

  private func mergeSources(at child: Int) throws(MergeProblem) -> [Int] {
    switch nodes[child].kind {
    case .map: return [child]
    case .list:
      var sources: [Int] = []
      var item = child + 1
      while item < Int(nodes[child].end) {
        guard nodes[item].kind == .map else { throw .notAMap }
        sources.append(item)
        item = Int(nodes[item].end)
      }
      return sources
    case .null, .bool, .int, .double, .string, .unknown: throw .notAMap
    }
  }

  private mutating func addMissingEntries(of source: Int) {
    var entry = source + 1
    let end = Int(nodes[source].end)
    while entry < end {
      let next = Int(nodes[entry].end), key = Int(nodes[entry].key)
      if keys.stamps[key].generation != keys.generation {
        keys.stamps[key] = (keys.generation, UInt32(entry))
        childCount += 1
        appendCopies(of: entry..<next, onto: nodes.count)
      }
      entry = next
    }
  }

  private mutating func appendCopies(of range: Range<Int>, onto start: Int) {
    for position in range {
      var node = nodes[position]
      node.end = node.end - UInt32(range.lowerBound) + UInt32(start)
      if sensitiveDepth > 0 { node.flags.insert(.sensitive) }
      nodes.append(node)
    }
  }

  private mutating func removeEntry(at child: Int) {
    let count = subtreeCount(at: child)
    nodes.removeSubrange(child..<child + count)
    for position in child..<nodes.count { nodes[position].end -= UInt32(count) }
    childCount -= 1
  }
}
