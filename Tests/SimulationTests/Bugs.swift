import Inventory
import Planning
import ProviderKit
import Resources
import Synchronization
import Values

/// A provider with a planted bug: every call can be bent.
struct BentProvider: Provider {
  let inner: any Provider
  var bend = Bend()

  struct Bend: Sendable {
    /// Creates write somebody else's marker.
    var forgetsMarker = false
    /// Searches find nothing.
    var isBlind = false
    /// Updates are answered and not made.
    var losesUpdates = false
    /// Every delete is sent again for the object deleted before.
    var repeatsDeletes = false
    /// Lists delete what they come across.
    var writesWhileReading = false
    /// Reads that fail answer that there is nothing.
    var hidesReadFaults = false
    /// Markers are read without their protection.
    var hidesProtection = false
  }

  var name: String { inner.name }
  var catalog: TypeCatalog { inner.catalog }
  func check(_ target: Target) -> [TargetProblem] { inner.check(target) }
  func identify(_ target: Target) async throws(ProviderError) -> TargetIdentity { try await inner.identify(target) }

  func reader(_ target: Target) async throws(ProviderError) -> any ResourceReader {
    BentReader(
      inner: try await inner.reader(target), writer: try await inner.writer(target, fence: Fence(0)), bend: bend)
  }

  func writer(_ target: Target, fence: Fence) async throws(ProviderError) -> any ResourceWriter {
    BentWriter(inner: try await inner.writer(target, fence: fence), bend: bend)
  }
}

private struct BentReader: ResourceReader {
  let inner: any ResourceReader
  let writer: any ResourceWriter
  let bend: BentProvider.Bend

  func list(_ type: TypeName, _ filter: ListFilter, after: PageToken?) async throws(ProviderError) -> ObservedPage {
    var page: ObservedPage
    do throws(ProviderError) { page = try await inner.list(type, filter, after: after) } catch {
      guard bend.hidesReadFaults else { throw error }
      return ObservedPage(items: [], next: nil)
    }
    if bend.hidesProtection {
      for index in page.items.indices { page.items[index].marker?.isProtected = false }
    }
    if bend.writesWhileReading, let object = page.items.first {
      try await writer.delete(object, OperationToken("sly"), .ignore)
    }
    return page
  }

  func read(_ type: TypeName, _ ids: [RemoteID]) async throws(ProviderError) -> [Observed] {
    do throws(ProviderError) { return try await inner.read(type, ids) } catch {
      guard bend.hidesReadFaults else { throw error }
      return []
    }
  }

  func find(_ type: TypeName, _ evidence: [Evidence]) async throws(ProviderError) -> [[Observed]] {
    if bend.isBlind { return evidence.map { _ in [] } }
    do throws(ProviderError) { return try await inner.find(type, evidence) } catch {
      guard bend.hidesReadFaults else { throw error }
      return evidence.map { _ in [] }
    }
  }
}

private final class BentWriter: ResourceWriter {
  let inner: any ResourceWriter
  let bend: BentProvider.Bend
  private let last = Mutex<Observed?>(nil)

  init(inner: any ResourceWriter, bend: BentProvider.Bend) {
    self.inner = inner
    self.bend = bend
  }

  func create(
    _ desired: Desired, _ marker: Marker, _ token: OperationToken, _ progress: ProgressSink
  ) async throws(ProviderError) -> Observed {
    var written = marker
    if bend.forgetsMarker { written.scope = ScopeID(estate: "nobody") }
    return try await inner.create(desired, written, token, progress)
  }

  func update(
    _ change: FieldChanges, of object: Observed, _ token: OperationToken, _ progress: ProgressSink
  ) async throws(ProviderError) -> Observed {
    bend.losesUpdates ? object : try await inner.update(change, of: object, token, progress)
  }

  func delete(
    _ object: Observed, _ token: OperationToken, _ progress: ProgressSink
  ) async throws(ProviderError) {
    try await inner.delete(object, token, progress)
    guard bend.repeatsDeletes else { return }
    let earlier = last.withLock { last in
      defer { last = object }
      return last
    }
    if let earlier { try await inner.delete(earlier, token, progress) }
  }
}

/// An inventory with a planted bug.
struct BentStore: InventoryStore {
  let inner: any InventoryStore
  var bend = Bend()

  struct Bend: Sendable {
    /// Intents and their outcomes never reach the journal.
    var losesIntents = false
    /// Records are read without their protection.
    var forgetsProtection = false
    /// Records are never written.
    var losesRecords = false
    /// A commit that found the disk full is answered like any other.
    var hidesFullDisk = false
  }

  func load() async throws(StoreError) -> InventorySnapshot {
    var snapshot = try await inner.load()
    if bend.forgetsProtection {
      for index in snapshot.records.indices { snapshot.records[index].isProtected = false }
    }
    return snapshot
  }

  func commit(_ batch: Batch, _ lease: Lease) async throws(StoreError) {
    var batch = batch
    if bend.losesIntents {
      batch.events = batch.events.filter { event in
        switch event {
        case .intent, .succeeded, .failed, .resolved: false
        case .began, .waived, .lockBroken, .ended: true
        }
      }
    }
    if bend.losesRecords {
      batch.changes = batch.changes.filter { if case .put = $0 { false } else { true } }
    }
    do throws(StoreError) { try await inner.commit(batch, lease) } catch {
      guard bend.hidesFullDisk, error.reason == .full else { throw error }
    }
  }

  func lock(_ holder: LockHolder, timeout: Duration) async throws(StoreError) -> Lease {
    try await inner.lock(holder, timeout: timeout)
  }
  func renew(_ lease: Lease) async throws(StoreError) { try await inner.renew(lease) }
  func unlock(_ lease: Lease) async throws(StoreError) { try await inner.unlock(lease) }
  func lockHolder() async throws(StoreError) -> LockHolder? { try await inner.lockHolder() }
  func breakLock(reason: String, by holder: LockHolder) async throws(StoreError) {
    try await inner.breakLock(reason: reason, by: holder)
  }
  func history(of address: Address) async throws(StoreError) -> [JournalEntry] {
    try await inner.history(of: address)
  }
  func stepsDone(of plan: PlanID) async throws(StoreError) -> [Int] { try await inner.stepsDone(of: plan) }
}
