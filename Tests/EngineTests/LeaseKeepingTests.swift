import Applying
import Diagnostics
import Engine
import Inventory
import Planning
import Platform
import ProviderKit
import Resources
import SandboxProvider
import Synchronization
import Testing

/// A store that tells of every renewal, and can lose its lease.
private final class RenewedStore: InventoryStore {
  private let inner = InMemoryStore(time: SystemTime())
  private let told: AsyncStream<Int>.Continuation
  let renewals: AsyncStream<Int>
  private let count = Mutex(0)

  init() { (renewals, told) = AsyncStream.makeStream() }

  var renewal: Duration { .milliseconds(1) }

  func renew(_ lease: Lease) async throws(StoreError) {
    try await inner.renew(lease)
    told.yield(
      count.withLock { count in
        count += 1
        return count
      })
  }

  func load() async throws(StoreError) -> InventorySnapshot { try await inner.load() }
  func lock(_ holder: LockHolder, timeout: Duration) async throws(StoreError) -> Lease {
    try await inner.lock(holder, timeout: timeout)
  }
  func unlock(_ lease: Lease) async throws(StoreError) { try await inner.unlock(lease) }
  func lockHolder() async throws(StoreError) -> LockHolder? { try await inner.lockHolder() }
  func breakLock(reason: String, by holder: LockHolder) async throws(StoreError) {
    try await inner.breakLock(reason: reason, by: holder)
  }
  func commit(_ batch: Batch, _ lease: Lease) async throws(StoreError) { try await inner.commit(batch, lease) }
  func history(of address: Address) async throws(StoreError) -> [JournalEntry] {
    try await inner.history(of: address)
  }
  func stepsDone(of plan: PlanID) async throws(StoreError) -> [Int] { try await inner.stepsDone(of: plan) }
}

@Suite("a lease while nothing is written")
struct LeaseKeepingTests {
  private static let files = [
    "plumb.yaml": """
    apiVersion: plumb.dev/v1
    kind: Estate
    metadata: {name: demo, id: est-abc123}
    spec: {include: ["*.yaml"], defaults: {targets: {aws: main}}}
    ---
    apiVersion: plumb.dev/v1
    kind: Target
    metadata: {name: main}
    spec: {aws: {accountId: "123456789012", region: us-west-2}}
    ---
    apiVersion: aws.plumb.dev/v1
    kind: Vpc
    metadata: {name: main}
    spec: {cidrBlock: 10.0.0.0/16}

    """
  ]

  @Test("the lease is renewed while somebody thinks about the question, and is lost all the same when it is broken")
  func question() async throws {
    let world = EngineWorld(files: Self.files)
    let store = RenewedStore()
    var outside = world.engine.world
    outside.openStore = { _ in store }
    let engine = Engine(world: outside, root: world.root)
    let outcome = try await engine.apply(
      ApplyRequest(), control: ApplyControl(), events: { _ in },
      confirm: { _ in
        for await count in store.renewals where count >= 3 { return true }
        return false
      })
    guard case .applied(let summary, _) = outcome else {
      Issue.record("nothing was applied")
      return
    }
    #expect(summary.outcome == .complete)
    let effects = world.log.effects.count
    var destroying = ApplyRequest()
    destroying.options.mode = .destroy
    var code: ExitCode?
    do throws(EngineFailure) {
      _ = try await engine.apply(
        destroying, control: ApplyControl(), events: { _ in },
        confirm: { _ in
          do { try await store.breakLock(reason: "stuck", by: StoreBattery.holder("ops", run: "b")) } catch {
            return false
          }
          return true
        })
    } catch {
      code = error.exitCode
    }
    #expect(code == .locked)
    #expect(world.log.effects.count == effects)
  }
}
