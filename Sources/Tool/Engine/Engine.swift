import Cryptography
import Diagnostics
import Inventory
import Platform
import Resources

/// The workflows of Plumb: the only place where manifests, providers, planner, inventory and applier meet.
package struct Engine: Sendable {
  package let world: World
  /// The estate's folder: the one that holds `plumb.yaml`.
  package let root: String

  package init(world: World, root: String) {
    self.world = world
    self.root = root
  }

  func open(_ scope: ScopeID) throws(EngineFailure) -> any InventoryStore {
    do throws(StoreError) { return try world.openStore(scope) } catch { throw EngineFailure(error) }
  }

  /// The key that secrets are hashed with, where there is one.
  func hashKey() throws(EngineFailure) -> HashKey? {
    do throws(StoreError) { return try world.hashKeys.find() } catch { throw EngineFailure(error) }
  }

  func snapshot(of store: any InventoryStore) async throws(EngineFailure) -> InventorySnapshot {
    do throws(StoreError) { return try await store.load() } catch { throw EngineFailure(error) }
  }
}
