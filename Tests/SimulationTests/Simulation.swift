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

/// One life of an estate: edits, runs that meet bad weather and die, takeovers, and somebody else's hands; then
/// one run that nobody disturbs. Everything follows from the seed.
struct Simulation {
  let seed: UInt64
  private(set) var world: SimulatedWorld
  private(set) var violations: [String] = []
  /// What happened, for whoever looks at a seed that failed.
  private(set) var story: [String] = []
  /// Operations under way at once. With more than one a seed may tell another story each time.
  let width: Int
  private(set) var counts = Counts()
  private var random: SimulationRandom
  /// Draws of its own, so that a seed without what it decides stays as it was.
  private var weaver: SimulationRandom?
  private var estate: RandomEstate
  /// The estates that a plan had nothing against.
  private var accepted: [RandomEstate]

  /// - Parameter isRepeatable: one operation at a time.
  init(
    seed: UInt64, bugs: SimulatedWorld.Bugs = SimulatedWorld.Bugs(), inventory: SimulatedInventory.Place? = nil,
    isRepeatable: Bool = false
  ) {
    self.seed = seed
    random = SimulationRandom(seed: seed)
    let places: [SimulatedInventory.Place] = [.memory, .memory, .disk, .bucket]
    let place = random.pick(places), width = random.pick([1, 1, 2, 4, 16])
    self.width = isRepeatable ? 1 : width
    world = SimulatedWorld(
      seed: seed, staleLists: random.chance(0.3) ? .seconds(20) : .zero, inventory: inventory ?? place)
    world.pageSize = random.pick([1, 2, 7, 1_000])
    world.bugs = bugs
    counts.seeds = 1
    counts.places[world.inventory.place] = 1
    counts.widths[self.width] = 1
    if bugs.ignoresFlushes { world.inventory.currentDisk?.ignoreFlushes() }
    estate = RandomEstate(count: random.chance(0.1) ? random.within(15...25) : random.within(3...10), &random)
    if seed.isMultiple(of: 5) { weaver = SimulationRandom(seed: ~seed) }
    accepted = []
    weave()
    accepted = [estate]
  }

  /// How often what happened.
  struct Counts: Sendable {
    var seeds = 0
    var runs = 0
    var deaths = 0
    var powerFailures = 0
    var inventoryFaults = 0
    var takeovers = 0
    var stuck = 0
    var places: [SimulatedInventory.Place: Int] = [:]
    var widths: [Int: Int] = [:]

    mutating func add(_ other: Counts) {
      seeds += other.seeds
      runs += other.runs
      deaths += other.deaths
      powerFailures += other.powerFailures
      inventoryFaults += other.inventoryFaults
      takeovers += other.takeovers
      stuck += other.stuck
      places.merge(other.places) { $0 + $1 }
      widths.merge(other.widths) { $0 + $1 }
    }

    var text: String {
      let places = SimulatedInventory.Place.allCases.map { "\(self.places[$0] ?? 0) \($0)" }
      let widths = widths.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)-wide" }
      return "\(seeds) seeds (\((places + widths).joined(separator: ", "))): \(runs) runs, \(deaths) deaths, "
        + "\(powerFailures) power failures, \(inventoryFaults) faults of the inventory, \(takeovers) takeovers, "
        + "\(stuck) left to a person"
    }
  }

  /// What must never be and was.
  mutating func run() async throws -> [String] {
    for round in 1...random.within(2...4) {
      story.append("round \(round)")
      if round > 1 {
        estate.edit(&random)
        weave()
        if random.chance(0.4) { try await meddle() }
      }
      try await disturbedRun()
      world.time.advance(by: .seconds(random.within(0...60)))
    }
    if seed.isMultiple(of: 10), try await destroy(estate) { return violations }
    try await finish()
    return violations
  }

  private mutating func weave() {
    guard var weaver else { return }
    estate.weave(&weaver)
    self.weaver = weaver
  }

  // MARK: Runs

  private mutating func disturbedRun() async throws {
    let options = drawOptions()
    if random.chance(0.3) { await look(options) }
    let clockError = random.chance(0.2) ? Duration.seconds(random.pick([-36_000, -60, 60, 36_000])) : .zero
    counts.runs += 1
    var run = world.run(estate.files, drawProcess(), weather: drawWeather(), clockError: clockError)
    // Whoever is stopped with a call on its way cannot be helped by a fence: that has tests of its own.
    run.width = run.process.pause == nil ? width : 1
    disturbInventory()
    defer { healInventory() }
    story.append(estate.items.map(\.gist).joined(separator: ", "))
    do throws(EngineFailure) {
      let summary = try await run.apply(options)
      accepted.append(estate)
      story.append("applied: \(summary?.gist ?? "nothing to do")")
    } catch {
      let text = error.diagnostics.map(\.message).joined(separator: "; ")
      story.append("refused: \(text.replacing(/plumb-test-[A-Za-z0-9]+/, with: "disk"))")
      let isAbout = Set(error.diagnostics.filter { $0.severity == .error }.map(\.code))
      if run.process.isDead || run.process.pause != nil && isAbout.isSubset(of: Self.passing) {
        accepted.append(estate)
      } else if !isAbout.isSubset(of: Self.guards.union(Self.passing)) {
        violations.append("refused without reason: \(story.last ?? "")")
      } else if !isAbout.isDisjoint(with: Self.guards) {
        estate = accepted.last ?? estate
      }
    }
    healInventory()
    // Not before the inventory is made: then it would be refused.
    if world.bugs.ignoresConditions { world.inventory.objects.ignoreConditions() }
    guard run.process.isDead else { return }
    counts.deaths += 1
    story.append("died \(run.process.crash.map(\.description) ?? "")")
    guard random.chance(0.6) else { return try await world.breakLock() }
    let powerFailure = random.chance(0.7) ? random.word() | 1 : nil
    if powerFailure != nil, world.inventory.place == .disk { counts.powerFailures += 1 }
    try await run.bury(powerFailure: powerFailure)
    if world.bugs.ignoresFlushes { world.inventory.currentDisk?.ignoreFlushes() }
  }

  /// The disk fills up, or the bucket loses answers and refuses.
  private mutating func disturbInventory() {
    guard random.chance(0.3) else { return }
    switch world.inventory.place {
    case .memory: return
    case .disk:
      let room = random.within(0...120_000)
      counts.inventoryFaults += 1
      story.append("the disk has room for \(room) bytes")
      world.inventory.currentDisk?.limit(room)
    case .bucket:
      let fault = random.pick([SimulatedObjects.Fault.lostAfter, .lostBefore, .denied])
      let (request, skip) = (random.pick(["put", "get", "list", "log/", "lock.json"]), random.below(12))
      counts.inventoryFaults += 1
      story.append("the bucket's \(request) number \(skip + 1) is \(fault)")
      world.inventory.objects.fail(request, fault, skip: skip, count: random.within(1...3))
    }
  }

  private func healInventory() {
    world.inventory.currentDisk?.limit(nil)
    world.inventory.objects.heal()
  }

  /// Protection, data that may not go, and the budget.
  private static let guards: Set<DiagnosticCode> = [DiagnosticCode(2101), DiagnosticCode(2102), DiagnosticCode(2103)]
  /// What passes by itself: a lost lock, a service that does not answer.
  private static let passing: Set<DiagnosticCode> = [
    DiagnosticCode(5001), DiagnosticCode(5004), DiagnosticCode(5003), DiagnosticCode(4002), DiagnosticCode(4003),
    DiagnosticCode(2008),
  ]

  private mutating func look(_ options: (inout PlannerOptions) -> Void) async {
    let before = world.log.effects.count
    do throws(EngineFailure) { _ = try await world.run(estate.files).plan(options) } catch {
      story.append("no plan: \(error.diagnostics.map(\.message))")
    }
    if world.log.effects.count != before { violations.append("a reader wrote") }
  }

  private mutating func drawOptions() -> (inout PlannerOptions) -> Void {
    let stateful = random.chance(0.7) ? ["*"] : []
    let limit = random.chance(0.25) ? random.below(4) : nil
    return { options in
      options.allowStateful = stateful
      options.maxDeletes = limit
    }
  }

  private mutating func drawWeather() -> Weather {
    var weather = Weather(seed: random.word())
    if random.chance(0.5) { weather.probability = random.chance(0.5) ? 0.1 : 0.3 }
    if random.chance(0.4) { weather.readProbability = random.chance(0.5) ? 0.03 : 0.2 }
    return weather
  }

  private mutating func drawPoint() -> SimulatedProcess.Point {
    let side = random.pick(SimulatedProcess.Side.allCases)
    return random.chance(0.5) ? .write(random.within(1...12), side) : .commit(random.within(1...14), side)
  }

  /// A process that dies, one that is stopped until another has done its work, or one that lives.
  private mutating func drawProcess() -> SimulatedProcess {
    switch random.below(10) {
    case 0...4: return SimulatedProcess(crash: drawPoint())
    case 5:
      let (world, files) = (world, estate.files)
      counts.takeovers += 1
      // Stopped with a call on its way, no fence helps: that has a test of its own.
      return SimulatedProcess(pause: .commit(random.within(1...10), .before)) {
        do {
          // A lease that nobody renews ends by itself; any other lock is taken away.
          if world.inventory.place == .bucket {
            world.time.advance(by: .seconds(32))
          } else {
            try await world.breakLock()
          }
          try await world.run(files).apply { $0.allowStateful = ["*"] }
        } catch {
          return
        }
      }
    default: return SimulatedProcess()
    }
  }

  // MARK: Somebody else

  private mutating func meddle() async throws {
    let objects = try await world.objects().filter { $0.marker != nil }
    guard !objects.isEmpty else { return }
    let writer = try await world.cloud.writer(SimulatedWorld.target, fence: Fence(0))
    for _ in 0..<random.within(1...3) {
      let object = random.pick(objects)
      do throws(ProviderError) {
        if random.chance(0.4) {
          try await writer.delete(object, OperationToken("foreign"), .ignore)
          story.append("somebody deleted \(object.type) \(object.remote)")
        } else {
          let tags = FieldChange(path: ValuePath([.key("tags")]), before: nil, after: .map([("turn", "theirs")]))
          let change = FieldChanges(
            changes: [tags], desired: .map([("tags", .map([("turn", "theirs")]))]), marker: object.marker)
          _ = try await writer.update(change, of: object, OperationToken("foreign"), .ignore)
          story.append("somebody tagged \(object.type) \(object.remote)")
        }
      } catch {
        story.append("somebody could not: \(error.message)")
      }
    }
  }

  // MARK: The end

  private mutating func finish() async throws {
    story.append("finish")
    world.time.advance(by: .seconds(3_600))
    let all: (inout PlannerOptions) -> Void = { $0.allowStateful = ["*"] }
    var problems: [String] = []
    var isBehindProtection = false
    // What the last edits would destroy may be protected; what was accepted before them is not.
    for estate in [estate] + accepted.reversed() {
      let run = world.run(estate.files)
      do throws(EngineFailure) {
        try await settle(run, all)
      } catch {
        problems = error.diagnostics.map(\.message)
        isBehindProtection = error.diagnostics.contains { Self.guards.contains($0.code) }
        guard isBehindProtection else { break }
        continue
      }
      var reckoning = Reckoning(world)
      try await reckoning.reckon(run, all)
      violations += reckoning.violations
      return try await end(estate)
    }
    guard isBehindProtection else { return violations.append("the last run is refused: \(problems)") }
    // What could not be read when it was to be destroyed, and stands beside its successor: a person has to choose.
    story.append("protected on both sides")
    counts.stuck += 1
    var reckoning = Reckoning(world)
    await reckoning.reckonHistory()
    violations += reckoning.violations
  }

  /// Nothing is protected any more, and everything goes.
  private mutating func end(_ estate: RandomEstate) async throws {
    guard violations.isEmpty else { return }
    do throws(EngineFailure) {
      try await settle(world.run(estate.unprotected.files)) { $0.allowStateful = ["*"] }
    } catch {
      return violations.append("unprotecting is refused: \(error.diagnostics.map(\.message))")
    }
    if try await !destroy(estate) { violations.append("what is not protected cannot be destroyed") }
  }

  /// Destroys everything, however the last run ended; false where protection forbids it.
  private mutating func destroy(_ estate: RandomEstate) async throws -> Bool {
    world.time.advance(by: .seconds(3_600))
    story.append("destroy")
    do throws(EngineFailure) {
      try await settle(world.run(estate.files)) { options in
        options.mode = .destroy
        options.allowStateful = ["*"]
      }
    } catch {
      if error.diagnostics.contains(where: { Self.guards.contains($0.code) }) { return false }
      violations.append("destroy is refused: \(error.diagnostics.map(\.message))")
      return true
    }
    let left =
      try await world.objects().map { "\($0.type) \($0.remote)" }
      + world.inventory.load().records.map { "record of \($0.address)" }
    if !left.isEmpty { violations.append("left after destroy: \(left.joined(separator: ", "))") }
    var reckoning = Reckoning(world)
    await reckoning.reckonHistory()
    violations += reckoning.violations
    return true
  }

  private mutating func settle(_ run: SimulatedRun, _ options: (inout PlannerOptions) -> Void)
    async throws(EngineFailure)
  {
    let summary = try await run.apply(options)
    story.append("at last: \(summary?.gist ?? "nothing to do")")
    if let summary, summary.outcome != .complete { violations.append("the last run fails: \(summary.gist)") }
  }
}
