import Platform
import Resources
import Values

/// What every store must do, as ordinary code: tests run each check on a fresh, empty store.
///
/// `open` gives another handle on the same store, as a second process would have it.
package struct StoreBattery: Sendable {
  package struct Failed: Error, CustomStringConvertible {
    package var description: String
  }

  package typealias Open = @Sendable () async throws -> any InventoryStore

  package struct Check: Sendable, CustomStringConvertible {
    package let name: String
    package let run: @Sendable (_ open: Open) async throws -> Void
    package var description: String { name }
  }

  package static let checks: [Check] = [
    Check(name: "an absent store is empty") { try await absent($0) },
    Check(name: "what is committed is read back") { try await roundTrip($0) },
    Check(name: "a removed record is gone and a replaced one is new") { try await removal($0) },
    Check(name: "the lock is held by one, and its fence grows") { try await exclusion($0) },
    Check(name: "a lease whose lock was broken writes nothing") { try await fencing($0) },
    Check(name: "intents without an outcome stay open until resolved") { try await openIntents($0) },
    Check(name: "a batch against the journal's rules leaves nothing behind") { try await legality($0) },
    Check(name: "how each plan's run ended is known") { try await plans($0) },
    Check(name: "history follows a move") { try await history($0) },
    Check(name: "steps that are done are known") { try await stepsDone($0) },
    Check(name: "of two that race for the lock one gets it") { try await race($0) },
    Check(name: "writers that take turns lose nothing") { try await turns($0) },
    Check(name: "batches that are committed side by side are all kept") { try await sideBySide($0) },
  ]

  package static let target = TargetIdentity(
    target: TargetName("main"), provider: "aws", account: "111122223333", region: "eu-west-1")

  package static func record(_ name: String, incarnation: Incarnation = 1, owned: Value = ["cidrBlock": "10.0.0.0/16"])
    -> Recorded
  {
    Recorded(
      address: Address("aws.Vpc/\(name)"), incarnation: incarnation, type: TypeName("aws/Vpc"), target: target,
      remote: RemoteID("vpc-\(name)"), owned: owned)
  }

  package static func intent(_ id: String, _ name: String, step: Int = 0, plan: String = "p1", previous: Address? = nil)
    -> Intent
  {
    Intent(
      id: OperationID(id), plan: PlanID(plan), step: step, address: Address("aws.Vpc/\(name)"), incarnation: 1,
      operation: previous == nil ? "create" : "move", type: TypeName("aws/Vpc"), target: target, remote: nil,
      token: OperationToken("t-\(id)"), input: KeyedHash("00"), time: Instant(seconds: 1_767_225_600),
      previous: previous, planned: record(name))
  }

  package static func holder(_ name: String, run: String) -> LockHolder {
    LockHolder(
      name: name, process: 42, command: "plumb apply", since: Instant(seconds: 1_767_225_600), run: RunID(run))
  }

  static func expect(_ holds: Bool, _ what: String) throws(Failed) {
    if !holds { throw Failed(description: what) }
  }

  private static func absent(_ open: Open) async throws {
    let snapshot = try await open().load()
    try expect(snapshot.records.isEmpty && snapshot.serial == 0 && snapshot.nextSequence == 1, "the store is not empty")
    try expect(try await open().lockHolder() == nil, "nobody can hold the lock of an absent store")
  }

  private static func roundTrip(_ open: Open) async throws {
    let store = try await open()
    var full = record(
      "a", owned: ["cidrBlock": "10.0.0.0/16", "tags": ["n": 1, "ratio": 1.0, "text": "ä\"\n"], "list": [true, nil]])
    full.dependencies = [Address("aws.Vpc/b"), Address("Network/prod/subnet[eu-west-1a]")]
    full.lateDependencies = [Address("aws.Role/c")]
    full.isProtected = true
    full.managementPolicy = .noDelete
    full.isSuperseded = true
    full.isComplete = false
    let lease = try await store.lock(holder("ana", run: "r1"), timeout: .zero)
    try await store.commit(Batch(changes: [.put(full), .put(record("a", incarnation: 2))]), lease)
    try await store.unlock(lease)
    let snapshot = try await open().load()
    try expect(snapshot.records.count == 2 && snapshot.serial == 1, "two records and serial 1 were expected")
    let read = snapshot.records[0]
    try expect(
      read.key == full.key && read.type == full.type && read.target == full.target, "key, type or target differ")
    try expect(read.remote == full.remote && read.owned == full.owned, "remote id or owned fields differ")
    try expect(
      read.dependencies == full.dependencies && read.lateDependencies == full.lateDependencies && read.isProtected
        && read.isSuperseded, "marks differ")
    try expect(read.managementPolicy == .noDelete && !read.isComplete, "policy or completeness differ")
    try expect(snapshot.records[1].isComplete && !snapshot.records[1].isProtected, "the second record differs")
  }

  private static func removal(_ open: Open) async throws {
    let store = try await open()
    let lease = try await store.lock(holder("ana", run: "r1"), timeout: .zero)
    try await store.commit(Batch(changes: [.put(record("a")), .put(record("b"))]), lease)
    let changed = record("b", owned: ["cidrBlock": "10.9.0.0/16"])
    try await store.commit(Batch(changes: [.remove(record("a").key), .put(changed)]), lease)
    try await store.unlock(lease)
    let records = try await open().load().records
    try expect(records.map(\.key) == [changed.key], "only the second record was expected")
    try expect(records.first?.owned == changed.owned, "the record was not replaced")
  }

  private static func exclusion(_ open: Open) async throws {
    let first = try await open(), second = try await open()
    let lease = try await first.lock(holder("ana", run: "r1"), timeout: .zero)
    try expect(try await second.lockHolder() == lease.holder, "the holder is not told")
    do {
      _ = try await second.lock(holder("bob", run: "r2"), timeout: .zero)
      throw Failed(description: "two hold the lock")
    } catch let error as StoreError {
      try expect(error.reason == .locked(lease.holder), "the refusal does not name the holder")
    }
    try await first.renew(lease)
    try await first.unlock(lease)
    try expect(try await second.lockHolder() == nil, "a holder is told after the unlock")
    let next = try await second.lock(holder("bob", run: "r2"), timeout: .zero)
    try expect(next.fence > lease.fence, "the fence did not grow")
    try await refused(.fenced) { try await first.commit(Batch(changes: [.put(record("late"))]), lease) }
    try await second.unlock(next)
  }

  private static func fencing(_ open: Open) async throws {
    let first = try await open(), second = try await open()
    let lease = try await first.lock(holder("ana", run: "r1"), timeout: .zero)
    try await first.commit(Batch(events: [.began(PlanID("p1"), command: "apply")], changes: [.put(record("a"))]), lease)
    try await second.breakLock(reason: "runner is gone", by: holder("bob", run: "r2"))
    try await refused(.fenced) { try await first.commit(Batch(changes: [.put(record("b"))]), lease) }
    try await refused(.fenced) { try await first.renew(lease) }
    let next = try await second.lock(holder("bob", run: "r3"), timeout: .zero)
    try expect(next.fence > lease.fence, "the fence did not grow")
    try await refused(.fenced) { try await first.commit(Batch(changes: [.put(record("c"))]), lease) }
    try await second.commit(Batch(events: [.began(PlanID("p2"), command: "apply")]), next)
    try await second.unlock(next)
    try await first.unlock(lease)
    try expect(try await open().load().records.map(\.key) == [record("a").key], "a fenced writer has written")
  }

  private static func openIntents(_ open: Open) async throws {
    let store = try await open()
    let lease = try await store.lock(holder("ana", run: "r1"), timeout: .zero)
    try await store.commit(
      Batch(events: [.began(PlanID("p1"), command: "apply"), .intent(intent("o1", "a")), .intent(intent("o2", "b"))]),
      lease)
    try await store.commit(Batch(events: [.intent(intent("o3", "c")), .succeeded(OperationID("o1"))]), lease)
    let unknown = Failure(effect: .unknown, reason: "transient", message: "the connection was lost")
    try await store.commit(Batch(events: [.failed(OperationID("o3"), unknown)]), lease)
    try await store.unlock(lease)
    let snapshot = try await open().load()
    try expect(
      snapshot.openIntents == [intent("o2", "b"), intent("o3", "c")], "two open intents were expected, oldest first")
    let next = try await store.lock(holder("ana", run: "r2"), timeout: .zero)
    try await store.commit(
      Batch(events: [.resolved(OperationID("o2"), .done(RemoteID("vpc-b"))), .resolved(OperationID("o3"), .absent)]),
      next)
    try await store.unlock(next)
    try expect(try await open().load().openIntents.isEmpty, "a resolved intent is still open")
  }

  private static func legality(_ open: Open) async throws {
    let store = try await open()
    let lease = try await store.lock(holder("ana", run: "r1"), timeout: .zero)
    try await refused(.illegal) { try await store.commit(Batch(events: [.intent(intent("o1", "a"))]), lease) }
    try await store.commit(Batch(events: [.began(PlanID("p1"), command: "apply")]), lease)
    try await refused(.illegal) {
      try await store.commit(
        Batch(events: [.intent(intent("o1", "a")), .succeeded(OperationID("o9"))], changes: [.put(record("a"))]), lease)
    }
    let snapshot = try await open().load()
    try expect(
      snapshot.openIntents.isEmpty && snapshot.records.isEmpty && snapshot.nextSequence == 2, "half a batch was written"
    )
    try await store.unlock(lease)
  }

  private static func plans(_ open: Open) async throws {
    let store = try await open()
    for (run, outcome) in [("1", RunOutcome.partial), ("2", .complete)] {
      let lease = try await store.lock(holder("ana", run: "r\(run)"), timeout: .zero)
      try await store.commit(Batch(events: [.began(PlanID("p\(run)"), command: "apply"), .ended(outcome)]), lease)
      try await store.unlock(lease)
    }
    let lease = try await store.lock(holder("ana", run: "r3"), timeout: .zero)
    try await store.commit(Batch(events: [.began(PlanID("p3"), command: "apply")]), lease)
    try await store.unlock(lease)
    let plans = try await open().load().plans
    try expect(
      plans == [PlanID("p1"): .partial, PlanID("p2"): .complete, PlanID("p3"): nil], "the plans' outcomes differ")
    let last = try await store.lock(holder("ana", run: "r4"), timeout: .zero)
    try await refused(.illegal) {
      try await store.commit(Batch(events: [.began(PlanID("p2"), command: "apply")]), last)
    }
    try await store.unlock(last)
  }

  private static func history(_ open: Open) async throws {
    let store = try await open()
    let lease = try await store.lock(holder("ana", run: "r1"), timeout: .zero)
    let moved = intent("o3", "new", previous: Address("aws.Vpc/old"))
    try await store.commit(
      Batch(events: [
        .began(PlanID("p1"), command: "apply"), .intent(intent("o1", "old")), .intent(intent("o2", "other")),
        .succeeded(OperationID("o1")), .intent(moved), .succeeded(OperationID("o3")), .succeeded(OperationID("o2")),
      ]), lease)
    try await store.unlock(lease)
    let entries = try await open().history(of: Address("aws.Vpc/new"))
    try expect(entries.map(\.sequence) == [2, 4, 5, 6], "the entries of the old and the new address were expected")
    try expect(entries.allSatisfy { $0.run == RunID("r1") && $0.fence == lease.fence }, "run or fence differ")
  }

  private static func stepsDone(_ open: Open) async throws {
    let store = try await open()
    let lease = try await store.lock(holder("ana", run: "r1"), timeout: .zero)
    let failure = Failure(effect: .none, reason: "denied", message: "not allowed")
    try await store.commit(
      Batch(events: [
        .began(PlanID("p1"), command: "apply"), .intent(intent("o1", "a", step: 4)),
        .intent(intent("o2", "b", step: 2)),
        .intent(intent("o3", "c", step: 7)), .succeeded(OperationID("o1")), .failed(OperationID("o2"), failure),
        .resolved(OperationID("o3"), .done(nil)), .ended(.partial),
      ]), lease)
    try await store.unlock(lease)
    try expect(try await open().stepsDone(of: PlanID("p1")) == [4, 7], "steps 4 and 7 were expected")
    try expect(try await open().stepsDone(of: PlanID("p2")).isEmpty, "another plan has no steps")
  }

  private static func refused(_ reason: StoreError.Reason, _ body: () async throws -> Void) async throws {
    do {
      try await body()
    } catch let error as StoreError where error.reason == reason {
      return
    }
    throw Failed(description: "a refusal was expected: \(reason)")
  }
}
