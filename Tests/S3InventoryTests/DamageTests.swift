import Inventory
import Platform
import Resources
import S3Inventory
import Testing

@Suite("A damaged log")
struct DamageTests {
  private func filled(unlocked: Bool) async throws -> LogWorld {
    let world = LogWorld()
    let store = world.store()
    let lease = try await world.run(store, "r1", LogWorld.operation("o1", plan: "p1"))
    if unlocked { try await store.unlock(lease) }
    return world
  }

  @Test("the last segment cut at any byte is corrupt, never an empty estate")
  func everyCut() async throws {
    let world = try await filled(unlocked: false)
    for number: UInt64 in [4, 5] {
      let key = world.layout.segment(number)
      let whole = try #require(world.objects.bytes(key))
      for end in 0..<whole.count {
        world.objects.overwrite(key, Array(whole[..<end]))
        #expect(await refusal { _ = try await world.store().load() } == .corrupt, "cut at \(end)")
      }
      world.objects.overwrite(key, whole)
    }
    #expect(try await world.store().load().records.count == 1)
  }

  @Test("a snapshot or the lock's object cut at any byte is corrupt")
  func otherCuts() async throws {
    let world = try await filled(unlocked: true)
    for key in [world.layout.snapshot(5), world.layout.lock] {
      let whole = try #require(world.objects.bytes(key))
      for end in 0..<whole.count {
        world.objects.overwrite(key, Array(whole[..<end]))
        #expect(await refusal { _ = try await world.store().load() } == .corrupt, "\(key) cut at \(end)")
      }
      world.objects.overwrite(key, whole)
    }
    #expect(try await world.store().load().records.count == 1)
  }

  @Test(
    "a missing segment is corrupt: the first, one between, and the last that the lock knows of", arguments: [1, 3, 6])
  func gaps(_ number: UInt64) async throws {
    let world = LogWorld()
    let store = world.store()
    let lease = try await world.run(store, "r1", (0..<5).map { LogWorld.put("n\($0)") })
    try await store.renew(lease)
    world.objects.overwrite(world.layout.segment(number), nil)
    #expect(await refusal { _ = try await world.store().load() } == .corrupt)
  }

  @Test("a log whose every segment is gone is corrupt while the lock's object knows of it")
  func allGone() async throws {
    let world = try await filled(unlocked: true)
    for key in world.objects.keys where key != world.layout.lock { world.objects.overwrite(key, nil) }
    #expect(await refusal { _ = try await world.store().load() } == .corrupt)
    let locked = await refusal { _ = try await world.store().lock(StoreBattery.holder("b", run: "r"), timeout: .zero) }
    #expect(locked == .corrupt)
  }

  @Test("a segment under another's number is corrupt")
  func swapped() async throws {
    let world = try await filled(unlocked: false)
    world.objects.overwrite(world.layout.segment(5), world.objects.bytes(world.layout.segment(4)))
    #expect(await refusal { _ = try await world.store().load() } == .corrupt)
  }

  @Test("a segment of a newer version is refused as that")
  func newer() async throws {
    let world = try await filled(unlocked: false)
    let text = String(decoding: try #require(world.objects.bytes(world.layout.segment(5))), as: UTF8.self)
    let changed = text.replacing("{\"version\":1,\"number\"", with: "{\"version\":2,\"number\"")
    #expect(changed != text)
    world.objects.overwrite(world.layout.segment(5), Array(changed.utf8))
    #expect(await refusal { _ = try await world.store().load() } == .newerVersion)
  }

  @Test("a bucket that cannot be read is an error, never an empty estate")
  func unreadable() async throws {
    let world = try await filled(unlocked: true)
    for operation in ["get", "list", "snapshot"] {
      world.objects.fail(operation, .denied)
      #expect(await refusal { _ = try await world.store().load() } == .unreadable)
    }
  }
}
