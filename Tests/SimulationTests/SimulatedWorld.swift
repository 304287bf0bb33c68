import AWSProvider
import Applying
import Diagnostics
import Engine
import Inventory
import Planning
import Platform
import ProviderKit
import Resources
import S3Inventory
import SandboxProvider
import Values

/// Clouds and an inventory that outlive the processes working on them.
struct SimulatedWorld: Sendable {
  /// How long fresh objects are missing from lists.
  let staleLists: Duration
  let time = SimulationTime()
  let random: SeededRandom
  let log = CallLog()
  /// Where the key of hashes is kept, which outlives processes, too.
  let keys = SimulatedFiles([:])
  let ledger = Ledger()
  let sandbox: Sandbox
  let inventory: SimulatedInventory
  /// Objects in one page of a list.
  var pageSize = 7
  /// What stands between the processes and the ledger, or over the inventory: planted bugs.
  var bugs = Bugs()

  init(seed: UInt64, staleLists: Duration = .zero, inventory place: SimulatedInventory.Place = .memory) {
    self.staleLists = staleLists
    random = SeededRandom(seed: seed)
    var faults = FaultPlan()
    faults.staleLists = staleLists
    sandbox = Sandbox(.memory, time: time, random: random, faults: faults, log: log)
    inventory = SimulatedInventory(place, time: time)
  }

  struct Bugs: Sendable {
    var provider: @Sendable (any Provider) -> any Provider = { $0 }
    /// The same as the process sees it, faults of the network included.
    var answers: @Sendable (any Provider) -> any Provider = { $0 }
    var store: @Sendable (any InventoryStore) -> any InventoryStore = { $0 }
    /// The disk answers flushes and does nothing; the bucket writes whatever the condition.
    var ignoresFlushes = false
    var ignoresConditions = false
    /// The budget that is asked for in place of the one that is told.
    var ignoresBudget = false
  }

  /// The cloud itself, as somebody else uses it.
  var cloud: SandboxProvider { sandbox.provider(standingFor: "aws", catalog: AWSCatalog.catalog, pageSize: pageSize) }

  static let root = "/estate"
  static let target = Target(
    name: TargetName("main"), provider: "aws",
    settings: .map([("accountId", "123456789012"), ("region", "us-west-2")]))

  /// A process that works on this world with an estate's files.
  func run(
    _ files: any FileSystem, _ process: SimulatedProcess = SimulatedProcess(), root: String = SimulatedWorld.root,
    weather: Weather = Weather(), clockError: Duration = .zero
  ) -> SimulatedRun {
    let clock = WrongClock(base: time, error: clockError)
    let ledgered = LedgerProvider(inner: cloud, ledger: ledger, inventory: inventory)
    let provider = bugs.answers(
      ProcessProvider(inner: bugs.provider(ledgered), process: process, ledger: ledger, weather: weather))
    let store = ProcessStore(process) { [inventory, bugs] scope in bugs.store(inventory.open(scope, clock: clock)) }
    let engine = Engine(
      world: World(
        files: files, environment: Environment([:]), time: clock, random: random, providers: ["aws": provider],
        openStore: { request in
          store.open(request.scope)
          return store
        },
        hashKeys: HashKeyFile(folder: "/keys", files: keys, environment: Environment([:])),
        user: "test", process: 1),
      root: root)
    return SimulatedRun(world: self, engine: engine, store: store, process: process)
  }

  /// Breaks the lock of whoever holds it, as an operator does.
  func breakLock() async throws {
    let holder = LockHolder(
      name: "operator", process: 2, command: "plumb inventory lock break", since: time.now, run: RunID("break"))
    try await inventory.open().breakLock(reason: "taken over", by: holder)
  }
}

/// One process at work.
struct SimulatedRun: Sendable {
  let world: SimulatedWorld
  let engine: Engine
  let store: ProcessStore
  let process: SimulatedProcess
  /// Operations under way at once. One makes a run repeatable; more make it hard.
  var width = 1

  /// What is left of a process that died, and of the machine where its power failed: the lock of an inventory on disk
  /// is free, one in a bucket lasts as long as its lease.
  func bury(powerFailure seed: UInt64? = nil) async throws(StoreError) {
    switch world.inventory.place {
    case .memory: try await store.release()
    case .disk: world.inventory.crash(powerFailure: seed)
    case .bucket: world.time.advance(by: S3StoreSettings().lease + .seconds(1))
    }
  }

  func plan(_ adjust: (inout PlannerOptions) -> Void = { _ in }) async throws(EngineFailure) -> Plan {
    var request = PlanRequest()
    adjust(&request.options)
    return try await engine.plan(request).plan
  }

  @discardableResult
  func apply(_ adjust: (inout PlannerOptions) -> Void = { _ in }) async throws(EngineFailure) -> ApplySummary? {
    var request = ApplyRequest()
    adjust(&request.options)
    world.ledger.begin(
      Ledger.Limits(deletes: request.options.maxDeletes, allowsStateful: !request.options.allowStateful.isEmpty))
    if world.bugs.ignoresBudget { request.options.maxDeletes = nil }
    request.settings.width = width
    request.settings.lookahead = width - 1
    request.settings.heartbeat = SimulationTime.never
    request.settings.renewal = SimulationTime.never
    let outcome = try await engine.apply(request, control: ApplyControl(), events: { _ in }, confirm: { _ in true })
    guard case .applied(let summary, _) = outcome else { return nil }
    return summary
  }
}

extension Plan {
  /// What the plan says, in one line.
  var gist: String {
    let changes = changes.filter { $0.action != .noop }.map {
      "\($0.action.symbol) \($0.address) \($0.fields.map(\.path))"
    }
    return (changes + diagnostics.map(\.message)).joined(separator: "; ")
  }
}

extension ApplySummary {
  var gist: String {
    "\(outcome) "
      + failures.map { "\($0.step.operation) \($0.step.address): \($0.problem.message)" }.joined(separator: "; ")
  }
}
