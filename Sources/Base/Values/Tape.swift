import Diagnostics

/// One node of a tape, in preorder: a container's children are `index + 1`, `nodes[index + 1].end`, … up to
/// its own `end`.
@usableFromInline package struct Node: Sendable {
  @usableFromInline var line: UInt32
  @usableFromInline var column: UInt16
  /// Index into `Tape.files`; 0 stands for no file.
  @usableFromInline var file: UInt16
  @usableFromInline var kind: Value.Kind
  @usableFromInline var flags: Flags
  /// Column of the entry's key, 0 where it is not known.
  @usableFromInline var keyColumn: UInt16
  /// Index into `Tape.keys`; 0 for list items and roots.
  @usableFromInline var key: UInt32
  /// One past the last node of this subtree.
  @usableFromInline var end: UInt32
  /// Scalar: offset of its spelling in `Tape.bytes`. Bool: 0 or 1. Container: number of children. Unknown:
  /// slot.
  @usableFromInline var a: UInt32
  /// Scalar: length of its spelling.
  @usableFromInline var b: UInt32

  @inlinable init(
    kind: Value.Kind, flags: Flags, key: UInt32, end: UInt32, a: UInt32, b: UInt32, place: Place
  ) {
    self.line = place.line
    self.column = place.column
    self.file = place.file
    self.kind = kind
    self.flags = flags
    self.keyColumn = 0
    self.key = key
    self.end = end
    self.a = a
    self.b = b
  }

  @usableFromInline package struct Flags: OptionSet, Sendable {
    @usableFromInline package let rawValue: UInt8
    @inlinable package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// The value is secret: it is never printed, stored or hashed without a key.
    @usableFromInline static let sensitive = Flags(rawValue: 1)
    /// A string that YAML wrote plain, so that `yes` and `"yes"` can be told apart.
    @usableFromInline static let plain = Flags(rawValue: 2)
    /// The upper six bits: how many lines above the value its key stands; 63 stands for "too far to tell".
    @usableFromInline static let keyDistanceShift: UInt8 = 2
    @usableFromInline static let farKey = 63
  }

  @usableFromInline struct Place: Sendable {
    @usableFromInline var line: UInt32
    @usableFromInline var column: UInt16
    @usableFromInline var file: UInt16
    @inlinable init(line: UInt32, column: UInt16, file: UInt16) {
      self.line = line
      self.column = column
      self.file = file
    }
    @inlinable static var none: Place { Place(line: 0, column: 0, file: 0) }
  }
}

/// Where a key's text lies in the byte arena.
@usableFromInline package struct KeyEntry: Sendable {
  @usableFromInline var offset: UInt32
  @usableFromInline var length: UInt32
  @usableFromInline var hash: UInt32
  @inlinable init(offset: UInt32, length: UInt32, hash: UInt32) {
    self.offset = offset
    self.length = length
    self.hash = hash
  }
}

/// A frozen tree of values: nodes in preorder, one byte arena, interned keys. Written only by `TapeBuilder`.
@usableFromInline package final class Tape: Sendable {
  @usableFromInline let nodes: ContiguousArray<Node>
  @usableFromInline let bytes: ContiguousArray<UInt8>
  /// Entry 0 is unused, so that key 0 can mean "none".
  @usableFromInline let keys: ContiguousArray<KeyEntry>
  /// Entry 0 is unused, so that file 0 can mean "none".
  @usableFromInline let files: [String]

  @usableFromInline init(
    nodes: ContiguousArray<Node>, bytes: ContiguousArray<UInt8>, keys: ContiguousArray<KeyEntry>,
    files: [String]
  ) {
    self.nodes = nodes
    self.bytes = bytes
    self.keys = keys
    self.files = files
  }

  @inlinable func withBytes<R>(offset: UInt32, length: UInt32, _ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
    bytes.withUnsafeBufferPointer { all in
      body(UnsafeBufferPointer(rebasing: all[Int(offset)..<Int(offset) + Int(length)]))
    }
  }

  func text(offset: UInt32, length: UInt32) -> String {
    withBytes(offset: offset, length: length) { String(decoding: $0, as: UTF8.self) }
  }

  func keyText(_ key: UInt32) -> String {
    let entry = keys[Int(key)]
    return text(offset: entry.offset, length: entry.length)
  }

  /// Where the key of an entry stands; nil where it is not known.
  func keyPosition(_ node: Node) -> SourcePosition? {
    let distance = Int(node.flags.rawValue >> Node.Flags.keyDistanceShift)
    guard node.file != 0, node.keyColumn != 0, distance < Node.Flags.farKey else { return nil }
    return SourcePosition(
      file: files[Int(node.file)], line: Int(node.line) - distance, column: Int(node.keyColumn))
  }

  func position(_ node: Node) -> SourcePosition? {
    guard node.file != 0 else { return nil }
    return SourcePosition(file: files[Int(node.file)], line: Int(node.line), column: Int(node.column))
  }
}
