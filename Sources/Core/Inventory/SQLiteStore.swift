import Platform
import Resources
import SQLite
import Synchronization

/// The embedded store: one SQLite file in the estate's `.plumb`, and a lock of the operating system that dies
/// with its process.
///
/// The holder's row in the file is information only. A commit needs the newest fence, so that a run whose
/// lock was broken
/// writes nothing more.
package actor SQLiteStore: InventoryStore {
  /// What the holder of the lock works with. The fold is touched on the database's thread only.
  private final class Held: Sendable {
    let database: Database
    let lock: any FileLock
    let fence: Fence
    let fold: Mutex<JournalFold>

    init(_ database: Database, _ lock: any FileLock, _ fence: Fence, _ fold: JournalFold) {
      self.database = database
      self.lock = lock
      self.fence = fence
      self.fold = Mutex(fold)
    }
  }

  private let file: SQLiteFile
  private let time: any TimeSource
  private let options: Connection.Options
  private var held: Held?

  /// - Parameters:
  ///   - folder: the estate's `.plumb`; it need not exist.
  ///   - patience: how long another process's write is waited for.
  package init(
    folder: String, scope: ScopeID, files: any FileSystem = LocalFiles(), time: any TimeSource = SystemTime(),
    patience: Duration = .seconds(10)
  ) {
    file = SQLiteFile(folder: folder, scope: scope, files: files)
    self.time = time
    options = Connection.Options(synchronous: .full, busyTimeout: patience)
  }

  package func load() async throws(StoreError) -> InventorySnapshot {
    try await offPool { [file] () throws(StoreError) in
      guard try file.exists() else { return InventorySnapshot() }
      return try file.read { (connection) throws(StoreError) in try SQLiteReads.snapshot(connection, scope: file.scope)
      }
    }
  }

  package func lock(_ holder: LockHolder, timeout: Duration) async throws(StoreError) -> Lease {
    var wait = LockWait(time, timeout)
    while true {
      let attempt = try await offPool { [file] () throws(StoreError) in try Self.attempt(file) }
      if let attempt, let lease = try await take(attempt, holder) { return lease }
      guard await wait.again() else { throw StoreError.locked(by: try await currentMeta()?.holder) }
    }
  }

  /// The system's lock, and which generation of it.
  private static func attempt(_ file: SQLiteFile) throws(StoreError) -> (lock: any FileLock, generation: Int64)? {
    do throws(FileError) {
      try file.files.makeDirectory(file.folder, mode: 0o700)
    } catch {
      throw StoreError(.unwritable, error.description)
    }
    var generation: Int64 = 0
    if try file.exists() {
      generation = try file.read { (connection) throws(StoreError) in
        try SQLiteReads.meta(connection, scope: file.scope).lockGeneration
      }
    }
    let lock: (any FileLock)?
    do throws(FileError) {
      lock = try file.files.lock(file.lockPath(generation: generation))
    } catch {
      throw StoreError(.unwritable, error.description)
    }
    guard let lock else { return nil }
    if try !file.exists() { try file.make() }
    return (lock, generation)
  }

  private func take(_ attempt: (lock: any FileLock, generation: Int64), _ holder: LockHolder) async throws(StoreError)
    -> Lease?
  {
    let scope = file.scope
    let database = try await open()
    let taken: (UInt64, JournalFold)? = try await write(database) { (connection) throws(StoreError) in
      try connection.transaction(failingWith: StoreError.self) { () throws(StoreError) in
        let meta = try SQLiteReads.meta(connection, scope: scope)
        // The lock was broken between our read and now: its file is not the lock any more.
        guard meta.lockGeneration == attempt.generation else { return nil }
        let fold = try SQLiteReads.fold(connection, meta)
        let arguments: [Argument] = [
          .int(Int64(clamping: meta.fence + 1)), .text(holder.name), .int(Int64(holder.process)), .text(holder.command),
          .int(holder.since.nanoseconds), .text(holder.run.text),
        ]
        do throws(SQLiteError) {
          try connection.execute(SQLiteSchema.takeLock, arguments)
        } catch {
          throw StoreError(sqlite: error)
        }
        return (meta.fence + 1, fold)
      }
    }
    guard let (fence, fold) = taken else {
      await database.close()
      attempt.lock.release()
      return nil
    }
    held = Held(database, attempt.lock, Fence(fence), fold)
    return Lease(fence: Fence(fence), holder: holder)
  }

  private func open() async throws(StoreError) -> Database {
    do throws(SQLiteError) {
      return try await Database.open(.file(file.path), options, migrations: SQLiteSchema.migrations)
    } catch {
      throw await named(StoreError(sqlite: error))
    }
  }

  /// Closes the database where it fails: it is not anybody's yet.
  private func write<R: Sendable>(
    _ database: Database, _ body: @escaping @Sendable (Connection) throws(StoreError) -> R
  ) async throws(StoreError) -> R {
    do throws(StoreError) {
      return try await database.perform(failingWith: StoreError.self, body)
    } catch {
      await database.close()
      throw await named(error)
    }
  }

  /// Says who it is that does not finish a write. Readers do not wait for a writer, as a rule.
  private func named(_ error: StoreError) async -> StoreError {
    guard error.reason == .writing(nil) else { return error }
    do throws(StoreError) {
      return StoreError(.writing(try await currentMeta()?.holder), error.message)
    } catch {
      return error
    }
  }

  package func renew(_ lease: Lease) async throws(StoreError) {
    guard let held, held.fence == lease.fence else { throw StoreError.lost }
    let scope = file.scope
    let fence = try await held.database.perform(failingWith: StoreError.self) { (connection) throws(StoreError) in
      try SQLiteReads.meta(connection, scope: scope).fence
    }
    guard fence == lease.fence.number else { throw StoreError.lost }
  }

  package func unlock(_ lease: Lease) async throws(StoreError) {
    guard let held, held.fence == lease.fence else { return }
    self.held = nil
    defer { held.lock.release() }
    do throws(SQLiteError) {
      try await held.database.perform { (connection) throws(SQLiteError) in
        try connection.execute(SQLiteSchema.clearHolder, [.int(Int64(clamping: lease.fence.number))])
      }
    } catch {
      await held.database.close()
      throw StoreError(sqlite: error)
    }
    // Closing the last connection moves the log into the file and removes it.
    await held.database.close()
  }

  package func lockHolder() async throws(StoreError) -> LockHolder? {
    guard let meta = try await currentMeta() else { return nil }
    let path = file.lockPath(generation: meta.lockGeneration)
    do throws(FileError) {
      // A lock that can be taken is nobody's, whatever the row says: its holder has died.
      guard try file.files.status(path) != nil, try file.files.lock(path) == nil else { return nil }
    } catch {
      throw StoreError(.unreadable, error.description)
    }
    return meta.holder
  }

  private func currentMeta() async throws(StoreError) -> SQLiteMeta? {
    try await offPool { [file] () throws(StoreError) in
      guard try file.exists() else { return nil }
      return try file.read { (connection) throws(StoreError) in try SQLiteReads.meta(connection, scope: file.scope) }
    }
  }

  package func breakLock(reason: String, by holder: LockHolder) async throws(StoreError) {
    guard try file.exists() else { return }
    let scope = file.scope
    let now = time.now
    let database = try await open()
    try await write(database) { (connection) throws(StoreError) in
      try connection.transaction(failingWith: StoreError.self) { () throws(StoreError) in
        let meta = try SQLiteReads.meta(connection, scope: scope)
        var fold = try SQLiteReads.fold(connection, meta)
        let fence = Fence(meta.fence + 1)
        let writer = SQLiteWriter(connection: connection, run: holder.run, fence: fence, now: now)
        do throws(SQLiteError) { try connection.execute(SQLiteSchema.breakLock) } catch {
          throw StoreError(sqlite: error)
        }
        try writer.write(Batch(events: [.lockBroken(reason: reason, by: holder.name)]), &fold)
      }
    }
    await database.close()
  }

  package func commit(_ batch: Batch, _ lease: Lease) async throws(StoreError) {
    guard let held, held.fence == lease.fence else { throw StoreError.lost }
    let now = time.now
    let scope = file.scope
    try await held.database.perform(failingWith: StoreError.self) { (connection) throws(StoreError) in
      var fold = held.fold.withLock { $0 }
      try connection.transaction(failingWith: StoreError.self) { () throws(StoreError) in
        let meta = try SQLiteReads.meta(connection, scope: scope)
        guard meta.fence == lease.fence.number else { throw StoreError.lost }
        let writer = SQLiteWriter(connection: connection, run: lease.holder.run, fence: lease.fence, now: now)
        try writer.write(batch, &fold)
      }
      held.fold.withLock { $0 = fold }
    }
  }

  package func history(of address: Address) async throws(StoreError) -> [JournalEntry] {
    JournalQuery.history(of: address, in: try await entries())
  }

  package func stepsDone(of plan: PlanID) async throws(StoreError) -> [Int] {
    JournalQuery.stepsDone(of: plan, in: try await entries())
  }

  private func entries() async throws(StoreError) -> [JournalEntry] {
    try await offPool { [file] () throws(StoreError) in
      guard try file.exists() else { return [] }
      return try file.read { (connection) throws(StoreError) in try SQLiteReads.entries(connection, from: 1) }
    }
  }

  /// Reads everything: the file's own structure, every record, and the journal from its first entry.
  package func verify() async throws(StoreError) {
    try await offPool { [file] () throws(StoreError) in
      guard try file.exists() else { return }
      try file.read { (connection) throws(StoreError) in
        do throws(SQLiteError) {
          let problems = try connection.integrityProblems()
          if let first = problems.first { throw SQLiteError(reason: .corrupt, message: first) }
        } catch {
          throw StoreError(sqlite: error)
        }
        _ = try SQLiteReads.records(connection)
        _ = try SQLiteReads.fold(connection, try SQLiteReads.meta(connection, scope: file.scope), from: 1)
      }
    }
  }
}
