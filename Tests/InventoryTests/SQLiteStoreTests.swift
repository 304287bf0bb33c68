import Glibc
import Inventory
import Platform
import Resources
import SQLite
import TestSupport
import Testing
import Values

@Suite struct SQLiteStoreTests {
  let folder = TemporaryDirectory()
  let scope = ScopeID(estate: "est-1")
  var path: String { folder.file(".plumb/est-1.db") }
  var store: SQLiteStore { SQLiteStore(folder: folder.file(".plumb"), scope: scope) }

  private func fill(_ count: Int) async throws {
    let store = store
    let lease = try await store.lock(StoreBattery.holder("ana", run: "r1"), timeout: .zero)
    let records = (0..<count).map { number in
      StoreBattery.record(
        "net-\(number)",
        owned: [
          "cidrBlock": .string("10.0.\(number % 256).0/24"), "enableDnsSupport": true,
          "tags": ["Name": .string("net-\(number)"), "team": "platform", "cost": "a-longer-text-so-that-it-counts"],
        ])
    }
    try await store.commit(
      Batch(events: [.began(PlanID("p1"), command: "apply"), .ended(.complete)], changes: records.map { .put($0) }),
      lease)
    try await store.unlock(lease)
  }

  @Test("a load creates nothing, not even a folder")
  func loadCreatesNothing() async throws {
    _ = try await store.load()
    #expect(!LocalFiles().exists(folder.file(".plumb")))
    try await fill(3)
    let before = try LocalFiles().list(folder.file(".plumb"))
    _ = try await store.load()
    #expect(try LocalFiles().list(folder.file(".plumb")) == before)
    #expect(before == ["est-1.db", "est-1.lock"])
  }

  @Test("inventory files are for their owner alone")
  func permissions() async throws {
    try await fill(1)
    for name in try LocalFiles().list(folder.file(".plumb")) {
      #expect(try LocalFiles().status(folder.file(".plumb/\(name)"))?.mode == 0o600)
    }
    #expect(try LocalFiles().status(folder.file(".plumb"))?.mode == 0o700)
  }

  @Test("a file cut short at any byte of its last page or its first is damaged, never empty")
  func truncation() async throws {
    try await fill(40)
    let whole = try LocalFiles().read(path)
    let page = 4_096
    #expect(whole.count > 2 * page && whole.count % page == 0)
    let ends =
      Array(stride(from: whole.count - page, to: whole.count, by: 61)) + Array(stride(from: 0, to: page, by: 97)) + [
        whole.count - 1, whole.count - page + 1, page, 1, 99, 100,
      ]
    for end in ends {
      try LocalFiles().write(Array(whole.prefix(end)), to: path, mode: 0o600, durability: .fast)
      await #expect("cut at \(end)") { try await store.load() } throws: { ($0 as? StoreError)?.reason == .corrupt }
      await #expect("locked when cut at \(end)") {
        _ = try await store.lock(StoreBattery.holder("ana", run: "r2"), timeout: .zero)
      } throws: { ($0 as? StoreError)?.reason == .corrupt }
    }
    try LocalFiles().write(whole, to: path, mode: 0o600, durability: .fast)
    #expect(try await store.load().records.count == 40)
  }

  @Test("a file of something else is damaged, and one of another scope is refused")
  func foreignFiles() async throws {
    try await fill(1)
    let bytes = try LocalFiles().read(path)
    try LocalFiles().write(bytes, to: folder.file(".plumb/est-2.db"), mode: 0o600, durability: .fast)
    let other = SQLiteStore(folder: folder.file(".plumb"), scope: ScopeID(estate: "est-2"))
    await #expect { try await other.load() } throws: {
      ($0 as? StoreError)?.message.contains("inventory of `est-1`") == true
    }
    try LocalFiles().write(Array("{\"records\": []}".utf8), to: path, mode: 0o600, durability: .fast)
    await #expect { try await store.load() } throws: { ($0 as? StoreError)?.reason == .corrupt }
  }

  @Test("a file of a newer format is named as such")
  func newerFormat() async throws {
    try await fill(1)
    var bytes = try LocalFiles().read(path)
    bytes[63] = 9  // The last byte of user_version.
    try LocalFiles().write(bytes, to: path, mode: 0o600, durability: .fast)
    await #expect { try await store.load() } throws: { ($0 as? StoreError)?.reason == .newerVersion }
  }

  @Test("a read-only folder can be read and not be locked, and says so")
  func readOnlyFolder() async throws {
    try await fill(2)
    let files = try LocalFiles().list(folder.file(".plumb"))
    let closed = SQLiteStore(folder: folder.file(".plumb"), scope: scope, files: ReadOnlyFiles())
    #expect(try await closed.load().records.count == 2)
    #expect(try await closed.history(of: Address("aws.Vpc/net-0")).isEmpty)
    await #expect { _ = try await closed.lock(StoreBattery.holder("ana", run: "r2"), timeout: .zero) } throws: {
      ($0 as? StoreError)?.reason == .unwritable && "\($0)".contains("Read-only file system")
    }
    #expect(try LocalFiles().list(folder.file(".plumb")) == files)
    #expect(try await store.load().records.count == 2)
  }

  @Test("a holder that is gone holds nobody up, and is not told as holder")
  func deadHolder() async throws {
    do {
      let dying = store
      _ = try await dying.lock(StoreBattery.holder("ana", run: "r1"), timeout: .zero)
    }
    // The store went with its lock and its database, without an unlock, as a killed process does.
    let other = store
    let lease = try await other.lock(StoreBattery.holder("bob", run: "r2"), timeout: .seconds(5))
    #expect(lease.fence == Fence(2))
    #expect(try await store.lockHolder()?.name == "bob")
    try await other.unlock(lease)
  }

  @Test("who does not finish a write is named to whoever would break its lock, which is broken when nobody writes")
  func stuckWriter() async throws {
    let stuck = store
    let lease = try await stuck.lock(StoreBattery.holder("ana", run: "r1"), timeout: .zero)
    let other = SQLiteStore(folder: folder.file(".plumb"), scope: scope, patience: .milliseconds(1))
    do {
      let write = try Connection(.file(path))
      try write.begin()
      await #expect { try await other.breakLock(reason: "r", by: StoreBattery.holder("bob", run: "r2")) } throws: {
        guard case .writing(let holder) = ($0 as? StoreError)?.reason else { return false }
        return holder?.name == "ana"
      }
      try write.rollback()
    }
    try await other.breakLock(reason: "r", by: StoreBattery.holder("bob", run: "r2"))
    let next = try await other.lock(StoreBattery.holder("bob", run: "r3"), timeout: .zero)
    await #expect { try await stuck.renew(lease) } throws: { ($0 as? StoreError)?.reason == .fenced }
    try await other.unlock(next)
  }

  @Test("what was committed can be read while the lock is held, and after its holder is gone")
  func concurrentRead() async throws {
    let writer = store
    let lease = try await writer.lock(StoreBattery.holder("ana", run: "r1"), timeout: .zero)
    try await writer.commit(
      Batch(
        events: [.began(PlanID("p1"), command: "apply"), .intent(StoreBattery.intent("o1", "a"))],
        changes: [.put(StoreBattery.record("a"))]), lease)
    let snapshot = try await store.load()
    #expect(snapshot.records.count == 1 && snapshot.openIntents.count == 1)
    #expect(snapshot.plans == [PlanID("p1"): nil])
    try await writer.unlock(lease)
    #expect(try await store.load().openIntents.count == 1)
  }

  @Test("10,000 records in one commit are read back in the order of their addresses")
  func many() async throws {
    try await fill(10_000)
    let snapshot = try await store.load()
    #expect(snapshot.records.count == 10_000 && snapshot.serial == 1)
    #expect(zip(snapshot.records, snapshot.records.dropFirst()).allSatisfy { $0.key < $1.key })
    #expect(snapshot.records.last?.owned["tags"]?["team"] == "platform")
  }
}

/// The machine's files on a disk that is mounted read-only, which holds for root as well.
private struct ReadOnlyFiles: FileSystem {
  private var local: LocalFiles { LocalFiles() }
  private func refuse(_ operation: FileError.Operation, _ path: String) -> FileError {
    FileError(operation, path, code: EROFS)
  }

  func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] { try local.read(path, limit: limit) }
  func list(_ path: String) throws(FileError) -> [String] { try local.list(path) }
  func status(_ path: String, _ links: LinkPolicy) throws(FileError) -> FileStatus? { try local.status(path, links) }
  func resolve(_ path: String) throws(FileError) -> String { try local.resolve(path) }
  func write(_ bytes: [UInt8], to path: String, mode: UInt32?, durability: Durability) throws(FileError) {
    throw refuse(.write, path)
  }
  func append(_ bytes: [UInt8], to path: String, mode: UInt32?, durability: Durability) throws(FileError) {
    throw refuse(.append, path)
  }
  func remove(_ path: String) throws(FileError) { throw refuse(.remove, path) }
  func makeDirectory(_ path: String, mode: UInt32) throws(FileError) {
    if try local.status(path, .follow) == nil { throw refuse(.makeDirectory, path) }
  }
  func lock(_ path: String) throws(FileError) -> (any FileLock)? { throw refuse(.lock, path) }
}
