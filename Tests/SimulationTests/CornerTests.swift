import Diagnostics
import Engine
import Inventory
import Planning
import Platform
import ProviderKit
import Resources
import SandboxProvider
import Testing

/// Corners that simulation has found, each by itself.
@Suite("corners")
struct CornerTests {
  private func vpc(_ metadata: String, _ cidr: String = "10.0.0.0/16") -> String {
    MixedEstate.document("Vpc", metadata, "cidrBlock: \(cidr)")
  }

  private func subnet(of vpc: String) -> String {
    MixedEstate.document("Subnet", "name: a", "vpcId: \"${aws.Vpc.\(vpc).id}\", cidrBlock: 10.0.0.0/24")
  }

  private func group(_ vpc: String) -> String {
    MixedEstate.document("SecurityGroup", "name: a", "vpcId: \"${aws.Vpc.\(vpc).id}\", description: text")
  }

  private func bucket(_ name: String) -> String { MixedEstate.document("Bucket", "name: data", "bucket: \(name)") }

  /// One undisturbed run completes, and all that must hold does.
  private func expectSettled(_ world: SimulatedWorld, _ files: SimulatedFiles) async throws {
    let run = world.run(files)
    let all: (inout PlannerOptions) -> Void = { $0.allowStateful = ["*"] }
    let summary = try await run.apply(all)
    #expect(summary.map { $0.gist == "complete " } ?? true, "\(summary?.gist ?? "")")
    var reckoning = Reckoning(world)
    try await reckoning.reckon(run, all)
    #expect(reckoning.violations.isEmpty, "\(reckoning.violations)")
  }

  private func deleteBehindOurBack(_ world: SimulatedWorld) async throws {
    let writer = try await world.cloud.writer(SimulatedWorld.target, fence: Fence(0))
    for object in try await world.objects() { try await writer.delete(object, OperationToken("foreign"), .ignore) }
  }

  @Test("what moves and is gone is made at its new address")
  func movedAndGone() async throws {
    let world = SimulatedWorld(seed: 1)
    try await world.run(MixedEstate.files([vpc("name: a")])).apply()
    try await deleteBehindOurBack(world)
    try await expectSettled(world, MixedEstate.files([vpc("name: b, movedFrom: aws.Vpc/a")]))
  }

  @Test("what moves, is gone and is made half at its new address is recorded there alone")
  func movedAndMadeByHalf() async throws {
    let world = SimulatedWorld(seed: 1)
    try await world.run(MixedEstate.files([bucket("one")])).apply()
    try await deleteBehindOurBack(world)
    let moved = MixedEstate.files([
      MixedEstate.document("Bucket", "name: moved, movedFrom: aws.Bucket/data", "bucket: one, tags: {a: b}")
    ])
    _ = try await world.run(moved, weather: Weather(certain: [1: .partial])).apply()
    #expect(try await world.inventory.load().records.map(\.address.text) == ["aws.Bucket/moved"])
    try await expectSettled(world, moved)
  }

  @Test("a move whose marker was written and whose answer was an error is a move")
  func movedByHalf() async throws {
    let world = SimulatedWorld(seed: 1)
    try await world.run(MixedEstate.files([vpc("name: a")])).apply()
    let moved = MixedEstate.files([vpc("name: b, movedFrom: aws.Vpc/a")])
    _ = try await world.run(moved, weather: Weather(certain: [1: .partial])).apply()
    #expect(try await world.inventory.load().records.map(\.address.text) == ["aws.Vpc/b"])
    try await expectSettled(world, MixedEstate.files([vpc("name: b")]))
  }

  @Test("a move whose marker was written and that ended as refused is one still, without `movedFrom`")
  func movedAndForgotten() async throws {
    let world = SimulatedWorld(seed: 1)
    try await world.run(MixedEstate.files([vpc("name: a"), subnet(of: "a")])).apply()
    let before = try await world.objects().map(\.remote)
    let moved = MixedEstate.files([vpc("name: b, movedFrom: aws.Vpc/a"), subnet(of: "b")])
    let weather = Weather(certain: [1: .errorAfter, 2: .denied, 3: .denied, 4: .denied, 5: .denied])
    _ = try await world.run(moved, weather: weather).apply()
    try await expectSettled(world, MixedEstate.files([vpc("name: b"), subnet(of: "b")]))
    #expect(try await world.objects().map(\.remote) == before)
  }

  @Test("a move that failed leaves the records of what refers to it as they were, so that deletes keep their order")
  func moveInVain() async throws {
    let world = SimulatedWorld(seed: 1)
    try await world.run(MixedEstate.files([vpc("name: a"), subnet(of: "a")])).apply()
    let moved = MixedEstate.files([vpc("name: b, movedFrom: aws.Vpc/a"), subnet(of: "b")])
    _ = try await world.run(moved, weather: Weather(certain: [1: .denied, 2: .denied, 3: .denied])).apply()
    #expect(
      try await world.inventory.load().records.map { $0.dependencies.map(\.text) } == [["aws.Vpc/a"], []])
    try await expectSettled(world, MixedEstate.files([vpc("name: b"), subnet(of: "b")]))
  }

  @Test("after a move, everything is still deleted in the order of its references")
  func movedAndDestroyed() async throws {
    let world = SimulatedWorld(seed: 1)
    try await world.run(MixedEstate.files([vpc("name: a"), subnet(of: "a")])).apply()
    try await world.run(MixedEstate.files([vpc("name: b, movedFrom: aws.Vpc/a"), subnet(of: "b")])).apply()
    try await expectSettled(world, MixedEstate.files([]))
    #expect(try await world.objects().isEmpty)
  }

  @Test("the old object of an unfinished replacement is deleted before what it refers to")
  func leftoverOrder() async throws {
    let world = SimulatedWorld(seed: 1)
    try await world.run(MixedEstate.files([vpc("name: a"), group("a")])).apply()
    let replaced = MixedEstate.files([vpc("name: b", "10.1.0.0/16"), group("b")])
    _ = try await world.run(replaced, SimulatedProcess(crash: .write(3, .before))).apply()
    try await world.breakLock()
    #expect(try await world.inventory.load().records.contains(where: \.isSuperseded))
    try await expectSettled(world, replaced)
  }

  @Test("the old object of an unfinished replacement holds data and counts in the budget like any other")
  func leftoverGuards() async throws {
    let world = SimulatedWorld(seed: 1)
    try await world.run(MixedEstate.files([bucket("one")])).apply()
    let replaced = MixedEstate.files([bucket("two")])
    let dying = world.run(replaced, SimulatedProcess(crash: .write(2, .before)))
    _ = try await dying.apply { $0.allowStateful = ["*"] }
    try await world.breakLock()
    try #require(try await world.inventory.load().records.contains(where: \.isSuperseded))
    func codes(_ adjust: @escaping (inout PlannerOptions) -> Void) async throws -> [DiagnosticCode] {
      try await world.run(replaced).plan(adjust).diagnostics.map(\.code)
    }
    #expect(try await codes { _ in } == [DiagnosticCode(2102)])
    let overBudget = try await codes { options in
      options.allowStateful = ["*"]
      options.maxDeletes = 0
    }
    #expect(overBudget == [DiagnosticCode(2103)])
    try await expectSettled(world, replaced)
  }

  @Test("a create that took effect on a late try is found, though its announcement is older than the window")
  func lateEffect() async throws {
    let world = SimulatedWorld(seed: 1, staleLists: .seconds(1))
    let files = MixedEstate.files([vpc("name: a")])
    let weather = Weather(certain: [1: .throttle, 2: .errorBefore, 3: .errorBefore, 4: .errorBefore, 5: .lostResponse])
    _ = try await world.run(files, weather: weather).apply()
    try await expectSettled(world, files)
    #expect(try await world.objects().count == 1)
  }

  @Test("a process that died on a late try leaves nothing that recovery does not wait for")
  func lateDeath() async throws {
    let world = SimulatedWorld(seed: 1, staleLists: .seconds(1))
    let files = MixedEstate.files([vpc("name: a")])
    let weather = Weather(certain: [1: .errorBefore, 2: .errorBefore, 3: .errorBefore, 4: .errorBefore])
    _ = try await world.run(files, SimulatedProcess(crash: .write(5, .after)), weather: weather).apply()
    try await world.breakLock()
    try await expectSettled(world, files)
    #expect(try await world.objects().count == 1)
  }

  @Test("a create that came to nothing is sent again under its own token, as long as it says the same")
  func sameToken() async throws {
    let world = SimulatedWorld(seed: 1)
    func tokens(_ cidr: String, _ process: SimulatedProcess = SimulatedProcess()) async throws -> [OperationToken] {
      _ = try await world.run(MixedEstate.files([vpc("name: a", cidr)]), process).apply()
      if process.isDead { try await world.breakLock() }
      return try await world.inventory.open().history(of: Address("aws.Vpc/a")).compactMap { entry in
        if case .intent(let intent) = entry.event { intent.token } else { nil }
      }
    }
    let dying = { SimulatedProcess(crash: .write(1, .before)) }
    _ = try await tokens("10.0.0.0/16", dying())
    let same = try await tokens("10.0.0.0/16", dying())
    #expect(same.count == 2 && same[0] == same[1])
    let other = try await tokens("10.1.0.0/16")
    #expect(other.count == 3 && other[2] != other[1])
    #expect(try await world.objects().count == 1)
  }
}
