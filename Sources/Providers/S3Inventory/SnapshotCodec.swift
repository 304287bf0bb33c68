import Inventory
import Resources
import Values

/// The log up to one segment as a single object: records, plans, and the journal's entries since the last archive.
package enum SnapshotCodec {
  package static let version: Int64 = 1

  package static func encode(_ state: LogState) -> [UInt8] {
    JSONWriter().bytes(
      Value.build { builder in
        builder.beginMap()
        builder.field("version", version)
        builder.field("number", Int64(clamping: state.head))
        builder.field("serial", Int64(clamping: state.serial))
        builder.field("fence", Int64(clamping: state.fence.number))
        builder.field("nextSequence", Int64(clamping: state.journal.nextSequence))
        builder.field("foldStart", Int64(clamping: state.journal.foldStart))
        if let archive = state.archive { builder.field("archive", archive) }
        write(state.journal.plans, to: &builder)
        builder.key("entries")
        builder.beginList()
        for entry in state.recent { JournalCodec.write(entry, to: &builder) }
        builder.endList()
        builder.key("records")
        builder.beginList()
        for record in state.records.values.sorted(by: { $0.key < $1.key }) { RecordCodec.write(record, to: &builder) }
        builder.endList()
        builder.endMap()
      })
  }

  private static func write(_ plans: [PlanID: RunOutcome?], to builder: inout TapeBuilder) {
    builder.key("plans")
    builder.beginList()
    for (plan, outcome) in plans.sorted(by: { $0.key.text < $1.key.text }) {
      builder.beginMap()
      builder.field("plan", plan.text)
      if let outcome { builder.field("outcome", outcome.rawValue) }
      builder.endMap()
    }
    builder.endList()
  }

  /// Reads the snapshot that stands under `number`, and folds its journal once more.
  package static func decode(_ bytes: [UInt8], number: UInt64) throws(StoreError) -> LogState {
    let reader = try ObjectReader.open(bytes, "snapshot \(number)", version: version)
    guard try reader.number("number") == number else {
      throw StoreError(.corrupt, "snapshot \(number) is that of another number")
    }
    var state = LogState()
    state.head = number
    state.serial = try reader.number("serial")
    state.fence = Fence(try reader.number("fence"))
    state.archive = try reader.optionalText("archive")
    var targets = TargetDecoder()
    state.recent = try ObjectReader.entries(reader, &targets)
    for value in try reader.list("records") {
      let record = try RecordCodec.decode(value, &targets)
      guard state.records.updateValue(record, forKey: record.key) == nil else {
        throw StoreError(.corrupt, "snapshot \(number) has `\(record.address)` twice")
      }
    }
    state.journal = try journal(reader, state.recent, number)
    return state
  }

  private static func journal(
    _ reader: FieldReader, _ entries: [JournalEntry], _ number: UInt64
  ) throws(StoreError) -> JournalFold {
    let next = try reader.number("nextSequence")
    var fold = JournalFold(nextSequence: min(try reader.number("foldStart"), next))
    if let first = entries.first?.sequence, first > fold.nextSequence {
      throw StoreError(.corrupt, "snapshot \(number) lacks journal entry \(fold.nextSequence)")
    }
    for entry in entries where entry.sequence >= fold.nextSequence {
      do throws(JournalFold.Problem) { try fold.apply(entry) } catch {
        throw StoreError(.corrupt, "snapshot \(number): \(error.description)")
      }
    }
    guard fold.nextSequence == next else {
      throw StoreError(.corrupt, "the journal in snapshot \(number) ends before entry \(next - 1)")
    }
    fold.setPlans(try plans(reader))
    return fold
  }

  private static func plans(_ reader: FieldReader) throws(StoreError) -> [PlanID: RunOutcome?] {
    var plans: [PlanID: RunOutcome?] = [:]
    for value in try reader.list("plans") {
      let plan = try FieldReader(value, "a plan", version: nil)
      let text = try plan.optionalText("outcome")
      let outcome = text.flatMap(RunOutcome.init(rawValue:))
      if text != nil && outcome == nil { throw plan.missing("a known outcome") }
      plans.updateValue(outcome, forKey: PlanID(try plan.text("plan")))
    }
    return plans
  }
}

/// Journal entries that snapshots no longer carry; each archive names the one before it.
package struct Archive: Sendable {
  package static let version: Int64 = 1
  package var previous: String?
  package var entries: [JournalEntry]

  package init(previous: String?, entries: [JournalEntry]) {
    self.previous = previous
    self.entries = entries
  }

  package var bytes: [UInt8] {
    JSONWriter().bytes(
      Value.build { builder in
        builder.beginMap()
        builder.field("version", Self.version)
        if let previous { builder.field("previous", previous) }
        builder.key("entries")
        builder.beginList()
        for entry in entries { JournalCodec.write(entry, to: &builder) }
        builder.endList()
        builder.endMap()
      })
  }

  package init(_ bytes: [UInt8], name: String) throws(StoreError) {
    let reader = try ObjectReader.open(bytes, "`\(name)`", version: Self.version)
    var targets = TargetDecoder()
    self.init(
      previous: try reader.optionalText("previous"), entries: try ObjectReader.entries(reader, &targets))
  }
}
