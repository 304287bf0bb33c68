internal import CSQLite
import Glibc

/// Why SQLite refused. Holds the statement with its placeholders, never the values bound to them.
package struct SQLiteError: Error, Sendable, Equatable {
  /// What a caller can decide on.
  package enum Reason: Sendable, Equatable {
    /// Another connection holds the lock, longer than the busy timeout.
    case busy
    /// A UNIQUE or PRIMARY KEY constraint.
    case unique
    /// Another constraint: NOT NULL, CHECK, FOREIGN KEY.
    case constraint
    /// The disk is full.
    case full
    case readOnly
    /// The file is damaged, or is no database.
    case corrupt
    /// The file cannot be opened: a missing folder, no permission.
    case cannotOpen
    /// Reading or writing the file failed.
    case inputOutput
    /// A later version of the program has migrated the file.
    case newerSchema
    case other
  }

  package var reason: Reason
  /// The primary result code of <https://www.sqlite.org/rescode.html>.
  package var code: Int32
  package var extendedCode: Int32
  /// SQLite's own words; they name tables and columns, not values.
  package var message: String
  /// The statement with placeholders; empty outside statements.
  package var sql: String

  package init(reason: Reason, code: Int32 = 1, extendedCode: Int32 = 1, message: String, sql: String = "") {
    self.reason = reason
    self.code = code
    self.extendedCode = extendedCode
    self.message = message
    self.sql = sql
  }

  /// The connection's last error.
  init(_ handle: OpaquePointer?, sql: String = "") {
    let extended = handle.map { sqlite3_extended_errcode($0) } ?? SQLITE_NOMEM
    let message = handle.flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) } ?? "out of memory"
    self.init(
      reason: Self.reason(extended), code: extended & 0xFF, extendedCode: extended, message: message, sql: sql)
    let system = handle.map { sqlite3_system_errno($0) } ?? 0
    if reason == .inputOutput, system == ENOSPC || system == EDQUOT {
      // SQLite says so of a file that it writes to, and calls it an I/O error for its log and shared memory.
      reason = .full
      self.message = "database or disk is full"
    }
  }

  private static func reason(_ extended: Int32) -> Reason {
    switch extended {
    // SQLITE_CONSTRAINT_PRIMARYKEY, _UNIQUE and _ROWID: 19 with 6, 8 and 10 in the second byte.
    case 19 | 6 << 8, 19 | 8 << 8, 19 | 10 << 8: return .unique
    default: break
    }
    switch extended & 0xFF {
    case SQLITE_BUSY, SQLITE_LOCKED: return .busy
    case SQLITE_CONSTRAINT: return .constraint
    case SQLITE_FULL: return .full
    case SQLITE_READONLY: return .readOnly
    case SQLITE_CORRUPT, SQLITE_NOTADB: return .corrupt
    case SQLITE_CANTOPEN, SQLITE_PERM: return .cannotOpen
    case SQLITE_IOERR: return .inputOutput
    default: return .other
    }
  }
}

extension SQLiteError: CustomStringConvertible {
  package var description: String {
    "SQLite error \(extendedCode): \(message)" + (sql.isEmpty ? "" : " in `\(sql)`")
  }
}

/// An error of a caller that can carry SQLite's, so that one typed error leaves a transaction.
package protocol SQLiteFailure: Error {
  init(sqlite: SQLiteError)
}

extension SQLiteError: SQLiteFailure {
  package init(sqlite: SQLiteError) { self = sqlite }
}
