import Inventory
import Platform
import Resources
import Values

/// One durable batch of the log.
package struct Segment: Sendable {
  package enum Kind: String, Sendable {
    /// A run's batch.
    case commit
    /// A run has taken the lock: whoever held it before finds this number taken.
    case lock
    /// The lock was taken away.
    case broken
  }

  package var number: UInt64
  package var kind: Kind
  package var fence: Fence
  package var run: RunID
  package var time: Instant
  package var entries: [JournalEntry] = []
  package var changes: [RecordChange] = []

  package init(
    number: UInt64, kind: Kind, fence: Fence, run: RunID, time: Instant, entries: [JournalEntry] = [],
    changes: [RecordChange] = []
  ) {
    self.number = number
    self.kind = kind
    self.fence = fence
    self.run = run
    self.time = time
    self.entries = entries
    self.changes = changes
  }
}

/// Segments as JSON. Every cut of one is refused: its last byte closes what its first opened.
package enum SegmentCodec {
  package static let version: Int64 = 1

  package static func encode(_ segment: Segment) -> [UInt8] {
    JSONWriter().bytes(
      Value.build { builder in
        builder.beginMap()
        builder.field("version", version)
        builder.field("number", Int64(clamping: segment.number))
        builder.field("kind", segment.kind.rawValue)
        builder.field("fence", Int64(clamping: segment.fence.number))
        builder.field("run", segment.run.text)
        builder.field("time", segment.time.nanoseconds)
        builder.key("entries")
        builder.beginList()
        for entry in segment.entries { JournalCodec.write(entry, to: &builder) }
        builder.endList()
        builder.key("changes")
        builder.beginList()
        for change in segment.changes { write(change, to: &builder) }
        builder.endList()
        builder.endMap()
      })
  }

  private static func write(_ change: RecordChange, to builder: inout TapeBuilder) {
    builder.beginMap()
    switch change {
    case .put(let record):
      builder.key("put")
      RecordCodec.write(record, to: &builder)
    case .remove(let key):
      builder.field("remove", key.address.text)
      builder.field("incarnation", Int64(key.incarnation))
    }
    builder.endMap()
  }

  /// Reads the segment that stands under `number`.
  package static func decode(_ bytes: [UInt8], number: UInt64) throws(StoreError) -> Segment {
    let reader = try ObjectReader.open(bytes, "segment \(number) of the log", version: version)
    guard try reader.number("number") == number else {
      throw StoreError(.corrupt, "segment \(number) of the log is that of another number")
    }
    let kind = try reader.text("kind")
    guard let kind = Segment.Kind(rawValue: kind) else {
      throw StoreError(.newerVersion, "segment \(number) of the log is of the unknown kind `\(kind)`")
    }
    var segment = Segment(
      number: number, kind: kind, fence: Fence(try reader.number("fence")), run: RunID(try reader.text("run")),
      time: Instant(nanoseconds: try reader.int("time")))
    var targets = TargetDecoder()
    segment.entries = try ObjectReader.entries(reader, &targets)
    for change in try reader.list("changes") { segment.changes.append(try decode(change, &targets)) }
    return segment
  }

  private static func decode(_ value: Value, _ targets: inout TargetDecoder) throws(StoreError) -> RecordChange {
    if let record = value["put"] { return .put(try RecordCodec.decode(record, &targets)) }
    let reader = try FieldReader(value, "a change of a record", version: nil)
    guard let incarnation = Incarnation(exactly: try reader.int("incarnation")) else {
      throw reader.missing("a legal incarnation")
    }
    return .remove(RecordKey(Address(try reader.text("remove")), incarnation))
  }
}

/// Opens the JSON objects that a bucket holds.
enum ObjectReader {
  static func open(_ bytes: [UInt8], _ subject: String, version: Int64) throws(StoreError) -> FieldReader {
    let value: Value
    do throws(JSONError) { value = try JSONReader.parse(bytes) } catch {
      throw StoreError(.corrupt, "\(subject) is no JSON: \(error.description)")
    }
    do throws(StoreError) {
      return try FieldReader(value, "it", version: version)
    } catch {
      throw StoreError(error.reason, "\(subject): \(error.message)")
    }
  }

  static func entries(_ reader: FieldReader, _ targets: inout TargetDecoder) throws(StoreError) -> [JournalEntry] {
    var entries: [JournalEntry] = []
    for value in try reader.list("entries") { entries.append(try JournalCodec.decode(value, &targets)) }
    return entries
  }
}

extension FieldReader {
  /// A list that must be there.
  func list(_ key: String) throws(StoreError) -> [Value] {
    guard let list = value[key], list.kind == .list else { throw missing("a list of \(key)") }
    return Array(list.elements)
  }
}
