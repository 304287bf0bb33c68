import Inventory
import Platform
import Resources
import S3Inventory
import Testing

@Suite("Answers that are lost")
struct LostAnswerTests {
  @Test(
    "a segment whose answer was lost is read back: it counts once, whether it arrived or not",
    arguments: [SimulatedObjects.Fault.lostAfter, .lostBefore])
  func segment(_ fault: SimulatedObjects.Fault) async throws {
    let world = LogWorld()
    let store = world.store()
    let lease = try await world.run(store, "r1", [])
    world.objects.fail("put \(world.layout.segment(2))", fault)
    try await store.commit(LogWorld.put("a"), lease)
    try await store.commit(LogWorld.put("b"), lease)
    let puts = world.objects.requests.filter { $0 == "put \(world.layout.segment(2))" }.count
    #expect(puts == (fault == .lostAfter ? 1 : 2))
    #expect(world.objects.requests.contains("get \(world.layout.segment(2))"))
    let snapshot = try await world.store().load()
    #expect(snapshot.serial == 2 && snapshot.records.count == 2)
  }

  @Test("a batch given up for lost that had arrived is taken along by the next one")
  func unsettled() async throws {
    let world = LogWorld()
    let store = world.store()
    let lease = try await world.run(store, "r1", [Batch(events: [.began(PlanID("p1"), command: "apply")])])
    world.objects.fail("put \(world.layout.segment(3))", .lostAfter)
    world.objects.fail("get \(world.layout.segment(3))", .lostBefore)
    let intent = Batch(events: [.intent(StoreBattery.intent("o1", "a"))])
    #expect(await refusal { try await store.commit(intent, lease) } == .unwritable)
    try await store.commit(Batch(events: [.intent(StoreBattery.intent("o2", "b"))]), lease)
    let snapshot = try await world.store().load()
    #expect(snapshot.openIntents.map(\.id.text) == ["o1", "o2"])
    #expect(snapshot.nextSequence == 4)
  }

  @Test("every put of a run may lose its answer, one at a time, and nothing is lost or doubled")
  func everyPut() async throws {
    for fault in [SimulatedObjects.Fault.lostAfter, .lostBefore] {
      for skip in 0..<9 {
        var world = LogWorld()
        world.settings.segmentsPerSnapshot = 3
        world.objects.fail("put", fault, skip: skip)
        let store = world.store()
        let lease = try await world.run(store, "r1", LogWorld.operation("o1", plan: "p1"))
        try await store.renew(lease)
        try await store.unlock(lease)
        let snapshot = try await world.store().load()
        #expect(snapshot.serial == 4 && snapshot.records.count == 1 && snapshot.nextSequence == 5)
        #expect(try await world.store().lockHolder() == nil)
        try await world.store().verify()
      }
    }
  }

  @Test("a renewal that fails while the lease lasts takes nothing; one that fails longer says so")
  func renewals() async throws {
    let world = LogWorld()
    let store = world.store()
    let lease = try await world.run(store, "r1", [])
    world.objects.fail("put \(world.layout.lock)", .denied, count: 2)
    world.time.advance(by: .seconds(10))
    try await store.renew(lease)
    world.time.advance(by: .seconds(15))
    #expect(await refusal { try await store.renew(lease) } == .unwritable)
    try await store.renew(lease)
    try await store.commit(LogWorld.put("a"), lease)
  }

  @Test("a write that is refused for good is told, and leaves the store usable")
  func denied() async throws {
    let world = LogWorld()
    let store = world.store()
    let lease = try await world.run(store, "r1", [])
    world.objects.fail("put", .denied)
    #expect(await refusal { try await store.commit(LogWorld.put("a"), lease) } == .unwritable)
    try await store.commit(LogWorld.put("b"), lease)
    try await store.unlock(lease)
    #expect(try await world.store().load().records.map(\.address.text) == ["aws.Vpc/b"])
  }
}
