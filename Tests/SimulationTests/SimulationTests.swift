import Platform
import Testing

/// `PLUMB_SEEDS=17` runs one seed and tells its story; `PLUMB_SEEDS=1-100000` runs many.
enum Seeds {
  static let standard: ClosedRange<UInt64> = 1...500
  /// Several parts run beside each other.
  static let parts = 8
  /// Seeds that found a fault once, beyond the standard ones: 1099 and 1491 a plan without an order, 2823 a
  /// name whose holder could not be read, 3161 a record that a half-done create left at the address it moved from,
  /// 9535 a name that the old object of an unfinished replacement still had, 14287 a move that was made by half and
  /// that the manifests had forgotten, 1393, 14215, 16142 and 18146 records that named what had not moved yet, 11660 a
  /// circle that was drawn.
  static let found: [UInt64] = [648, 957, 1099, 1124, 1491, 2823, 3161, 9535, 1393, 11660, 14215, 14287, 16142, 18146]
  /// A seed with several operations at once may need some tries to fail again.
  static let tries = 20

  static var range: ClosedRange<UInt64> {
    guard let text = Environment.current().nonEmpty("PLUMB_SEEDS") else { return standard }
    let bounds = text.split(separator: "-").compactMap { UInt64($0) }
    guard let first = bounds.first, let last = bounds.last, first <= last else { return standard }
    return first...last
  }
}

@Suite("simulation")
struct SimulationTests {
  @Test("whatever happens, one undisturbed run leaves every object once, recorded, and nothing to do")
  func seeds() async throws {
    let range = Seeds.range
    if range.count == 1 { return try await tell(range.lowerBound) }
    let counts = try await withThrowingTaskGroup(of: Simulation.Counts.self) { group in
      for part in 0..<Seeds.parts {
        group.addTask { try await run(range.filter { Int($0 % UInt64(Seeds.parts)) == part }) }
      }
      var sum = Simulation.Counts()
      for try await counts in group { sum.add(counts) }
      return sum
    }
    print("simulation, \(counts.text)")
    #expect(counts.seeds == range.count)
    #expect(counts.stuck * 50 <= counts.seeds, "too many end before a person")
  }

  @Test("what was found once stays mended")
  func found() async throws {
    #expect(try await run(Seeds.found).seeds == Seeds.found.count)
  }

  private func run(_ seeds: [UInt64]) async throws -> Simulation.Counts {
    var sum = Simulation.Counts()
    for seed in seeds {
      var simulation = Simulation(seed: seed)
      do {
        report(try await simulation.run(), simulation)
      } catch {
        report(["\(error)"], simulation)
      }
      sum.add(simulation.counts)
    }
    return sum
  }

  /// One seed with its story, several times where operations run beside each other.
  private func tell(_ seed: UInt64) async throws {
    for attempt in 1...Seeds.tries {
      var simulation = Simulation(seed: seed)
      let violations = try await simulation.run()
      if violations.isEmpty, simulation.width > 1, attempt < Seeds.tries { continue }
      print(simulation.story.joined(separator: "\n"))
      return report(violations, simulation)
    }
  }

  private func report(_ violations: [String], _ simulation: Simulation) {
    guard !violations.isEmpty else { return }
    Issue.record(
      """
      PLUMB_SEEDS=\(simulation.seed) make simulate (\(simulation.width) at once, \(simulation.world.inventory.place))
      \(violations.prefix(5).joined(separator: "\n"))
      """)
  }
}
