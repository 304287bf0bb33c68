import Diagnostics

/// A value anywhere between a manifest and a request: a cursor into a frozen tape.
///
/// Copying is cheap (a reference and an index). Values never change; edits copy into a new tape.
/// Equality is by meaning: maps compare without order, numbers by value and kind (`1` is not `1.0`), and
/// positions do not count.
@usableFromInline package struct Value: Sendable {
  @usableFromInline package enum Kind: UInt8, Sendable {
    case null, bool, int, double, string, list, map, unknown
  }

  @usableFromInline let tape: Tape
  @usableFromInline let index: UInt32

  @inlinable init(tape: Tape, index: UInt32) {
    self.tape = tape
    self.index = index
  }

  @inlinable var node: Node { tape.nodes[Int(index)] }

  @inlinable package var kind: Kind { node.kind }
  @inlinable package var isNull: Bool { node.kind == .null }

  /// True for a secret; the mark is inherited by everything below.
  @inlinable package var isSensitive: Bool { node.flags.contains(.sensitive) }

  /// True for a string that stood unquoted in YAML.
  @inlinable package var isPlain: Bool { node.flags.contains(.plain) }

  /// File, line and column the value was read from; nil when computed.
  package var origin: SourcePosition? { tape.position(node) }

  @inlinable package var bool: Bool? { node.kind == .bool ? node.a == 1 : nil }

  /// The integer, nil for other kinds and for integers beyond 64 bits (whose `spelling` is kept).
  package var int: Int64? { node.kind == .int ? withUTF8(Number.integer) : nil }

  /// The number as a double, for both integers and doubles.
  package var double: Double? {
    switch node.kind {
    case .double: Number.double(spelling)
    case .int: int.map(Double.init) ?? Number.double(Number.decimal(spelling))
    case .null, .bool, .string, .list, .map, .unknown: nil
    }
  }

  package var string: String? { node.kind == .string ? tape.text(offset: node.a, length: node.b) : nil }

  /// Index into the plan's slots, for a value not known yet.
  @inlinable package var unknown: Slot? { node.kind == .unknown ? Slot(index: node.a) : nil }

  /// The text of a string or number as it was written; empty for other kinds.
  package var spelling: String {
    switch node.kind {
    case .string, .int, .double: tape.text(offset: node.a, length: node.b)
    case .null, .bool, .list, .map, .unknown: ""
    }
  }

  /// A scalar as services write it: `true`, `8080`, text; empty for other kinds.
  package var scalarText: String { bool.map { $0 ? "true" : "false" } ?? spelling }

  /// The bytes of a string's text or a number's spelling, without a copy. Empty for other kinds.
  @inlinable package func withUTF8<R>(_ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
    let node = node
    switch node.kind {
    case .string, .int, .double: return tape.withBytes(offset: node.a, length: node.b, body)
    case .null, .bool, .list, .map, .unknown: return body(UnsafeBufferPointer(start: nil, count: 0))
    }
  }

  /// Number of items of a list or entries of a map; 0 for scalars.
  @inlinable package var count: Int {
    let node = node
    return node.kind == .list || node.kind == .map ? Int(node.a) : 0
  }

  /// The items of a list; empty for other kinds.
  @inlinable package var elements: Elements { Elements(self, of: .list) }

  /// The entries of a map in written order; empty for other kinds.
  @inlinable package var entries: Entries { Entries(self) }

  /// The entry of a map; nil where there is none or this is no map.
  @inlinable package subscript(key: String) -> Value? {
    guard node.kind == .map else { return nil }
    var key = key
    return key.withUTF8 { wanted in child(named: wanted) }
  }

  /// The item of a list; nil when out of range or not a list.
  package subscript(position: Int) -> Value? {
    guard node.kind == .list, position >= 0, position < count else { return nil }
    var child = index + 1
    for _ in 0..<position { child = tape.nodes[Int(child)].end }
    return Value(tape: tape, index: child)
  }

  @inlinable func child(named wanted: UnsafeBufferPointer<UInt8>) -> Value? {
    let end = node.end
    var child = index + 1
    while child < end {
      let node = tape.nodes[Int(child)]
      if tape.keyEquals(node.key, wanted) { return Value(tape: tape, index: child) }
      child = node.end
    }
    return nil
  }
}

/// The index of a value not known yet in its plan's table of slots.
@usableFromInline package struct Slot: Hashable, Sendable {
  @usableFromInline package let index: UInt32
  @inlinable package init(index: UInt32) { self.index = index }
}

extension Tape {
  @inlinable func keyEquals(_ key: UInt32, _ wanted: UnsafeBufferPointer<UInt8>) -> Bool {
    let entry = keys[Int(key)]
    guard Int(entry.length) == wanted.count else { return false }
    return withBytes(offset: entry.offset, length: entry.length) { $0.elementsEqual(wanted) }
  }
}
