import Diagnostics
import Engine
import Inventory
import Planning
import Platform
import Resources
import Testing

/// A process that is stopped while another takes over, and then goes on.
@Suite("takeover")
struct TakeoverTests {
  private func takeOver(_ files: SimulatedFiles, at pause: SimulatedProcess.Point) async throws -> (
    SimulatedWorld, Plan
  ) {
    let world = SimulatedWorld(seed: 3)
    let process = SimulatedProcess(pause: pause) {
      do {
        try await world.breakLock()
        try await world.run(files).apply()
      } catch {
        world.ledger.note("the takeover fails: \(error)")
      }
    }
    do throws(EngineFailure) {
      try await world.run(files, process).apply()
    } catch {
      #expect(error.exitCode == .locked)
    }
    return (world, try await world.run(files).plan())
  }

  @Test("a process stopped before it announces anything writes nothing when it goes on", arguments: 2...6)
  func stoppedBeforeCommit(number: Int) async throws {
    let (world, plan) = try await takeOver(MixedEstate.before, at: .commit(number, .before))
    #expect(plan.isEmpty && plan.diagnostics.isEmpty, "\(plan.gist)")
    var reckoning = Reckoning(world)
    try await reckoning.reckon(world.run(MixedEstate.before))
    #expect(reckoning.violations.isEmpty, "\(reckoning.violations)")
  }

  @Test("between check and send no fence helps: what is made twice, the next plan names")
  func stoppedBeforeSending() async throws {
    let (world, plan) = try await takeOver(MixedEstate.lone, at: .write(1, .before))
    let recorded = Set(try await world.inventory.load().records.map(\.remote))
    let twice = try await world.objects().filter { !recorded.contains($0.remote) }
    #expect(twice.count == 1)
    #expect(twice.allSatisfy { object in plan.diagnostics.contains { $0.message.contains(object.remote.text) } })
  }
}
