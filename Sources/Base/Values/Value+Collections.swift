import Diagnostics

extension Value {
  /// The children of a list, in order.
  @usableFromInline package struct Elements: Sequence, IteratorProtocol, Sendable {
    @usableFromInline let tape: Tape
    @usableFromInline var following: UInt32
    @usableFromInline let end: UInt32

    @inlinable init(_ value: Value, of kind: Kind) {
      tape = value.tape
      following = value.index + 1
      end = value.kind == kind ? value.node.end : following
    }

    @inlinable package mutating func next() -> Value? {
      guard following < end else { return nil }
      defer { following = tape.nodes[Int(following)].end }
      return Value(tape: tape, index: following)
    }
  }

  /// One entry of a map.
  @usableFromInline package struct Entry: Sendable {
    @usableFromInline package let value: Value
    @inlinable init(value: Value) { self.value = value }
    package var key: String { value.tape.keyText(value.node.key) }
    /// Where the key stands; where that is not known, where its value stands.
    package var keyOrigin: SourcePosition? { value.tape.keyPosition(value.node) ?? value.origin }
    /// The bytes of the key, without a copy.
    @inlinable package func withKeyUTF8<R>(_ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
      let entry = value.tape.keys[Int(value.node.key)]
      return value.tape.withBytes(offset: entry.offset, length: entry.length, body)
    }
  }

  /// The entries of a map, in written order.
  @usableFromInline package struct Entries: Sequence, IteratorProtocol, Sendable {
    @usableFromInline var values: Elements
    @inlinable init(_ value: Value) { values = Elements(value, of: .map) }
    @inlinable package mutating func next() -> Entry? { values.next().map { Entry(value: $0) } }
  }

  /// The keys of a map, in written order.
  package var keys: [String] { entries.map(\.key) }

  /// The nodes of this subtree, itself included: a bound for work and for limits.
  package var nodeCount: Int { Int(node.end - index) }
}
