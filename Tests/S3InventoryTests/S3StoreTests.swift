import Inventory
import Platform
import ProviderKit
import Resources
import S3Inventory
import Testing
import Values

@Suite struct S3StoreTests {
  @Test("an inventory in a bucket passes the battery", arguments: StoreBattery.checks, [1, 3, 64])
  func battery(_ check: StoreBattery.Check, _ segmentsPerSnapshot: Int) async throws {
    let objects = SimulatedObjects(time: SystemTime())
    let settings = S3StoreSettings(
      poll: .milliseconds(2), segmentsPerSnapshot: segmentsPerSnapshot, entriesPerArchive: 4, retention: .zero)
    let scope = ScopeID(estate: "est-1")
    try await check.run { S3Store(objects: objects, scope: scope, settings: settings) }
    try await S3Store(objects: objects, scope: scope, settings: settings).verify()
  }

  @Test("after a run, loading takes three requests, and one more for each segment of a run that was killed")
  func requests() async throws {
    let world = LogWorld()
    let store = world.store()
    let lease = try await world.run(store, "r1", (0..<30).map { LogWorld.put("n\($0)") })
    var before = world.objects.requests.count
    #expect(try await world.store().load().records.count == 30)
    #expect(world.objects.requests.count - before == 2 + 31)
    try await store.unlock(lease)
    before = world.objects.requests.count
    #expect(try await world.store().load().records.count == 30)
    #expect(
      world.objects.requests[before...] == [
        "get infra/est-1/prod/lock.json", "list infra/est-1/prod/",
        "get infra/est-1/prod/snapshot/00000000000000000031.json",
      ])
    before = world.objects.requests.count
    let next = try await world.store().lock(StoreBattery.holder("bob", run: "r2"), timeout: .zero)
    #expect(next.fence.number == 2)
    #expect(world.objects.requests.count - before == 5)
  }

  @Test("what snapshots cover is deleted two generations later, and the history stays whole")
  func garbage() async throws {
    var world = LogWorld()
    world.settings.entriesPerArchive = 8
    for number in 0..<12 {
      let store = world.store()
      let lease = try await world.run(store, "r\(number)", LogWorld.operation("o\(number)", plan: "p\(number)"))
      try await store.unlock(lease)
      world.time.advance(by: .seconds(1_800))
    }
    let segments = world.objects.keys.filter { $0.contains("/log/") }
    let snapshots = world.objects.keys.filter { $0.contains("/snapshot/") }
    // Of the two newest generations; the third newest snapshot covers what went before.
    #expect(segments == (51...60).map { world.layout.segment($0) })
    #expect(snapshots == [50, 55, 60].map { world.layout.snapshot($0) })
    #expect(world.objects.keys.contains { $0.contains("/archive/1-8.json") })
    let store = world.store()
    try await store.verify()
    #expect(try await store.load().records.count == 12)
    #expect(try await store.history(of: StoreBattery.record("o0").address).map(\.sequence) == [2, 3])
    #expect(try await store.stepsDone(of: PlanID("p0")) == [0])
  }

  @Test("nothing is deleted before its time")
  func retention() async throws {
    let world = LogWorld()
    for number in 0..<6 {
      let store = world.store()
      try await store.unlock(try await world.run(store, "r\(number)", [LogWorld.put("a"), LogWorld.put("b")]))
    }
    #expect(world.objects.keys.filter { $0.contains("/log/") }.count == 18)
    #expect(!world.objects.requests.contains("delete"))
  }

  @Test("a scope without an environment and one with do not see each other")
  func scopes() async throws {
    let world = LogWorld()
    let other = S3Store(
      objects: world.objects, prefix: "infra", scope: ScopeID(estate: "est-1"), time: world.time)
    try await world.run(world.store(), "r1", [LogWorld.put("a")])
    #expect(try await other.load().records.isEmpty)
    _ = try await other.lock(StoreBattery.holder("bob", run: "r2"), timeout: .zero)
  }

  @Test("the place of an inventory is read whole, and everything wrong with it is told at once")
  func place() {
    let (place, problems) = S3Place.read([
      "bucket": "acme", "target": "main", "prefix": "a/b", "encryption": "aws:kms", "kmsKey": "k",
    ])
    #expect(problems.isEmpty)
    #expect(place == S3Place(bucket: "acme", target: TargetName("main"), prefix: "a/b", encryption: .kms(key: "k")))
    let wrong = S3Place.read(["bucket": "", "prefx": "a", "encryption": "rot13", "kmsKey": "k"])
    #expect(wrong.place == nil)
    #expect(
      wrong.problems.map(\.path.description) == ["s3.prefx", "s3.bucket", "s3.target", "s3.encryption", "s3.kmsKey"])
  }
}
