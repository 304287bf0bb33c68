import Inventory
import Platform
import Resources
import S3Inventory
import TestSupport
import Testing

/// Several writers on one bucket, with lost answers, refusals, sleeps and broken locks, from a seed.
@Suite("Many writers from a seed")
struct SimulationTests {
  struct Writer {
    var store: S3Store
    var name: String
    var lease: Lease?
  }

  struct Run {
    var random: SeededGenerator
    let world: LogWorld
    var writers: [Writer] = []
    /// Names that a commit has answered for, with its fence, in the order of the answers.
    var acknowledged: [(name: String, fence: Fence)] = []
    var tried: Set<String> = []

    init(seed: UInt64) {
      random = SeededGenerator(seed: seed)
      var world = LogWorld()
      world.settings.segmentsPerSnapshot = 3
      world.settings.entriesPerArchive = 3
      world.settings.retention = .seconds(120)
      self.world = world
      for name in ["ana", "bob", "cem"] { writers.append(Writer(store: world.store(), name: name)) }
    }

    mutating func step(_ number: Int) async throws {
      let index = Int.random(in: 0..<writers.count, using: &random)
      switch Int.random(in: 0..<20, using: &random) {
      case 0..<3: await lock(index, number)
      case 3..<12: await commit(index, number)
      case 12: await hold(writers[index]) { try await $0.renew($1) }
      case 13: await hold(writers[index]) { try await $0.unlock($1) }
      case 14: world.time.advance(by: .seconds(Int.random(in: 0...50, using: &random)))
      case 15: world.time.advance(by: .seconds(200))
      case 16: writers[index] = Writer(store: world.store(), name: writers[index].name)
      case 17:
        _ = await refusal {
          try await world.store().breakLock(reason: "why", by: StoreBattery.holder("ops", run: "b\(number)"))
        }
      default: fault()
      }
    }

    private mutating func fault() {
      let faults: [SimulatedObjects.Fault] = [.lostAfter, .lostBefore, .denied]
      guard let fault = faults.randomElement(using: &random),
        let operation = ["put", "get", "lock.json", "log/"].randomElement(using: &random)
      else { return }
      world.objects.fail(operation, fault, skip: Int.random(in: 0..<3, using: &random))
    }

    private mutating func lock(_ index: Int, _ number: Int) async {
      let holder = StoreBattery.holder(writers[index].name, run: "r\(number)")
      let store = writers[index].store
      do { writers[index].lease = try await store.lock(holder, timeout: .zero) } catch { return }
    }

    private mutating func commit(_ index: Int, _ number: Int) async {
      guard let lease = writers[index].lease else { return }
      let name = "n\(number)", store = writers[index].store
      tried.insert("aws.Vpc/\(name)")
      var batch = LogWorld.put(name)
      batch.events = [.lockBroken(reason: name, by: "test")]
      let refused = await refusal { try await store.commit(batch, lease) }
      if refused == nil { acknowledged.append(("aws.Vpc/\(name)", lease.fence)) }
    }

    private func hold(_ writer: Writer, _ body: (S3Store, Lease) async throws -> Void) async {
      guard let lease = writer.lease else { return }
      _ = await refusal { try await body(writer.store, lease) }
    }

    /// What is wrong at the end; nil where nothing is.
    func problem() async -> String? {
      world.objects.heal()
      do {
        let store = world.store()
        let names = Set(try await store.load().records.map(\.address.text))
        try await store.verify()
        let missing = acknowledged.filter { !names.contains($0.name) }
        guard missing.isEmpty else { return "lost: \(missing.map(\.name))" }
        guard names.isSubset(of: tried) else { return "from nowhere: \(names.subtracting(tried))" }
        let fences = acknowledged.map(\.fence)
        return fences == fences.sorted() ? nil : "an older fence wrote after a newer one"
      } catch {
        return "\(error)"
      }
    }
  }

  @Test("whatever was answered for is there, once, under growing fences")
  func seeds() async throws {
    var commits = 0
    for seed in UInt64(1)...150 {
      var run = Run(seed: seed)
      for number in 0..<120 { try await run.step(number) }
      commits += run.acknowledged.count
      if let problem = await run.problem() { Issue.record("seed \(seed): \(problem)") }
    }
    #expect(commits > 1_000, "the simulation must get something done")
  }

  @Test("a service that ignores preconditions is refused, as often as it is tried")
  func heedless() async throws {
    let world = LogWorld()
    world.objects.ignoreConditions()
    for run in ["r1", "r2"] {
      let reason = await refusal {
        _ = try await world.store().lock(StoreBattery.holder("ana", run: run), timeout: .seconds(60))
      }
      #expect(reason == .unwritable, "asked again, it is refused again")
    }
  }

  @Test("a service that stops heeding preconditions is what these seeds would notice")
  func canary() async throws {
    var caught = 0
    for seed in UInt64(1)...20 {
      var run = Run(seed: seed)
      try await run.writers[1].store.unlock(try await run.world.run(run.writers[1].store, "r0", []))
      run.world.objects.ignoreConditions()
      for number in 0..<120 { try await run.step(number) }
      if await run.problem() != nil { caught += 1 }
    }
    #expect(caught > 0)
  }
}
