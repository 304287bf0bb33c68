import Inventory
import Platform
import Resources
import S3Inventory
import Values

/// A bucket in memory, a clock of its server, and stores on it.
struct LogWorld {
  let time = SimulatedTime(skipsSleep: true)
  let objects: SimulatedObjects
  let scope = ScopeID(estate: "est-1", environment: "prod")
  var settings = S3StoreSettings()
  let layout = LogLayout(prefix: "infra", scope: ScopeID(estate: "est-1", environment: "prod"))

  init() { objects = SimulatedObjects(time: time) }

  /// Another process's store; `jump` is how far its wall clock is off.
  func store(jump: Duration = .zero) -> S3Store {
    S3Store(
      objects: objects, prefix: "/infra/", scope: scope, settings: settings, time: JumpedTime(time: time, jump: jump))
  }

  /// Locks, commits each batch, and leaves the lock as it is.
  @discardableResult
  func run(_ store: S3Store, _ name: String, _ batches: [Batch]) async throws -> Lease {
    let lease = try await store.lock(StoreBattery.holder("ana", run: name), timeout: .zero)
    for batch in batches { try await store.commit(batch, lease) }
    return lease
  }

  static func put(_ name: String) -> Batch { Batch(changes: [.put(StoreBattery.record(name))]) }

  /// One run of an operation, as an apply writes it.
  static func operation(_ id: String, plan: String) -> [Batch] {
    [
      Batch(events: [.began(PlanID(plan), command: "apply")]),
      Batch(events: [.intent(StoreBattery.intent(id, id, plan: plan))]),
      Batch(events: [.succeeded(OperationID(id))], changes: [.put(StoreBattery.record(id))]),
      Batch(events: [.ended(.complete)]),
    ]
  }
}

/// A machine whose wall clock is wrong.
struct JumpedTime: TimeSource {
  let time: SimulatedTime
  let jump: Duration
  var now: Instant { time.now + jump }
  var elapsed: Duration { time.elapsed }
  func sleep(for duration: Duration) async throws(CancellationError) { try await time.sleep(for: duration) }
}

extension StoreError.Reason {
  var isCorrupt: Bool { self == .corrupt }
}

func refusal(_ body: () async throws -> Void) async -> StoreError.Reason? {
  do {
    try await body()
    return nil
  } catch {
    return (error as? StoreError)?.reason
  }
}
