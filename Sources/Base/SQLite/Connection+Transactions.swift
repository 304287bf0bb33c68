extension Connection {
  package enum TransactionMode: String, Sendable {
    /// Takes the write lock at once, so that a transaction never fails in its middle for want of it.
    case immediate = "BEGIN IMMEDIATE"
    /// A consistent view for reads.
    case deferred = "BEGIN DEFERRED"
  }

  package func begin(_ mode: TransactionMode = .immediate) throws(SQLiteError) { try execute(mode.rawValue) }
  package func commit() throws(SQLiteError) { try execute("COMMIT") }
  /// Ends the transaction without its effects; nothing happens where SQLite has rolled back already.
  package func rollback() throws(SQLiteError) {
    if isInTransaction { try execute("ROLLBACK") }
  }

  /// Runs `body` whole or not at all. Transactions do not nest.
  @discardableResult
  package func transaction<R, Failure: SQLiteFailure>(
    _ mode: TransactionMode = .immediate, failingWith failure: Failure.Type, _ body: () throws(Failure) -> R
  ) throws(Failure) -> R {
    do throws(SQLiteError) { try begin(mode) } catch { throw Failure(sqlite: error) }
    let result: R
    do throws(Failure) {
      result = try body()
    } catch {
      // The first error is the one to report; a failed rollback happens when the connection closes.
      try? rollback()
      throw error
    }
    do throws(SQLiteError) { try commit() } catch {
      try? rollback()  // As above.
      throw Failure(sqlite: error)
    }
    return result
  }

  /// Runs `body` whole or not at all. Transactions do not nest.
  @discardableResult
  package func transaction<R>(
    _ mode: TransactionMode = .immediate, _ body: () throws(SQLiteError) -> R
  ) throws(SQLiteError) -> R {
    try transaction(mode, failingWith: SQLiteError.self, body)
  }
}
