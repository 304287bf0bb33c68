import Applying
import Cryptography
import Expressions
import Inventory
import Planning
import Platform
import ProviderKit
import Resources
import Synchronization
import TestSupport
import Values

/// A store, a service and plans made by hand.
struct ApplyWorld {
  static let scope = ScopeID(estate: "est-1")
  let time: SimulatedTime
  let store: InMemoryStore
  let provider: ScriptedProvider
  let events = EventLog()
  var settings = ApplySettings()

  init(records: [Recorded] = [], delay: Duration = .zero) {
    time = SimulatedTime(skipsSleep: true)
    store = InMemoryStore(records: records, time: time)
    provider = ScriptedProvider(time: time, delay: delay)
    settings.heartbeat = .seconds(1_000_000)
    settings.renewal = .seconds(1_000_000)
  }

  var environment: ApplyEnvironment {
    ApplyEnvironment(
      scope: Self.scope, catalog: provider.catalog,
      targets: [
        ScriptedProvider.target: ApplyTarget(
          target: Target(name: ScriptedProvider.target, provider: "aws", settings: .map([])),
          identity: StoreBattery.target,
          provider: provider)
      ], store: store, hashKey: HashKey(Array("0123456789abcdef".utf8)), time: ParkedTime(time),
      random: SeededRandom(seed: 7),
      settings: settings, events: { [events] event in events.add(event) })
  }

  /// Recovers, then applies, as a command does.
  @discardableResult
  func apply(_ plan: Plan, run: String, isResuming: Bool = false, control: ApplyControl = ApplyControl()) async throws
    -> ApplySummary
  {
    let lease = try await store.lock(StoreBattery.holder("ana", run: run), timeout: .zero)
    do {
      let (snapshot, _) = try await Recovery.run(try await store.load(), lease: lease, environment)
      let summary = try await Applier(plan, environment).run(
        snapshot, lease: lease, command: "plumb apply", isResuming: isResuming, control: control)
      try await store.unlock(lease)
      return summary
    } catch {
      try await store.unlock(lease)
      throw error
    }
  }

  func records() async throws -> [Recorded] { try await store.load().records }
}

/// Wakes short sleeps at once and parks the heartbeat's long one, so that simulated time stands still while
/// calls run.
struct ParkedTime: TimeSource {
  let base: SimulatedTime
  init(_ base: SimulatedTime) { self.base = base }
  var now: Instant { base.now }
  var elapsed: Duration { base.elapsed }

  func sleep(for duration: Duration) async throws(CancellationError) {
    guard duration > .seconds(100_000) else { return try await base.sleep(for: duration) }
    try await untilCancelled()
  }
}

final class EventLog: Sendable {
  private let events = Mutex<[ApplyEvent]>([])
  func add(_ event: ApplyEvent) { events.withLock { $0.append(event) } }
  var all: [ApplyEvent] { events.withLock { $0 } }
}

/// A plan in a few words.
struct PlanScript {
  var plan = Plan(scope: ApplyWorld.scope, mode: .apply)

  init(_ id: String = "p1") { plan.id = PlanID(id) }

  @discardableResult
  mutating func change(
    _ name: String, _ action: Action, after: Value? = nil, type: TypeName = ScriptedProvider.vpc,
    edit: (inout Change) -> Void = { _ in }
  ) -> Int {
    var change = Change(
      address: Address("aws.\(type.kind)/\(name)"), type: type, target: ScriptedProvider.target, action: action,
      reason: .none)
    change.after = after
    edit(&change)
    plan.changes.append(change)
    return plan.changes.count - 1
  }

  @discardableResult
  mutating func step(_ change: Int, _ operation: Step.Operation, incarnation: Incarnation = 1, after: [Int] = []) -> Int
  {
    plan.steps.append(
      Step(id: plan.steps.count, change: change, operation: operation, incarnation: incarnation, dependencies: after))
    return plan.steps.count - 1
  }

  mutating func slot(_ source: String, owner: String, path: String) -> Value {
    plan.slots.append(
      Deferred(
        template: Template(source: source), owner: Address("aws.Vpc/\(owner)"), path: ValuePath([.key(path)]),
        origin: nil))
    return .unknown(Slot(index: UInt32(plan.slots.count - 1)))
  }

  /// One create.
  static func create(_ name: String, type: TypeName = ScriptedProvider.vpc, id: String = "p1") -> Plan {
    var script = PlanScript(id)
    let fields: Value = type == ScriptedProvider.bucket ? ["name": .string(name)] : ["cidrBlock": "10.0.0.0/16"]
    script.step(script.change(name, .create, after: fields, type: type), .create)
    return script.plan
  }
}
