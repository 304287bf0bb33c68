import Inventory
import Resources
import Synchronization

/// The inventory as one process reaches it.
final class ProcessStore: InventoryStore {
  private let make: @Sendable (ScopeID) -> any InventoryStore
  private let process: SimulatedProcess
  private let held = Mutex<Lease?>(nil)
  private let opened = Mutex<(any InventoryStore)?>(nil)

  init(_ process: SimulatedProcess, _ make: @escaping @Sendable (ScopeID) -> any InventoryStore) {
    self.make = make
    self.process = process
  }

  /// Opens the inventory, once for the process.
  func open(_ scope: ScopeID) {
    opened.withLock { if $0 == nil { $0 = make(scope) } }
  }

  private var inner: any InventoryStore {
    opened.withLock { store in
      let open = store ?? make(ScopeID(estate: "est-mixed"))
      store = open
      return open
    }
  }

  /// What the operating system does for a process that is dead: its lock is free.
  func release() async throws(StoreError) {
    guard let lease = held.withLock({ $0 }) else { return }
    try await inner.unlock(lease)
  }

  /// Of the store it stands for.
  var renewal: Duration { inner.renewal }

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
