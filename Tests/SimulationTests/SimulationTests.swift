import Platform
import Testing

/// `PLUMB_SEEDS=17` runs one seed and tells its story; `PLUMB_SEEDS=1-100000` runs many.
enum Seeds {
  static let standard: ClosedRange<UInt64> = 1...500
  /// Several parts run beside each other.
  static let parts = 8

  static var range: ClosedRange<UInt64> {
    guard let text = Environment.current().nonEmpty("PLUMB_SEEDS") else { return standard }
    let bounds = text.split(separator: "-").compactMap { UInt64($0) }
    guard let first = bounds.first, let last = bounds.last, first <= last else { return standard }
    return first...last
  }
}

@Suite("simulation")
struct SimulationTests {
  @Test(
    "whatever happens, one undisturbed run leaves every object once, recorded, and nothing to do",
    arguments: 0..<Seeds.parts)
  func seeds(part: Int) async throws {
    let range = Seeds.range
    for seed in range where Int(seed % UInt64(Seeds.parts)) == part {
      var simulation = Simulation(seed: seed)
      let violations = try await simulation.run()
      if range.count == 1 { print(simulation.story.joined(separator: "\n")) }
      guard !violations.isEmpty else { continue }
      Issue.record("PLUMB_SEEDS=\(seed) make simulate\n\(violations.prefix(5).joined(separator: "\n"))")
    }
  }
}
