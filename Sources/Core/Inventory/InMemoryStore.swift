import Platform
import Resources
import Synchronization

/// An inventory that lives as long as its process: for tests and simulation.
package final class InMemoryStore: InventoryStore {
  private struct State {
    var serial: UInt64 = 0
    var fence: UInt64 = 0
    var holder: LockHolder?
    var records: [RecordKey: Recorded] = [:]
    var entries: [JournalEntry] = []
    var fold = JournalFold()
  }

  private let state: Mutex<State>
  private let time: any TimeSource

  package init(records: [Recorded] = [], time: any TimeSource = SystemTime()) {
    self.time = time
    let known = Dictionary(records.map { ($0.key, $0) }, uniquingKeysWith: { _, last in last })
    state = Mutex(State(records: known))
  }

  package func load() async throws(StoreError) -> InventorySnapshot {
    state.withLock { state in
      InventorySnapshot(
        serial: state.serial, records: state.records.values.sorted { $0.key < $1.key },
        openIntents: state.fold.openIntents, plans: state.fold.plans, nextSequence: state.fold.nextSequence)
    }
  }

  package func lock(_ holder: LockHolder, timeout: Duration) async throws(StoreError) -> Lease {
    var wait = LockWait(time, timeout)
    while true {
      let lease = state.withLock { state -> Lease? in
        guard state.holder == nil else { return nil }
        state.fence += 1
        state.holder = holder
        return Lease(fence: Fence(state.fence), holder: holder)
      }
      if let lease { return lease }
      guard await wait.again() else { throw StoreError.locked(by: state.withLock { $0.holder }) }
    }
  }

  package func renew(_ lease: Lease) async throws(StoreError) {
    guard state.withLock({ $0.fence == lease.fence.number && $0.holder != nil }) else { throw StoreError.lost }
  }

  package func unlock(_ lease: Lease) async throws(StoreError) {
    state.withLock { if $0.fence == lease.fence.number { $0.holder = nil } }
  }

  package func lockHolder() async throws(StoreError) -> LockHolder? { state.withLock { $0.holder } }

  package func breakLock(reason: String, by holder: LockHolder) async throws(StoreError) {
    let now = time.now
    try state.withLock { (state) throws(StoreError) in
      state.fence += 1
      state.holder = nil
      let event = JournalEntry.Event.lockBroken(reason: reason, by: holder.name)
      try Self.append([event], run: holder.run, at: now, to: &state)
    }
  }

  package func commit(_ batch: Batch, _ lease: Lease) async throws(StoreError) {
    let now = time.now
    try state.withLock { (state) throws(StoreError) in
      guard state.fence == lease.fence.number, state.holder != nil else { throw StoreError.lost }
      try Self.append(batch.events, run: lease.holder.run, at: now, to: &state)
      for change in batch.changes {
        switch change {
        case .put(let record): state.records[record.key] = record
        case .remove(let key): state.records[key] = nil
        }
      }
      state.serial += 1
    }
  }

  package func history(of address: Address) async throws(StoreError) -> [JournalEntry] {
    JournalQuery.history(of: address, in: state.withLock { $0.entries })
  }

  package func stepsDone(of plan: PlanID) async throws(StoreError) -> [Int] {
    JournalQuery.stepsDone(of: plan, in: state.withLock { $0.entries })
  }

  /// Every entry so far, oldest first.
  package var journal: [JournalEntry] { state.withLock { $0.entries } }

  private static func append(
    _ events: [JournalEntry.Event], run: RunID, at now: Instant, to state: inout State
  ) throws(StoreError) {
    var fold = state.fold
    var added: [JournalEntry] = []
    for event in events {
      let entry = JournalEntry(
        sequence: fold.nextSequence, run: run, fence: Fence(state.fence), time: now, event: event)
      do throws(JournalFold.Problem) { try fold.apply(entry) } catch { throw StoreError(.illegal, error.description) }
      added.append(entry)
    }
    state.fold = fold
    state.entries += added
  }
}

/// Asks for a lock again and again until its time is over.
struct LockWait {
  /// How often a lock that another holds is asked for.
  static let interval = Duration.milliseconds(50)

  private let time: any TimeSource
  private let deadline: Duration
  private var isFirst = true

  init(_ time: any TimeSource, _ timeout: Duration) {
    self.time = time
    deadline = time.elapsed + timeout
  }

  /// Waits a little; false when the time is over. There is always a second try, since asking who holds a lock
  /// takes it
  /// for a moment.
  mutating func again() async -> Bool {
    let rest = deadline - time.elapsed
    guard rest > .zero || isFirst else { return false }
    isFirst = false
    do throws(CancellationError) {
      try await time.sleep(for: rest > .zero ? min(rest, Self.interval) : .milliseconds(5))
      return true
    } catch {
      return false
    }
  }
}
