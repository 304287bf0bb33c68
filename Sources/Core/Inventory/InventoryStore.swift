import Platform
import Resources

/// Where records, journal and lock live together. Every store passes the same conformance suite.
package protocol InventoryStore: Sendable {
  /// Reads everything a plan needs. Takes no lock and writes nothing; a store that does not exist yet is
  /// empty, and one
  /// that cannot be read or is damaged is an error, never empty.
  func load() async throws(StoreError) -> InventorySnapshot
  /// Takes the lock, waiting at most `timeout`. The lease's fence is higher than any before.
  func lock(_ holder: LockHolder, timeout: Duration) async throws(StoreError) -> Lease
  /// How often a lease must be renewed at least.
  nonisolated var renewal: Duration { get }
  /// Keeps the lease; an error says that it was lost.
  func renew(_ lease: Lease) async throws(StoreError)
  func unlock(_ lease: Lease) async throws(StoreError)
  /// Who holds the lock now.
  func lockHolder() async throws(StoreError) -> LockHolder?
  /// Takes the lock away from its holder; written to the journal.
  func breakLock(reason: String, by holder: LockHolder) async throws(StoreError)
  /// Writes journal entries and record changes in one durable transaction, refused when the lease's fence is
  /// not the newest.
  func commit(_ batch: Batch, _ lease: Lease) async throws(StoreError)
  /// Journal entries that concern an address (its moves included), oldest first.
  func history(of address: Address) async throws(StoreError) -> [JournalEntry]
  /// Steps of a plan that are done, ascending, so that a run can go on where another ended.
  func stepsDone(of plan: PlanID) async throws(StoreError) -> [Int]
}

extension InventoryStore {
  /// For locks that last as long as their process: often enough to hear of one that was broken.
  package nonisolated var renewal: Duration { .seconds(10) }
}

/// What a store holds at one moment.
package struct InventorySnapshot: Sendable {
  /// Grows with every commit.
  package var serial: UInt64
  package var records: [Recorded]
  /// Intents without an outcome, oldest first.
  package var openIntents: [Intent]
  /// Plans that were begun, and how their last run ended (nil: it never did).
  package var plans: [PlanID: RunOutcome?]
  /// Sequence the next journal entry takes.
  package var nextSequence: UInt64
  /// Creates of earlier runs of which recovery has just found nothing. No store keeps these.
  package var vainCreates: [Intent] = []

  package init(
    serial: UInt64 = 0, records: [Recorded] = [], openIntents: [Intent] = [], plans: [PlanID: RunOutcome?] = [:],
    nextSequence: UInt64 = 1
  ) {
    self.serial = serial
    self.records = records
    self.openIntents = openIntents
    self.plans = plans
    self.nextSequence = nextSequence
  }
}

package struct Batch: Sendable {
  package var events: [JournalEntry.Event]
  package var changes: [RecordChange]
  package init(events: [JournalEntry.Event] = [], changes: [RecordChange] = []) {
    self.events = events
    self.changes = changes
  }
}

package enum RecordChange: Sendable {
  case put(Recorded)
  case remove(RecordKey)
}

package struct LockHolder: Sendable, Equatable {
  /// `ana@ci-runner-7`, and the process id.
  package var name: String
  package var process: Int32
  package var command: String
  package var since: Instant
  package var run: RunID
  package init(name: String, process: Int32, command: String, since: Instant, run: RunID) {
    self.name = name
    self.process = process
    self.command = command
    self.since = since
    self.run = run
  }
}

package struct Lease: Sendable {
  package var fence: Fence
  package var holder: LockHolder
  package init(fence: Fence, holder: LockHolder) {
    self.fence = fence
    self.holder = holder
  }
}

package struct StoreError: Error, Sendable, Equatable {
  package enum Reason: Sendable, Equatable {
    /// Somebody else holds the lock.
    case locked(LockHolder?)
    /// A process on this machine is in the middle of a write and does not go on: the holder of the lock, where known.
    case writing(LockHolder?)
    /// The lease was lost: nothing was written.
    case fenced
    /// The store's content is not legal: what and where.
    case corrupt
    case unreadable, unwritable, full
    /// The batch would break the journal's rules: a fault of the caller. Nothing was written.
    case illegal
    /// Written by a newer version.
    case newerVersion
  }

  package var reason: Reason
  package var message: String
  package init(_ reason: Reason, _ message: String) {
    self.reason = reason
    self.message = message
  }
}
