import Inventory
import Resources
import Synchronization

/// The inventory as one process reaches it.
final class ProcessStore: InventoryStore {
  private let inner: any InventoryStore
  private let process: SimulatedProcess
  private let held = Mutex<Lease?>(nil)

  init(_ inner: any InventoryStore, _ process: SimulatedProcess) {
    self.inner = inner
    self.process = process
  }

  /// What the operating system does for a process that is dead: its lock is free.
  func release() async throws(StoreError) {
    guard let lease = held.withLock({ $0 }) else { return }
    try await inner.unlock(lease)
  }

  private func live() throws(StoreError) {
    if process.isDead { throw StoreError(.unwritable, "the process is dead") }
  }

  func load() async throws(StoreError) -> InventorySnapshot {
    try live()
    return try await inner.load()
  }

  func lock(_ holder: LockHolder, timeout: Duration) async throws(StoreError) -> Lease {
    try live()
    let lease = try await inner.lock(holder, timeout: timeout)
    held.withLock { $0 = lease }
    return lease
  }

  func renew(_ lease: Lease) async throws(StoreError) {
    try live()
    try await inner.renew(lease)
  }

  func unlock(_ lease: Lease) async throws(StoreError) {
    try live()
    try await inner.unlock(lease)
  }

  func lockHolder() async throws(StoreError) -> LockHolder? { try await inner.lockHolder() }

  func breakLock(reason: String, by holder: LockHolder) async throws(StoreError) {
    try await inner.breakLock(reason: reason, by: holder)
  }

  func commit(_ batch: Batch, _ lease: Lease) async throws(StoreError) {
    guard let number = await process.begin(.commit) else {
      throw StoreError(.unwritable, "the process is dead")
    }
    try await inner.commit(batch, lease)
    guard await process.end(.commit, number) else { throw StoreError(.unwritable, "the process is dead") }
  }

  func history(of address: Address) async throws(StoreError) -> [JournalEntry] {
    try await inner.history(of: address)
  }

  func stepsDone(of plan: PlanID) async throws(StoreError) -> [Int] { try await inner.stepsDone(of: plan) }
}
