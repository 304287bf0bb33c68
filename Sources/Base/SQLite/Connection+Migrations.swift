internal import CSQLite

extension Connection {
  /// How many migrations the file has had.
  package var schemaVersion: Int {
    get throws(SQLiteError) {
      let version = try first("PRAGMA user_version") { (row) throws(SQLiteError) in row.int(0) }
      return Int(version ?? 0)
    }
  }

  /// Runs the migrations the file has not had, in order, each whole or not at all. The list only ever grows.
  /// - Throws: `.newerSchema` where the file has had more than these.
  package func migrate(_ migrations: [String]) throws(SQLiteError) {
    let known = try schemaVersion
    guard known <= migrations.count else { throw Self.newerSchema(known, migrations.count) }
    guard known < migrations.count else { return }
    try transaction { () throws(SQLiteError) in
      // Another process may have been first; the write lock is ours now.
      let version = try schemaVersion
      guard version <= migrations.count else { throw Self.newerSchema(version, migrations.count) }
      for migration in migrations[version...] { try executeScript(migration) }
      try executeScript("PRAGMA user_version = \(migrations.count)")
    }
  }

  private static func newerSchema(_ found: Int, _ known: Int) -> SQLiteError {
    SQLiteError(
      reason: .newerSchema, code: SQLITE_MISMATCH, extendedCode: SQLITE_MISMATCH,
      message: "the file has schema \(found), this program knows \(known)")
  }

  /// What is wrong with the file, in SQLite's words; empty for a sound one. Reads the whole file.
  package func integrityProblems() throws(SQLiteError) -> [String] {
    do throws(SQLiteError) {
      let found = try query("PRAGMA integrity_check") { (row) throws(SQLiteError) in row.text(0) }
      return found == ["ok"] ? [] : found
    } catch  where error.reason == .corrupt {
      return [error.message]
    }
  }

  /// Moves the write-ahead log into the file and empties it; other connections may go on.
  package func checkpoint() throws(SQLiteError) { try execute("PRAGMA wal_checkpoint(TRUNCATE)") }
}
