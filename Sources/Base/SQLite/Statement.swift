internal import CSQLite

/// A prepared statement. It belongs to its connection's thread of use, as the connection does.
///
///     let statement = try connection.prepare("SELECT id FROM objects WHERE type = ?")
///     try statement.forEach([.text("aws/Vpc")]) { row in print(row.text(0)) }
package final class Statement {
  package let sql: String
  private let handle: OpaquePointer
  private let connection: OpaquePointer
  /// True from the first step to the reset: a cached statement in use is not handed out again.
  private(set) var isRunning = false

  init(_ sql: String, connection: OpaquePointer, isPersistent: Bool) throws(SQLiteError) {
    var text = sql
    var prepared: OpaquePointer?
    var hasTail = false
    let status = text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { characters in
        var tail: UnsafePointer<CChar>?
        let flags = isPersistent ? UInt32(SQLITE_PREPARE_PERSISTENT) : 0
        let status = sqlite3_prepare_v3(
          connection, characters.baseAddress, Int32(characters.count), flags, &prepared, &tail)
        if let tail, let start = characters.baseAddress { hasTail = tail < start + characters.count }
        return status
      }
    }
    guard status == SQLITE_OK else { throw SQLiteError(connection, sql: sql) }
    guard let prepared, !hasTail else {
      sqlite3_finalize(prepared)
      throw SQLiteError(reason: .other, message: "one statement was expected", sql: sql)
    }
    self.sql = sql
    self.handle = prepared
    self.connection = connection
  }

  // A connection closed before its statements stays a zombie until the last is finalised (sqlite3_close_v2).
  deinit { sqlite3_finalize(handle) }

  /// Runs to the end, ignoring rows.
  package func run(_ arguments: [Argument] = []) throws(SQLiteError) {
    try bind(arguments)
    defer { reset() }
    while try step() {}
  }

  /// Calls `body` for every row. The row is valid during the call only.
  package func forEach<Failure: SQLiteFailure>(
    _ arguments: [Argument] = [], failingWith failure: Failure.Type,
    _ body: (borrowing Row) throws(Failure) -> Void
  ) throws(Failure) {
    defer { reset() }
    do throws(SQLiteError) { try bind(arguments) } catch { throw Failure(sqlite: error) }
    while true {
      let hasRow: Bool
      do throws(SQLiteError) { hasRow = try step() } catch { throw Failure(sqlite: error) }
      guard hasRow else { return }
      try body(Row(handle))
    }
  }

  package func forEach(
    _ arguments: [Argument] = [], _ body: (borrowing Row) throws(SQLiteError) -> Void
  ) throws(SQLiteError) {
    try forEach(arguments, failingWith: SQLiteError.self, body)
  }

  /// The first row, nil where there is none.
  package func first<R>(
    _ arguments: [Argument] = [], _ body: (borrowing Row) throws(SQLiteError) -> R
  ) throws(SQLiteError) -> R? {
    defer { reset() }
    try bind(arguments)
    return try step() ? body(Row(handle)) : nil
  }

  private func step() throws(SQLiteError) -> Bool {
    isRunning = true
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default: throw SQLiteError(connection, sql: sql)
    }
  }

  private func reset() {
    // The status repeats the error that `step` has thrown already.
    sqlite3_reset(handle)
    sqlite3_clear_bindings(handle)
    isRunning = false
  }
}

extension Statement {
  private func bind(_ arguments: [Argument]) throws(SQLiteError) {
    let wanted = Int(sqlite3_bind_parameter_count(handle))
    guard wanted == arguments.count else {
      throw SQLiteError(
        reason: .other, code: SQLITE_RANGE, extendedCode: SQLITE_RANGE,
        message: "\(wanted) arguments were expected, \(arguments.count) given", sql: sql)
    }
    for (index, argument) in arguments.enumerated() {
      guard bind(argument, at: Int32(index + 1)) == SQLITE_OK else { throw SQLiteError(connection, sql: sql) }
    }
  }

  private func bind(_ argument: Argument, at position: Int32) -> Int32 {
    switch argument {
    case .null: return sqlite3_bind_null(handle, position)
    case .int(let value): return sqlite3_bind_int64(handle, position, value)
    case .double(let value): return sqlite3_bind_double(handle, position, value)
    case .text(var text):
      return text.withUTF8 { bytes in
        // A nil pointer would bind NULL; any pointer will do for no bytes.
        let start = bytes.baseAddress.map { UnsafeRawPointer($0) } ?? UnsafeRawPointer(handle)
        return sqlite3_bind_text64(
          handle, position, start.assumingMemoryBound(to: CChar.self), UInt64(bytes.count),
          plumb_sqlite_transient(),
          UInt8(SQLITE_UTF8))
      }
    case .bytes(let bytes):
      guard !bytes.isEmpty else { return sqlite3_bind_zeroblob(handle, position, 0) }
      return bytes.withUnsafeBytes {
        sqlite3_bind_blob64(handle, position, $0.baseAddress, UInt64($0.count), plumb_sqlite_transient())
      }
    }
  }
}
