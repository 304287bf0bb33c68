import Inventory
import Platform
import Resources

/// What a log amounts to. It takes segments in order and refuses an illegal one.
package struct LogState: Sendable {
  /// Number of the last segment; 0 before the first.
  package internal(set) var head: UInt64 = 0
  /// Commits so far.
  package internal(set) var serial: UInt64 = 0
  /// The newest that wrote.
  package internal(set) var fence = Fence(0)
  package internal(set) var records: [RecordKey: Recorded] = [:]
  package internal(set) var journal = JournalFold()
  /// Journal entries that are in no archive, oldest first.
  package internal(set) var recent: [JournalEntry] = []
  /// Name of the newest archive below the scope's folder.
  package internal(set) var archive: String?

  package init() {}

  /// Takes a segment of the log; any fault is the log's own.
  package mutating func apply(_ segment: Segment) throws(StoreError) {
    func require(_ holds: Bool, _ what: String) throws(StoreError) {
      if !holds { throw StoreError(.corrupt, "segment \(segment.number) of the log: \(what)") }
    }
    try require(segment.number == head + 1, "number \(head + 1) was expected")
    try require(segment.fence >= fence, "its fence \(segment.fence.number) is older than \(fence.number)")
    try require(segment.entries.allSatisfy { $0.fence == segment.fence }, "an entry has another fence")
    var journal = journal
    for entry in segment.entries {
      do throws(JournalFold.Problem) { try journal.apply(entry) } catch {
        try require(false, error.description)
      }
    }
    self.journal = journal
    recent += segment.entries
    for change in segment.changes {
      switch change {
      case .put(let record): records[record.key] = record
      case .remove(let key): records[key] = nil
      }
    }
    head = segment.number
    fence = segment.fence
    switch segment.kind {
    case .commit, .broken: serial += 1
    case .lock: break
    }
  }

  /// The segment that writes a batch next; a batch against the journal's rules is `illegal`.
  package func next(
    _ kind: Segment.Kind, _ batch: Batch, fence: Fence, run: RunID, at now: Instant
  ) throws(StoreError) -> Segment {
    var journal = journal
    var entries: [JournalEntry] = []
    for event in batch.events {
      let entry = JournalEntry(sequence: journal.nextSequence, run: run, fence: fence, time: now, event: event)
      do throws(JournalFold.Problem) { try journal.apply(entry) } catch {
        throw StoreError(.illegal, error.description)
      }
      entries.append(entry)
    }
    return Segment(
      number: head + 1, kind: kind, fence: fence, run: run, time: now, entries: entries, changes: batch.changes)
  }

  package var snapshot: InventorySnapshot {
    InventorySnapshot(
      serial: serial, records: records.values.sorted { $0.key < $1.key }, openIntents: journal.openIntents,
      plans: journal.plans, nextSequence: journal.nextSequence)
  }

  /// Entries that an archive may take: nothing that is open began in them.
  package var archivable: ArraySlice<JournalEntry> { recent.prefix { $0.sequence < journal.foldStart } }

  /// Forgets the oldest entries, which an archive holds now.
  package mutating func move(_ count: Int, to archive: String) {
    recent.removeFirst(count)
    self.archive = archive
  }
}
