import Platform

/// A connection on a thread of its own, so that waiting for the disk never holds up the cooperative pool.
///
///     let database = try await Database.open(.file(path))
///     let names = try await database.perform { connection throws(SQLiteError) in
///       try connection.query("SELECT name FROM objects") { row in row.text(0) }
///     }
package actor Database {
  private let executor: ThreadExecutor
  private var connection: Connection?

  package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  private init() { executor = ThreadExecutor("plumb-sqlite") }

  package static func open(
    _ location: Connection.Location, _ options: Connection.Options = .init(), migrations: [String] = []
  ) async throws(SQLiteError) -> Database {
    let database = Database()
    try await database.connect(location, options, migrations)
    return database
  }

  private func connect(
    _ location: Connection.Location, _ options: Connection.Options, _ migrations: [String]
  ) throws(SQLiteError) {
    let opened = try Connection(location, options)
    try opened.migrate(migrations)
    connection = opened
  }

  /// Runs `body` on the database's thread. A transaction begins and ends within one call.
  package func perform<R: Sendable, Failure: SQLiteFailure>(
    failingWith failure: Failure.Type, _ body: @Sendable (Connection) throws(Failure) -> R
  ) throws(Failure) -> R {
    guard let connection else { throw Failure(sqlite: Self.closed) }
    return try body(connection)
  }

  /// Runs `body` on the database's thread. A transaction begins and ends within one call.
  package func perform<R: Sendable>(
    _ body: @Sendable (Connection) throws(SQLiteError) -> R
  ) throws(SQLiteError) -> R {
    try perform(failingWith: SQLiteError.self, body)
  }

  /// Closes the file; later calls fail. Without it the file closes with the last reference.
  package func close() { connection = nil }

  private static let closed = SQLiteError(
    reason: .cannotOpen, code: 21, extendedCode: 21, message: "the database is closed")
}
