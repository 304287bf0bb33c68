import Platform
import Resources
import SQLite

/// Writes one batch inside the transaction of its caller.
struct SQLiteWriter {
  let connection: Connection
  let run: RunID
  let fence: Fence
  let now: Instant

  func write(_ batch: Batch, _ fold: inout JournalFold) throws(StoreError) {
    for event in batch.events {
      let entry = JournalEntry(sequence: fold.nextSequence, run: run, fence: fence, time: now, event: event)
      do throws(JournalFold.Problem) { try fold.apply(entry) } catch { throw StoreError(.illegal, error.description) }
      try append(entry, fold)
    }
    do throws(SQLiteError) {
      for change in batch.changes { try apply(change) }
      try connection.execute(
        SQLiteSchema.advance, [.int(Int64(clamping: fold.nextSequence)), .int(Int64(clamping: fold.foldStart))])
    } catch {
      throw StoreError(sqlite: error)
    }
  }

  private func append(_ entry: JournalEntry, _ fold: JournalFold) throws(StoreError) {
    do throws(SQLiteError) {
      let data = String(decoding: JournalCodec.encode(entry), as: UTF8.self)
      try connection.execute(SQLiteSchema.appendEntry, [.int(Int64(clamping: entry.sequence)), .text(data)])
      switch entry.event {
      case .began(let plan, _): try connection.execute(SQLiteSchema.putPlan, [.text(plan.text), .null])
      case .ended(let outcome):
        guard let plan = fold.endedPlan else { return }
        try connection.execute(SQLiteSchema.putPlan, [.text(plan.text), .text(outcome.rawValue)])
      case .intent, .succeeded, .failed, .resolved, .waived, .lockBroken: return
      }
    } catch {
      throw StoreError(sqlite: error)
    }
  }

  private func apply(_ change: RecordChange) throws(SQLiteError) {
    switch change {
    case .put(let record):
      let data = String(decoding: RecordCodec.encode(record), as: UTF8.self)
      try connection.execute(
        SQLiteSchema.putRecord, [.text(record.address.text), .int(Int64(record.incarnation)), .text(data)])
    case .remove(let key):
      try connection.execute(SQLiteSchema.removeRecord, [.text(key.address.text), .int(Int64(key.incarnation))])
    }
  }
}
