import Diagnostics

/// Writes a tape: scalars and containers in preorder, with a pending key inside maps.
///
///     var builder = TapeBuilder()
///     builder.beginMap()
///     builder.key("cidrBlock"); builder.string("10.0.0.0/16")
///     builder.endMap()
///     let value = builder.finish()
@usableFromInline package struct TapeBuilder: ~Copyable {
  @usableFromInline var nodes: ContiguousArray<Node> = []
  @usableFromInline var bytes: ContiguousArray<UInt8> = []
  @usableFromInline var keys = KeyTable()
  /// The innermost open container and its number of children so far; the others wait in `enclosing`.
  @usableFromInline var container: UInt32 = 0
  @usableFromInline var childCount: UInt32 = 0
  @usableFromInline var enclosing: ContiguousArray<(container: UInt32, childCount: UInt32)> = []
  @usableFromInline var roots: ContiguousArray<UInt32> = []
  @usableFromInline var pendingKey: UInt32 = 0
  @usableFromInline var place = Node.Place.none
  @usableFromInline var keyLine: UInt32 = 0
  @usableFromInline var keyColumn: UInt16 = 0
  @usableFromInline var sensitiveDepth = 0
  private var files: [String] = [""]

  package init(nodeCapacity: Int = 16, byteCapacity: Int = 128) {
    nodes.reserveCapacity(nodeCapacity)
    bytes.reserveCapacity(byteCapacity)
  }

  /// Room for what a text of this many bytes becomes. For long texts rather too much, since memory that is never
  /// touched costs nothing and growing copies everything.
  package init(textCount: Int) {
    let isLong = textCount > 65_536
    self.init(
      nodeCapacity: textCount / (isLong ? 8 : 14) + 4, byteCapacity: (isLong ? textCount : textCount / 2) + 16)
  }

  /// Containers begun and not ended.
  package var depth: Int { enclosing.count }
  /// Nodes written so far.
  package var count: Int { nodes.count }

  // MARK: Positions and marks

  /// Names the file that the following positions are in.
  package mutating func setFile(_ name: String) {
    place.file = fileIndex(name)
  }

  /// The position given to the following nodes; line and column count from 1.
  @inlinable package mutating func setPosition(line: Int, column: Int) {
    place.line = UInt32(clamping: line)
    place.column = UInt16(clamping: column)
  }

  /// The position of the next key, for `Value.Entry.keyOrigin`.
  @inlinable package mutating func setKeyPosition(line: Int, column: Int) {
    keyLine = UInt32(clamping: line)
    keyColumn = UInt16(clamping: column)
  }

  package mutating func setPosition(_ position: SourcePosition?) {
    guard let position else { return clearPosition() }
    setFile(position.file)
    setPosition(line: position.line, column: position.column)
  }

  package mutating func clearPosition() {
    place = .none
    keyColumn = 0
  }

  /// Marks everything written until the matching `endSensitive` as secret.
  package mutating func beginSensitive() { sensitiveDepth += 1 }
  package mutating func endSensitive() { sensitiveDepth -= 1 }

  // MARK: Keys

  /// The key of the next value; only between `beginMap` and `endMap`.
  package mutating func key(_ name: String) {
    var name = name
    name.withUTF8 { key(utf8: $0) }
  }

  @inlinable package mutating func key(utf8: UnsafeBufferPointer<UInt8>) {
    pendingKey = keys.intern(utf8, into: &bytes)
  }

  /// The key of an entry of another map, with its position.
  package mutating func startEntry(_ entry: Value.Entry) {
    if let position = entry.keyOrigin {
      setFile(position.file)
      setKeyPosition(line: position.line, column: position.column)
    }
    entry.withKeyUTF8 { key(utf8: $0) }
  }

  // MARK: Scalars

  @inlinable package mutating func null() { append(.null, a: 0, b: 0) }
  @inlinable package mutating func bool(_ value: Bool) { append(.bool, a: value ? 1 : 0, b: 0) }
  package mutating func int(_ value: Int64) { spelled(.int, String(value)) }
  package mutating func int(_ value: Int) { spelled(.int, String(value)) }
  package mutating func double(_ value: Double) { spelled(.double, value.description) }
  package mutating func string(_ value: String) { spelled(.string, value) }
  @inlinable package mutating func unknown(_ slot: Slot) { append(.unknown, a: slot.index, b: 0) }

  @inlinable package mutating func int(spelling: UnsafeBufferPointer<UInt8>) { text(.int, spelling) }
  @inlinable package mutating func double(spelling: UnsafeBufferPointer<UInt8>) { text(.double, spelling) }
  @inlinable package mutating func string(utf8: UnsafeBufferPointer<UInt8>) { text(.string, utf8) }
  /// A string that YAML wrote without quotes.
  @inlinable package mutating func plainString(utf8: UnsafeBufferPointer<UInt8>) {
    text(.string, utf8)
    nodes[nodes.count - 1].flags.insert(.plain)
  }

  // MARK: Containers

  @inlinable package mutating func beginMap() { begin(.map) }
  @inlinable package mutating func beginList() { begin(.list) }
  @inlinable package mutating func endList() { close() }

  /// Ends the map and returns the first pair of entries that share a key, as indices for `position(of:)`.
  @discardableResult
  @inlinable package mutating func endMap() -> (first: Int, second: Int)? {
    let start = container
    close()
    return firstDuplicate(in: start)
  }

  /// Copies a whole subtree, with its positions and marks, as the next value.
  package mutating func append(_ value: Value) {
    let source = value.tape
    var file = (source: UInt16(0), own: UInt16(0))
    let offset = UInt32(nodes.count)
    started()
    for position in value.index..<value.node.end {
      var node = source.nodes[Int(position)]
      node.key = position == value.index ? pendingKey : intern(node.key, from: source)
      node.end = node.end - value.index + offset
      if node.file != file.source { file = (node.file, fileIndex(source.files[Int(node.file)])) }
      node.file = file.own
      if sensitiveDepth > 0 { node.flags.insert(.sensitive) }
      switch node.kind {
      case .string, .int, .double:
        let start = UInt32(bytes.count)
        source.withBytes(offset: node.a, length: node.b) { bytes.append(contentsOf: $0) }
        node.a = start
      case .null, .bool, .list, .map, .unknown: break
      }
      nodes.append(node)
    }
    pendingKey = 0
    keyColumn = 0
  }

  /// What the builder holds now, to come back to with `rollback`.
  package struct Checkpoint {
    fileprivate let nodes: Int, depth: Int, roots: Int, childCount: UInt32, key: UInt32
  }

  package func checkpoint() -> Checkpoint {
    Checkpoint(nodes: nodes.count, depth: depth, roots: roots.count, childCount: childCount, key: pendingKey)
  }

  /// Forgets every value written since the checkpoint; keys stay interned.
  /// - Precondition: no container that was open at the checkpoint has been ended.
  package mutating func rollback(to checkpoint: Checkpoint) {
    precondition(depth >= checkpoint.depth, "a container open at the checkpoint was ended")
    if depth > checkpoint.depth { container = enclosing[checkpoint.depth].container }
    enclosing.removeLast(depth - checkpoint.depth)
    nodes.removeLast(nodes.count - checkpoint.nodes)
    roots.removeLast(roots.count - checkpoint.roots)
    childCount = checkpoint.childCount
    pendingKey = checkpoint.key
    keyColumn = 0
  }

  /// Where node `index` was placed, for diagnostics about duplicates.
  package func position(of index: Int) -> SourcePosition? {
    let node = nodes[index]
    guard node.file != 0 else { return nil }
    return SourcePosition(file: files[Int(node.file)], line: Int(node.line), column: Int(node.column))
  }

  /// Where the key of node `index` was placed.
  package func keyPosition(of index: Int) -> SourcePosition? {
    let node = nodes[index]
    let distance = Int(node.flags.rawValue >> Node.Flags.keyDistanceShift)
    guard node.file != 0, node.keyColumn != 0, distance < Node.Flags.farKey else { return nil }
    return SourcePosition(
      file: files[Int(node.file)], line: Int(node.line) - distance, column: Int(node.keyColumn))
  }

  /// The text of the key of node `index`.
  package func keyText(of index: Int) -> String {
    let entry = keys.entries[Int(nodes[index].key)]
    return String(decoding: bytes[Int(entry.offset)..<Int(entry.offset) + Int(entry.length)], as: UTF8.self)
  }

  // MARK: Ending

  /// The first root. All containers must be ended.
  package consuming func finish() -> Value {
    precondition(!roots.isEmpty, "a tape needs a value")
    return finishAll()[0]
  }

  /// All roots, in order: the documents of a stream.
  package consuming func finishAll() -> [Value] {
    precondition(depth == 0, "a container was not ended")
    let tape = Tape(nodes: nodes, bytes: bytes, keys: keys.entries, files: files)
    return roots.map { Value(tape: tape, index: $0) }
  }
}

extension TapeBuilder {
  @inlinable @inline(__always) mutating func started() {
    if enclosing.isEmpty { roots.append(UInt32(nodes.count)) } else { childCount &+= 1 }
  }

  @inlinable @inline(__always) mutating func append(_ kind: Value.Kind, a: UInt32, b: UInt32) {
    started()
    let flags: Node.Flags = sensitiveDepth > 0 ? .sensitive : []
    nodes.append(
      Node(kind: kind, flags: flags, key: pendingKey, end: UInt32(nodes.count) + 1, a: a, b: b, place: place))
    if keyColumn != 0 { placeKey() }
    pendingKey = 0
  }

  /// Notes the key's place in the last node: the column, and in the spare bits of the flags how far above it
  /// stands.
  @inlinable mutating func placeKey() {
    let last = nodes.count - 1
    let distance = UInt8(min(Int(place.line &- keyLine), Node.Flags.farKey)) &<< Node.Flags.keyDistanceShift
    nodes[last].keyColumn = keyColumn
    nodes[last].flags.insert(Node.Flags(rawValue: distance))
    keyColumn = 0
  }

  @inlinable @inline(__always) mutating func text(_ kind: Value.Kind, _ spelling: UnsafeBufferPointer<UInt8>) {
    let offset = UInt32(bytes.count)
    bytes.append(contentsOf: spelling)
    append(kind, a: offset, b: UInt32(spelling.count))
  }

  mutating func spelled(_ kind: Value.Kind, _ spelling: String) {
    var spelling = spelling
    spelling.withUTF8 { text(kind, $0) }
  }

  @inlinable mutating func begin(_ kind: Value.Kind) {
    append(kind, a: 0, b: 0)
    enclosing.append((container, childCount))
    container = UInt32(nodes.count - 1)
    childCount = 0
  }

  @inlinable mutating func close() {
    nodes[Int(container)].end = UInt32(nodes.count)
    nodes[Int(container)].a = childCount
    (container, childCount) = enclosing.removeLast()
    pendingKey = 0
  }

  @usableFromInline mutating func firstDuplicate(in start: UInt32) -> (first: Int, second: Int)? {
    let end = nodes[Int(start)].end
    keys.generation &+= 1
    let generation = keys.generation
    return nodes.withUnsafeBufferPointer { nodes in
      keys.stamps.withUnsafeMutableBufferPointer { stamps in
        var child = start &+ 1
        while child < end {
          let key = Int(nodes[Int(child)].key)
          if stamps[key].generation == generation { return (Int(stamps[key].node), Int(child)) }
          stamps[key] = (generation, child)
          child = nodes[Int(child)].end
        }
        return nil
      }
    }
  }

  private mutating func fileIndex(_ name: String) -> UInt16 {
    if name.isEmpty { return 0 }
    if files.last == name { return UInt16(files.count - 1) }
    if let known = files.firstIndex(of: name) { return UInt16(known) }
    guard files.count < Int(UInt16.max) else { return 0 }
    files.append(name)
    return UInt16(files.count - 1)
  }

  private mutating func intern(_ key: UInt32, from source: Tape) -> UInt32 {
    guard key != 0 else { return 0 }
    let entry = source.keys[Int(key)]
    return source.withBytes(offset: entry.offset, length: entry.length) { keys.intern($0, into: &bytes) }
  }
}
