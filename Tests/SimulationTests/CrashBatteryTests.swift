import Applying
import Diagnostics
import Engine
import Inventory
import Planning
import Platform
import Resources
import Synchronization
import TestSupport
import Testing

/// Runs that are stopped at every call that writes and at every commit, before and after its effect, and one more
/// run each that nobody disturbs.
@Suite("crash battery")
struct CrashBatteryTests {
  struct Scenario: Sendable, CustomTestStringConvertible {
    var name: String
    /// What stands before the run that is stopped; nil for nothing.
    var before: (any FileSystem)?
    var root = SimulatedWorld.root
    var files: any FileSystem
    var mode = PlanMode.apply
    var width = 1
    var testDescription: String { "\(name), \(width) at once" }
  }

  static let scenarios: [Scenario] = [
    Scenario(
      name: "apply of a whole estate", root: "\(projectFolder())/examples/quickstart", files: LocalFiles(), width: 16),
    Scenario(name: "updates, replacements and deletes", before: MixedEstate.before, files: MixedEstate.after),
    Scenario(
      name: "updates, replacements and deletes", before: MixedEstate.before, files: MixedEstate.after, width: 16),
    Scenario(
      name: "destroy", before: LocalFiles(), root: "\(projectFolder())/examples/aws-network", files: LocalFiles(),
      mode: .destroy),
  ]

  @Test(
    "one more run after a crash at any point leaves nothing twice, nothing unrecorded, nothing to do",
    arguments: scenarios)
  func everyPoint(scenario: Scenario) async throws {
    let (writes, commits) = try await rehearse(scenario)
    #expect(writes > 10 && commits > 3)
    let points =
      (1...writes).flatMap { number in SimulatedProcess.Side.allCases.map { SimulatedProcess.Point.write(number, $0) } }
      + (1...commits).flatMap { number in SimulatedProcess.Side.allCases.map { .commit(number, $0) } }
    var violations: [String] = []
    for point in points {
      violations += try await crash(scenario, at: point).map { "\(point): \($0)" }
    }
    let orphans = violations.count { $0.contains("orphan") }
    let duplicates = violations.count { $0.contains("duplicate") }
    print(
      "crash battery, \(scenario.testDescription): \(points.count) points, \(orphans) orphans, \(duplicates) duplicates"
    )
    #expect(violations.isEmpty, "\(violations.count): \(violations.prefix(8).joined(separator: "\n"))")
  }

  private func options(_ scenario: Scenario) -> (inout PlannerOptions) -> Void {
    { options in
      options.mode = scenario.mode
      options.allowStateful = ["*"]
    }
  }

  private func prepared(_ scenario: Scenario) async throws -> SimulatedWorld {
    let world = SimulatedWorld(seed: 11)
    guard let before = scenario.before else { return world }
    let summary = try await world.run(before, root: scenario.root).apply()
    try #require(summary?.outcome == .complete, "\(summary?.gist ?? "nothing")")
    return world
  }

  /// How many writes and commits the run has that nobody stops.
  private func rehearse(_ scenario: Scenario) async throws -> (Int, Int) {
    let world = try await prepared(scenario)
    let process = SimulatedProcess()
    var run = world.run(scenario.files, process, root: scenario.root)
    run.width = scenario.width
    let summary = try await run.apply(options(scenario))
    try #require(summary?.outcome == .complete, "\(summary?.gist ?? "nothing")")
    return process.counts
  }

  private func crash(_ scenario: Scenario, at point: SimulatedProcess.Point) async throws -> [String] {
    let world = try await prepared(scenario)
    let process = SimulatedProcess(crash: point)
    var run = world.run(scenario.files, process, root: scenario.root)
    run.width = scenario.width
    do throws(EngineFailure) {
      try await run.apply(options(scenario))
    } catch {
      // A dead process has nothing to say.
    }
    try await run.bury()
    // With several calls at once a run may have fewer commits than the one that was counted.
    guard process.isDead || scenario.width > 1 else { return ["it did not die"] }
    var second = world.run(scenario.files, root: scenario.root)
    second.width = scenario.width
    do throws(EngineFailure) {
      let summary = try await second.apply(options(scenario))
      if let summary, summary.outcome != .complete { return [summary.gist] }
    } catch {
      return ["the second run fails: \(error.diagnostics.map(\.message))"]
    }
    var reckoning = Reckoning(world)
    try await reckoning.reckon(second, options(scenario))
    return reckoning.violations
  }
}

/// The top of the checkout.
func projectFolder(_ file: String = #filePath) -> String {
  file.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
}
