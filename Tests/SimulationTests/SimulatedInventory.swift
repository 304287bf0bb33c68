import Inventory
import Platform
import Resources
import S3Inventory
import Synchronization

/// The inventory of a simulated world. Every process opens it for itself, and it outlives them all.
final class SimulatedInventory: Sendable {
  enum Place: String, Sendable, CaseIterable {
    case memory
    /// SQLite on a disk that forgets what was not flushed.
    case disk
    /// A log in a bucket.
    case bucket
  }

  let place: Place
  /// Of the place `bucket`.
  let objects: SimulatedObjects
  private let memory: InMemoryStore
  private let time: SimulationTime
  private let disk: Mutex<SimulatedDisk?>
  private let scope = Mutex(ScopeID(estate: "est-mixed"))

  init(_ place: Place, time: SimulationTime) {
    self.place = place
    self.time = time
    memory = InMemoryStore(time: time)
    objects = SimulatedObjects(time: time)
    disk = Mutex(place == .disk ? SimulatedDisk() : nil)
  }

  /// The disk as it is now; nil in other places.
  var currentDisk: SimulatedDisk? { disk.withLock { $0 } }

  /// A handle of its own, as each process has.
  func open(_ scope: ScopeID? = nil, clock: (any TimeSource)? = nil) -> any InventoryStore {
    let time: any TimeSource = clock ?? time
    let scope = self.scope.withLock { known in
      known = scope ?? known
      return known
    }
    switch place {
    case .memory: return memory
    case .disk:
      let disk = currentDisk ?? SimulatedDisk()
      return SQLiteStore(folder: disk.folder, scope: scope, files: disk.files, time: time)
    case .bucket:
      let settings = S3StoreSettings(segmentsPerSnapshot: 8, entriesPerArchive: 16, retention: .seconds(300))
      return S3Store(objects: objects, scope: scope, settings: settings, time: time)
    }
  }

  /// What it holds, past every fault that a process meets.
  func load() async throws(StoreError) -> InventorySnapshot {
    guard place == .bucket else { return try await open().load() }
    let scope = scope.withLock { $0 }
    return try await S3Store(objects: CalmObjects(objects: objects), scope: scope, time: time).load()
  }

  /// All entries in memory; empty in other places, which verify themselves.
  var journal: [JournalEntry] { memory.journal }

  /// Reads everything there is, and folds the whole journal from its first entry.
  func verify() async throws(StoreError) {
    switch place {
    case .memory:
      var fold = JournalFold()
      for entry in journal {
        do throws(JournalFold.Problem) { try fold.apply(entry) } catch {
          throw StoreError(.corrupt, error.description)
        }
      }
    case .disk: try await (open() as? SQLiteStore)?.verify()
    case .bucket: try await (open() as? S3Store)?.verify()
    }
  }

  /// What is left of the disk after the power failed (a seed), or after the process was killed (nil).
  func crash(powerFailure seed: UInt64?) {
    disk.withLock { disk in
      guard let old = disk else { return }
      disk = old.crash(powerFailure: seed)
    }
  }
}

/// A bucket as it is, for looking at.
private struct CalmObjects: ObjectStore {
  let objects: SimulatedObjects

  func get(_ key: String) async throws(StoreError) -> StoredObject? {
    objects.bytes(key).map { StoredObject(bytes: $0, etag: "") }
  }

  func list(_ prefix: String, after: String) async throws(StoreError) -> ObjectListing {
    let keys = objects.keys.filter { $0.hasPrefix(prefix) && $0 > after }
    return ObjectListing(items: keys.map { ObjectListing.Item(key: $0, modified: nil) })
  }

  func put(_ key: String, _ bytes: [UInt8], _ condition: PutCondition) async throws(StoreError) -> PutOutcome {
    preconditionFailure("whoever looks writes nothing")
  }

  func delete(_ keys: [String]) async throws(StoreError) { preconditionFailure("whoever looks writes nothing") }
}
