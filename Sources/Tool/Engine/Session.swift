import Applying
import Cryptography
import Diagnostics
import Inventory
import Planning
import Platform
import ProviderKit
import Resources

/// The lock on an inventory, for as long as a run writes.
struct Session: Sendable {
  var store: any InventoryStore
  var lease: Lease
  var scope: ScopeID

  /// Renews the lease until it is cancelled or the lease is lost: whoever writes next hears of that from the store.
  fileprivate func keep(_ renewal: Duration?, _ time: any TimeSource) async {
    while true {
      do throws(CancellationError) { try await time.sleep(for: renewal ?? store.renewal) } catch { return }
      do throws(StoreError) { try await store.renew(lease) } catch {
        if error.reason == .fenced { return }
      }
    }
  }
}

extension Engine {
  /// Runs a body under the lock, and gives the lock back. The lease is renewed all the while: planning, a survey of
  /// every type, and a question may take longer than it lasts.
  func withLock<R>(
    _ workspace: Workspace, _ request: ApplyRequest, _ body: (Session) async throws(EngineFailure) -> R
  ) async throws(EngineFailure) -> R {
    let session = try await lock(workspace, request)
    let keeper = Task { [time = world.time] in await session.keep(request.settings.renewal, time) }
    let result: Result<R, EngineFailure>
    do throws(EngineFailure) { result = .success(try await body(session)) } catch { result = .failure(error) }
    keeper.cancel()
    await keeper.value
    await release(session)
    return try result.get()
  }

  private func lock(_ workspace: Workspace, _ request: ApplyRequest) async throws(EngineFailure) -> Session {
    let store = try open(workspace, .write)
    let holder = LockHolder(
      name: world.user, process: world.process, command: request.command, since: world.time.now,
      run: RunID("run-" + world.random.base32ID()))
    do throws(StoreError) {
      return Session(
        store: store, lease: try await store.lock(holder, timeout: request.lockTimeout), scope: workspace.scope)
    } catch {
      throw EngineFailure(error)
    }
  }

  /// Gives the lock back. A lock that is lost or cannot be given back ends with this process, and the next run says so.
  private func release(_ session: Session) async {
    do throws(StoreError) { try await session.store.unlock(session.lease) } catch { return }
  }

  /// Settles what an earlier run left open, and reads the inventory as it then is.
  func settle(
    _ session: Session, _ workspace: Workspace, _ request: ApplyRequest,
    _ events: @escaping @Sendable (ApplyEvent) -> Void
  ) async throws(EngineFailure) -> InventorySnapshot {
    let inventory = try await snapshot(of: session.store)
    guard !inventory.openIntents.isEmpty else { return inventory }
    let names = Set(inventory.openIntents.map(\.target.target))
    let environment = try environment(
      session, workspace.catalog, try await targets(names, workspace.desired.targets), request, events)
    do throws(RecoveryError) {
      return try await Recovery.run(inventory, lease: session.lease, environment).snapshot
    } catch {
      throw EngineFailure(error)
    }
  }

  /// The targets by name, each asked who it is before anything is written to it.
  func targets(_ names: Set<TargetName>, _ declared: [Target]) async throws(EngineFailure) -> [TargetName: ApplyTarget]
  {
    let opened = try await Targets.open(names, of: declared, world.providers)
    var targets: [TargetName: ApplyTarget] = [:]
    for target in declared {
      guard let identity = opened.identities[target.name], let provider = world.providers[target.provider] else {
        continue
      }
      targets[target.name] = ApplyTarget(target: target, identity: identity, provider: provider)
    }
    let missing = names.filter { targets[$0] == nil }.sorted()
    guard missing.isEmpty else {
      throw EngineFailure(
        .error, missing.map { .error(.orphanedTarget, "there is no target `\($0)`", hint: "restore its manifest") })
    }
    return targets
  }

  func environment(
    _ session: Session, _ catalog: TypeCatalog, _ targets: [TargetName: ApplyTarget], _ request: ApplyRequest,
    _ events: @escaping @Sendable (ApplyEvent) -> Void
  ) throws(EngineFailure) -> ApplyEnvironment {
    let key: HashKey
    do throws(StoreError) { key = try world.hashKeys.findOrMake(world.random) } catch { throw EngineFailure(error) }
    return ApplyEnvironment(
      scope: session.scope, catalog: catalog, targets: targets, store: session.store, hashKey: key, time: world.time,
      random: world.random, settings: request.settings, events: events)
  }
}
