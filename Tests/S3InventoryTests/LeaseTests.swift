import Inventory
import Platform
import Resources
import S3Inventory
import Testing

@Suite("The lease of the shared lock")
struct LeaseTests {
  private let bob = StoreBattery.holder("bob", run: "r2")

  @Test("a lease that is renewed is never taken; one that is not is taken over, with a higher fence")
  func takeover() async throws {
    let world = LogWorld()
    let first = world.store()
    let lease = try await world.run(first, "r1", [LogWorld.put("a")])
    for _ in 0..<5 {
      world.time.advance(by: .seconds(20))
      try await first.renew(lease)
      #expect(await refusal { _ = try await world.store().lock(bob, timeout: .zero) } == .locked(lease.holder))
    }
    world.time.advance(by: .seconds(31))
    let next = try await world.store().lock(bob, timeout: .zero)
    #expect(next.fence > lease.fence)
    #expect(await refusal { try await first.renew(lease) } == .fenced)
  }

  @Test("a writer that slept past its lease writes nothing once another has taken over")
  func sleeper() async throws {
    let world = LogWorld()
    let first = world.store()
    let lease = try await world.run(first, "r1", [LogWorld.put("a")])
    world.time.advance(by: .seconds(40))
    let second = world.store()
    let next = try await second.lock(bob, timeout: .zero)
    #expect(await refusal { try await first.commit(LogWorld.put("late"), lease) } == .fenced)
    try await second.commit(LogWorld.put("b"), next)
    try await first.unlock(lease)
    try await second.renew(next)
    #expect(try await world.store().load().records.map(\.address.text) == ["aws.Vpc/a", "aws.Vpc/b"])
  }

  @Test("a writer that slept past its lease goes on where nobody took over")
  func sleeperAlone() async throws {
    let world = LogWorld()
    let first = world.store()
    let lease = try await world.run(first, "r1", [LogWorld.put("a")])
    world.time.advance(by: .seconds(400))
    try await first.commit(LogWorld.put("b"), lease)
    try await first.renew(lease)
    try await first.unlock(lease)
    #expect(try await world.store().load().records.count == 2)
  }

  @Test("a writer that slept until its number was collected and free again does not believe its batch")
  func longSleeper() async throws {
    var world = LogWorld()
    world.settings.retention = .seconds(100)
    let sleeper = world.store()
    let lease = try await world.run(sleeper, "r0", [LogWorld.put("a")])
    for number in 1..<8 {
      world.time.advance(by: .seconds(200))
      let store = world.store()
      let taken = try await world.run(store, "r\(number)", [LogWorld.put("b"), LogWorld.put("c")])
      try await store.unlock(taken)
    }
    #expect(!world.objects.keys.contains(world.layout.segment(3)), "the number it will try is free again")
    #expect(await refusal { try await sleeper.commit(LogWorld.put("late"), lease) } == .fenced)
    #expect(world.objects.keys.contains(world.layout.segment(3)))
    let snapshot = try await world.store().load()
    #expect(snapshot.records.map(\.address.text) == ["aws.Vpc/a", "aws.Vpc/b", "aws.Vpc/c"])
    try await world.store().verify()
  }

  @Test("wall clocks that are wrong by hours neither steal a lease nor keep one", arguments: [-36_000, 36_000])
  func clockJump(_ seconds: Int) async throws {
    let world = LogWorld()
    let lease = try await world.run(world.store(), "r1", [LogWorld.put("a")])
    let wrong = world.store(jump: .seconds(seconds))
    #expect(await refusal { _ = try await wrong.lock(bob, timeout: .seconds(20)) } == .locked(lease.holder))
    world.time.advance(by: .seconds(12))
    let next = try await wrong.lock(bob, timeout: .zero)
    try await wrong.commit(LogWorld.put("b"), next)
    #expect(try await world.store().load().records.count == 2)
  }

  @Test("a lease is judged by the server's clock and by how long it was seen, by nothing else")
  func verdicts() {
    let holder = StoreBattery.holder("ana", run: "r1")
    func found(_ etag: String, age: Int?, holder: LockHolder? = holder) -> FoundLease {
      let document = LeaseDocument(fence: Fence(1), head: 1, length: .seconds(30), holder: holder)
      return FoundLease(document: document, etag: etag, age: age.map { .seconds($0) })
    }
    var watch = LeaseWatch()
    #expect(watch.judge(nil, elapsed: .zero) == .free)
    #expect(watch.judge(found("a", age: 0, holder: nil), elapsed: .zero) == .free)
    #expect(watch.judge(found("a", age: 30), elapsed: .zero) == .held(holder))
    #expect(watch.judge(found("a", age: 31), elapsed: .zero) == .free)
    #expect(watch.judge(found("a", age: nil), elapsed: .seconds(29)) == .held(holder))
    #expect(watch.judge(found("a", age: nil), elapsed: .seconds(30)) == .free)
    #expect(watch.judge(found("b", age: nil), elapsed: .seconds(31)) == .held(holder), "renewed: a new watch begins")
    #expect(watch.judge(found("b", age: nil), elapsed: .seconds(60)) == .held(holder))
    #expect(watch.judge(found("b", age: nil), elapsed: .seconds(61)) == .free)
  }

  @Test("breaking a lock is in the history, and the holder is shut out at once")
  func broken() async throws {
    let world = LogWorld()
    let first = world.store()
    let lease = try await world.run(first, "r1", [LogWorld.put("a")])
    try await world.store().breakLock(reason: "runner is gone", by: bob)
    #expect(try await world.store().lockHolder() == nil)
    #expect(await refusal { try await first.commit(LogWorld.put("late"), lease) } == .fenced)
    let last = String(decoding: try #require(world.objects.bytes(world.layout.segment(3))), as: UTF8.self)
    #expect(last.contains("lock-broken") && last.contains("runner is gone"))
    let next = try await world.store().lock(bob, timeout: .zero)
    #expect(next.fence > lease.fence)
  }

  @Test("breaking the lock of an inventory that does not exist makes none")
  func brokenAbsent() async throws {
    let world = LogWorld()
    try await world.store().breakLock(reason: "why not", by: bob)
    #expect(world.objects.keys.isEmpty)
  }

  @Test("the lock of a run that is gone is waited for, no longer than its lease")
  func waiting() async throws {
    let world = LogWorld()
    try await world.run(world.store(), "r1", [LogWorld.put("a")])
    let start = world.time.elapsed
    _ = try await world.store().lock(bob, timeout: .seconds(60))
    #expect(world.time.elapsed - start <= .seconds(31))
    #expect(world.time.elapsed - start >= .seconds(30))
  }
}
