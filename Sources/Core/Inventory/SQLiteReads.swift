import Platform
import Resources
import SQLite
import Values

/// The one row of `meta`.
struct SQLiteMeta: Sendable {
  var scope: String
  var serial: UInt64
  var fence: UInt64
  var lockGeneration: Int64
  var nextSequence: UInt64
  var foldStart: UInt64
  var holder: LockHolder?
}

/// Reads of a SQLite inventory; each runs inside a transaction of its caller.
enum SQLiteReads {
  static func meta(_ connection: Connection, scope: ScopeID) throws(StoreError) -> SQLiteMeta {
    let version: Int
    let found: SQLiteMeta?
    do throws(SQLiteError) {
      version = try connection.schemaVersion
      guard version <= SQLiteSchema.migrations.count else {
        throw SQLiteError(reason: .newerSchema, message: "the file has format \(version)")
      }
      found = try connection.first(SQLiteSchema.readMeta) { (row) throws(SQLiteError) in meta(row) }
    } catch {
      throw StoreError(sqlite: error)
    }
    guard let found else { throw StoreError(.corrupt, "the inventory's file lacks its first row") }
    guard found.scope == scope.description else {
      throw StoreError(.corrupt, "the file is the inventory of `\(found.scope)`, not of `\(scope)`")
    }
    return found
  }

  private static func meta(_ row: borrowing Row) -> SQLiteMeta {
    let name = row.optionalText(6)
    let holder = name.map { name in
      LockHolder(
        name: name, process: Int32(clamping: row.int(7)), command: row.text(8), since: Instant(nanoseconds: row.int(9)),
        run: RunID(row.text(10)))
    }
    return SQLiteMeta(
      scope: row.text(0), serial: UInt64(clamping: row.int(1)), fence: UInt64(clamping: row.int(2)),
      lockGeneration: row.int(3), nextSequence: UInt64(clamping: row.int(4)), foldStart: UInt64(clamping: row.int(5)),
      holder: holder)
  }

  static func records(_ connection: Connection) throws(StoreError) -> [Recorded] {
    let values = try documents(connection, SQLiteSchema.readRecords, [])
    var targets = TargetDecoder()
    var records: [Recorded] = []
    records.reserveCapacity(values.count)
    for value in values { records.append(try RecordCodec.decode(value, &targets)) }
    return records
  }

  static func entries(_ connection: Connection, from start: UInt64) throws(StoreError) -> [JournalEntry] {
    let values = try documents(connection, SQLiteSchema.readEntries, [.int(Int64(clamping: start))])
    var targets = TargetDecoder()
    var entries: [JournalEntry] = []
    entries.reserveCapacity(values.count)
    for value in values { entries.append(try JournalCodec.decode(value, &targets)) }
    return entries
  }

  /// Rows of JSON, all in one tape.
  private static func documents(
    _ connection: Connection, _ sql: String, _ arguments: [Argument]
  ) throws(StoreError) -> [Value] {
    var builder = TapeBuilder(nodeCapacity: 1_024, byteCapacity: 16_384)
    do throws(SQLiteError) {
      try connection.prepare(sql).forEach(arguments) { (row) throws(SQLiteError) in
        let problem = row.withBytes(0) { JSONReader.append($0, to: &builder) }
        if let problem { throw SQLiteError(reason: .corrupt, message: "a row is no JSON: \(problem.description)") }
      }
    } catch {
      throw StoreError(sqlite: error)
    }
    return builder.finishAll()
  }

  static func plans(_ connection: Connection) throws(StoreError) -> [PlanID: RunOutcome?] {
    let rows: [(String, String?)]
    do throws(SQLiteError) {
      rows = try connection.query(SQLiteSchema.readPlans) { (row) throws(SQLiteError) in
        (row.text(0), row.optionalText(1))
      }
    } catch {
      throw StoreError(sqlite: error)
    }
    var plans: [PlanID: RunOutcome?] = [:]
    for (plan, text) in rows {
      let outcome = text.flatMap(RunOutcome.init(rawValue:))
      if text != nil && outcome == nil { throw StoreError(.corrupt, "the plan `\(plan)` has no legal outcome") }
      plans.updateValue(outcome, forKey: PlanID(plan))
    }
    return plans
  }

  /// Folds the journal from where nothing was open, and compares its end with what the file says of it.
  static func fold(_ connection: Connection, _ meta: SQLiteMeta, from start: UInt64? = nil) throws(StoreError)
    -> JournalFold
  {
    var fold = JournalFold(nextSequence: start ?? meta.foldStart)
    for entry in try entries(connection, from: fold.nextSequence) {
      do throws(JournalFold.Problem) { try fold.apply(entry) } catch { throw StoreError(.corrupt, error.description) }
    }
    let last: Int64
    do throws(SQLiteError) {
      last = try connection.first(SQLiteSchema.lastSequence) { (row) throws(SQLiteError) in row.int(0) } ?? 0
    } catch {
      throw StoreError(sqlite: error)
    }
    guard fold.nextSequence == meta.nextSequence, UInt64(clamping: last) + 1 == meta.nextSequence else {
      throw StoreError(.corrupt, "the journal ends at entry \(last), \(meta.nextSequence - 1) was expected")
    }
    fold.setPlans(try plans(connection))
    return fold
  }

  static func snapshot(_ connection: Connection, scope: ScopeID) throws(StoreError) -> InventorySnapshot {
    try connection.transaction(.deferred, failingWith: StoreError.self) { () throws(StoreError) in
      let meta = try meta(connection, scope: scope)
      let fold = try fold(connection, meta)
      return InventorySnapshot(
        serial: meta.serial, records: try records(connection), openIntents: fold.openIntents, plans: fold.plans,
        nextSequence: meta.nextSequence)
    }
  }
}

extension StoreError: SQLiteFailure {
  package init(sqlite error: SQLiteError) {
    let reason: Reason =
      switch error.reason {
      case .corrupt, .unique, .constraint: .corrupt
      case .full: .full
      case .readOnly, .inputOutput: .unwritable
      case .newerSchema: .newerVersion
      case .busy: .writing(nil)
      case .cannotOpen: .unreadable
      // A table that is missing or a column of another kind: the file is not what we wrote.
      case .other: .corrupt
      }
    self.init(reason, "the inventory's file: \(error.message)")
  }
}
