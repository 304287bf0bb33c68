import Platform
import Resources
import SQLite

/// The files of a SQLite inventory: `<scope>.db`, its write-ahead log beside it while it is in use, and the lock.
struct SQLiteFile: Sendable {
  /// How often a read without locks is begun anew because a writer came between.
  private static let readAttempts = 5

  let folder: String
  let scope: ScopeID
  let files: any FileSystem

  private var name: String { scope.environment.map { "\(scope.estate)@\($0)" } ?? scope.estate }
  var path: String { "\(folder)/\(name).db" }
  private var logPath: String { "\(path)-wal" }

  /// A broken lock leaves its file to its stuck holder and goes on with the next.
  func lockPath(generation: Int64) -> String {
    generation == 0 ? "\(folder)/\(name).lock" : "\(folder)/\(name).\(generation).lock"
  }

  func exists() throws(StoreError) -> Bool {
    do throws(FileError) { return try files.status(path) != nil } catch {
      throw StoreError(.unreadable, error.description)
    }
  }

  /// Makes the file with its tables and its scope, whole or not at all. The caller holds the lock.
  func make() throws(StoreError) {
    let draft = "\(path).new"
    do throws(FileError) {
      for old in [draft, "\(draft)-journal"] where try files.status(old) != nil { try files.remove(old) }
    } catch {
      throw StoreError(.unwritable, error.description)
    }
    do throws(SQLiteError) {
      let connection = try Connection(.file(draft), Connection.Options(synchronous: .off, journal: .delete))
      try connection.migrate(SQLiteSchema.migrations)
      try connection.execute(SQLiteSchema.insertMeta, [.text(scope.description)])
    } catch {
      throw StoreError(sqlite: error)
    }
    do throws(FileError) {
      try files.write(try files.read(draft), to: path, mode: 0o600, durability: .durable)
      try files.remove(draft)
    } catch {
      throw StoreError(.unwritable, error.description)
    }
  }

  /// Refuses a file that was cut: SQLite takes the missing rest of a last page for zeros.
  private func checkSize(_ connection: Connection, _ size: Int) throws(StoreError) {
    let expected: Int64
    do throws(SQLiteError) {
      let pages = try connection.first("PRAGMA page_count") { (row) throws(SQLiteError) in row.int(0) }
      let pageSize = try connection.first("PRAGMA page_size") { (row) throws(SQLiteError) in row.int(0) }
      expected = (pages ?? 0) * (pageSize ?? 0)
    } catch {
      throw StoreError(sqlite: error)
    }
    guard size > 0, Int64(size) == expected else {
      throw StoreError(.corrupt, "the inventory's file has \(size) bytes, \(expected) were expected: it was cut short")
    }
  }

  private func logSize() throws(FileError) -> Int { try files.status(logPath)?.size ?? 0 }

  /// Reads without writing anything: no lock, and no companion files where there are none.
  func read<R: Sendable>(_ body: (Connection) throws(StoreError) -> R) throws(StoreError) -> R {
    for _ in 0..<Self.readAttempts {
      let before = try state()
      guard before.logSize == 0 else { return try read(size: nil, body) }
      let result: Result<R, StoreError> = Result { () throws(StoreError) in try read(size: before.file?.size ?? 0, body)
      }
      if try state() == before { return try result.get() }
    }
    return try read(size: nil, body)
  }

  /// With a size the file is taken for finished: no locks, no companions.
  private func read<R>(size: Int?, _ body: (Connection) throws(StoreError) -> R) throws(StoreError) -> R {
    var options = Connection.Options()
    options.isReadOnly = true
    options.isImmutable = size != nil
    let connection: Connection
    do throws(SQLiteError) { connection = try Connection(.file(path), options) } catch {
      throw StoreError(sqlite: error)
    }
    if let size { try checkSize(connection, size) }
    return try body(connection)
  }

  private struct State: Equatable {
    var file: FileStatus?
    var logSize: Int
  }

  private func state() throws(StoreError) -> State {
    do throws(FileError) {
      return State(file: try files.status(path), logSize: try logSize())
    } catch {
      throw StoreError(.unreadable, error.description)
    }
  }
}
