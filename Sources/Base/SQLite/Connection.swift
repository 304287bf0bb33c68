internal import CSQLite
import Glibc
import Platform

/// An open database. It is used by one thread at a time: an actor's, or a test's.
///
/// Every call may block on the disk, so that it does not belong on the cooperative pool: see `Database`.
package final class Connection {
  package enum Location: Sendable, Hashable {
    /// A path; the file is made with mode 0600 where there is none.
    case file(String)
    /// Gone when the connection closes.
    case memory
  }

  private let handle: OpaquePointer
  private var cache: [String: Statement] = [:]

  /// Opens and configures.
  package init(_ location: Location, _ options: Options = Options()) throws(SQLiteError) {
    let path = try Self.prepare(location, options)
    var opened: OpaquePointer?
    // NOMUTEX: the caller's serial executor is the mutex. EXRESCODE: errors say which constraint.
    let access =
      options.isReadOnly
      ? SQLITE_OPEN_READONLY | (options.isImmutable ? SQLITE_OPEN_URI : 0)
      : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    let status = sqlite3_open_v2(path, &opened, access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
    guard status == SQLITE_OK, let opened else {
      let error = SQLiteError(opened)
      sqlite3_close_v2(opened)
      throw error
    }
    handle = opened
    sqlite3_busy_timeout(opened, Int32(clamping: options.busyTimeout.wholeMilliseconds))
    for pragma in options.pragmas { try execute(pragma) }
  }

  deinit { sqlite3_close_v2(handle) }

  /// The statement, compiled once and kept.
  package func prepare(_ sql: String) throws(SQLiteError) -> Statement {
    if let known = cache[sql] {
      return known.isRunning ? try Statement(sql, connection: handle, isPersistent: false) : known
    }
    if cache.count >= Limits.cachedStatements { cache.removeAll() }
    let statement = try Statement(sql, connection: handle, isPersistent: true)
    cache[sql] = statement
    return statement
  }

  /// Runs one statement to its end.
  package func execute(_ sql: String, _ arguments: [Argument] = []) throws(SQLiteError) {
    try prepare(sql).run(arguments)
  }

  /// Runs several statements without arguments, separated by semicolons, which are not kept.
  package func executeScript(_ sql: String) throws(SQLiteError) {
    guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw SQLiteError(handle, sql: sql) }
  }

  /// All rows, each made into a value.
  package func query<R>(
    _ sql: String, _ arguments: [Argument] = [], _ body: (borrowing Row) throws(SQLiteError) -> R
  ) throws(SQLiteError) -> [R] {
    var results: [R] = []
    try prepare(sql).forEach(arguments) { (row) throws(SQLiteError) in results.append(try body(row)) }
    return results
  }

  /// The first row, nil where there is none.
  package func first<R>(
    _ sql: String, _ arguments: [Argument] = [], _ body: (borrowing Row) throws(SQLiteError) -> R
  ) throws(SQLiteError) -> R? {
    try prepare(sql).first(arguments, body)
  }

  /// Rows changed by the last INSERT, UPDATE or DELETE.
  package var changes: Int { Int(sqlite3_changes(handle)) }
  package var lastInsertedRow: Int64 { sqlite3_last_insert_rowid(handle) }
  /// True between `begin` and `commit` or `rollback`.
  package var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }
  /// Makes the running statement of another thread fail soon.
  package func interrupt() { sqlite3_interrupt(handle) }
}

extension Connection {
  /// Makes the file ourselves, so that it never has another mode than 0600; its journals inherit the mode.
  private static func prepare(_ location: Location, _ options: Options) throws(SQLiteError) -> String {
    guard case .file(let path) = location else { return ":memory:" }
    guard !options.isReadOnly else { return options.isImmutable ? immutableName(path) : path }
    // O_EXCL: opening and closing a file that another connection of this process has open would drop its
    // locks.
    let descriptor = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
    if descriptor >= 0 {
      close(descriptor)
    } else if errno == EEXIST {
      // A file of another owner keeps its mode; opening it decides.
      chmod(path, 0o600)
    } else {
      throw SQLiteError(
        reason: .cannotOpen, code: SQLITE_CANTOPEN, extendedCode: SQLITE_CANTOPEN,
        message: "cannot create \(path): \(String(cString: strerror(errno)))")
    }
    return path
  }

  /// A name in the form of <https://www.sqlite.org/uri.html>, with every byte that means something there
  /// escaped.
  private static func immutableName(_ path: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var name = Array("file:".utf8)
    for byte in path.utf8 {
      if byte == 0x25 || byte == 0x3F || byte == 0x23 || byte <= 0x20 || byte >= 0x7F {
        name += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      } else {
        name.append(byte)
      }
    }
    return String(decoding: name, as: UTF8.self) + "?immutable=1"
  }
}

/// Bounds of this room.
enum Limits {
  /// Statements kept compiled by one connection; beyond it the cache starts anew.
  static let cachedStatements = 128
}
