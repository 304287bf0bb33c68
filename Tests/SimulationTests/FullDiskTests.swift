import Applying
import Diagnostics
import Engine
import Inventory
import Platform
import Testing

/// The disk with the inventory fills up, loses power, and takes no flush, at every place where it can.
@Suite("the inventory's disk")
struct FullDiskTests {
  /// Bytes between two limits: less than a page, so that every write of the run meets a full disk.
  private static let step = 3_000

  @Test("a disk that is full at any write is told as such, loses nothing, and the next run goes on")
  func full() async throws {
    var room = 0, refusals = 0, points = 0
    while true {
      let world = SimulatedWorld(seed: 4, inventory: .disk)
      world.inventory.currentDisk?.limit(room)
      let told = try await problem(world.run(MixedEstate.lone))
      world.inventory.currentDisk?.limit(nil)
      if let told {
        refusals += 1
        #expect(told.contains("full") || told.contains("No space left"), "\(room) bytes: \(told)")
      }
      points += 1
      try await reckon(world, "\(room) bytes")
      guard told != nil else { break }
      room += Self.step
    }
    print("a full disk: \(points) points, \(refusals) runs refused or stopped")
    #expect(refusals > 10)
  }

  /// What the run says of its inventory; nil where it went through.
  private func problem(_ run: SimulatedRun) async throws -> String? {
    do throws(EngineFailure) {
      return try await run.apply()?.inventoryProblem?.message
    } catch {
      return error.diagnostics.map(\.message).joined(separator: "; ")
    }
  }

  private func reckon(_ world: SimulatedWorld, _ point: String) async throws {
    let run = world.run(MixedEstate.lone)
    let summary = try await run.apply()
    #expect(summary.map { $0.outcome == .complete } ?? true, "\(point): \(summary?.gist ?? "")")
    var reckoning = Reckoning(world)
    try await reckoning.reckon(run)
    #expect(reckoning.violations.isEmpty, "\(point): \(reckoning.violations)")
  }

  @Test("the power fails at every commit, before and after it, and what was answered for is there")
  func power() async throws {
    var points = 0
    for number in 1...6 {
      for side in SimulatedProcess.Side.allCases {
        for seed: UInt64 in 1...8 {
          let world = SimulatedWorld(seed: 4, inventory: .disk)
          let run = world.run(MixedEstate.lone, SimulatedProcess(crash: .commit(number, side)))
          _ = try await problem(run)
          let before = try await world.inventory.load()
          try await run.bury(powerFailure: seed)
          let after = try await world.inventory.load()
          #expect(after.serial == before.serial && after.nextSequence == before.nextSequence, "\(number) \(side)")
          try await reckon(world, "\(side.rawValue) commit \(number), seed \(seed)")
          points += 1
        }
      }
    }
    print("power failures: \(points) points")
  }

  @Test("a disk that does not flush is what these power failures would notice")
  func canary() async throws {
    var losses = 0
    for seed: UInt64 in 1...8 {
      let world = SimulatedWorld(seed: 4, inventory: .disk)
      world.inventory.currentDisk?.ignoreFlushes()
      let run = world.run(MixedEstate.lone, SimulatedProcess(crash: .commit(2, .after)))
      _ = try await problem(run)
      let before = try await world.inventory.load()
      try await run.bury(powerFailure: seed)
      do throws(StoreError) {
        if try await world.inventory.load().serial != before.serial { losses += 1 }
      } catch {
        losses += 1
      }
    }
    #expect(losses > 0)
  }
}
