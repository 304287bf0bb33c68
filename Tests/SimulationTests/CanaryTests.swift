import Engine
import Inventory
import Planning
import Platform
import Testing

/// A planted bug of each kind must be caught: a check that cannot fail is none.
@Suite("canaries of the simulation")
struct CanaryTests {
  struct Canary: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// What the violation must say.
    var says: String
    var bugs = SimulatedWorld.Bugs()
    /// Where the inventory must lie for the bug to show.
    var place: SimulatedInventory.Place?

    init(
      _ name: String, _ says: String, place: SimulatedInventory.Place? = nil, plant: (inout SimulatedWorld.Bugs) -> Void
    ) {
      self.place = place
      testDescription = name
      self.says = says
      plant(&bugs)
    }

    init(_ name: String, _ says: String, _ bend: BentProvider.Bend) {
      self.init(name, says) { $0.provider = { BentProvider(inner: $0, bend: bend) } }
    }

    init(_ name: String, _ says: String, store bend: BentStore.Bend) {
      self.init(name, says) { $0.store = { BentStore(inner: $0, bend: bend) } }
    }
  }

  static let canaries = [
    Canary("a provider that writes no marker of ours leaves orphans", "orphan", .init(forgetsMarker: true)),
    Canary("a provider that finds nothing makes duplicates", "duplicate", .init(isBlind: true)),
    Canary("a provider that loses updates never converges", "does not converge", .init(losesUpdates: true)),
    Canary("a transport that repeats deletes", "double delete", .init(repeatsDeletes: true)),
    Canary("a reader that writes", "a reader wrote", .init(writesWhileReading: true)),
    Canary("an inventory that loses intents", "no intent", store: .init(losesIntents: true)),
    Canary("an inventory that loses records", "orphan", store: .init(losesRecords: true)),
    Canary("protection that nobody heeds", "protected and deleted") { bugs in
      bugs.store = { BentStore(inner: $0, bend: .init(forgetsProtection: true)) }
      bugs.provider = { BentProvider(inner: $0, bend: .init(hidesProtection: true)) }
    },
    Canary("a budget that nobody heeds", "over budget") { $0.ignoresBudget = true },
    Canary("a reader whose faults look like empty answers", "") {
      $0.answers = { BentProvider(inner: $0, bend: .init(hidesReadFaults: true)) }
    },
    Canary("an inventory that takes a full disk for success", "", place: .disk) {
      $0.store = { BentStore(inner: $0, bend: .init(hidesFullDisk: true)) }
    },
    Canary("a disk that does not flush", "", place: .disk) { $0.ignoresFlushes = true },
    Canary("a bucket that ignores conditions", "", place: .bucket) { $0.ignoresConditions = true },
  ]

  /// Seeds to try: each bug shows in most of them.
  private static let seeds: ClosedRange<UInt64> = 1...60

  @Test("a planted bug is caught", arguments: canaries)
  func caught(canary: Canary) async throws {
    for seed in Self.seeds {
      var simulation = Simulation(seed: seed, bugs: canary.bugs, inventory: canary.place)
      if try await simulation.run().contains(where: { $0.hasPrefix(canary.says) }) { return }
    }
    Issue.record("no seed of \(Self.seeds) has shown it")
  }

  @Test("an entry that is missing from a journal makes it illegal, whichever intent it is")
  func journal() async throws {
    let world = SimulatedWorld(seed: 5)
    try await world.run(MixedEstate.before).apply()
    let entries = world.inventory.journal
    let intents = entries.indices.filter { if case .intent = entries[$0].event { true } else { false } }
    try #require(intents.count > 10)
    for missing in intents {
      var damaged = entries
      damaged.remove(at: missing)
      var reckoning = Reckoning(world)
      reckoning.checkJournal(damaged)
      #expect(!reckoning.violations.isEmpty)
    }
  }

  @Test("the same seed tells the same story")
  func repeatable() async throws {
    for seed: UInt64 in 1...20 {
      var first = Simulation(seed: seed, isRepeatable: true)
      var second = Simulation(seed: seed, isRepeatable: true)
      _ = try await first.run()
      _ = try await second.run()
      #expect(first.story == second.story)
    }
  }
}
