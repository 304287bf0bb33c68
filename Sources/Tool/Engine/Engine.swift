import Cryptography
import Diagnostics
import Inventory
import Manifests
import Platform
import Resources

/// The workflows of Plumb: the only place where manifests, providers, planner, inventory and applier meet.
package struct Engine: Sendable {
  package let world: World
  /// The estate's folder: the one that holds `plumb.yaml`.
  package let root: String
  /// The environment that was chosen, and values of variables.
  package var inputs: EstateInputs
  package var policyRequest = PolicyRequest()

  package init(world: World, root: String, inputs: EstateInputs = EstateInputs()) {
    self.world = world
    self.root = root
    self.inputs = inputs
  }

  /// The inventory of an estate that is loaded.
  package func open(_ workspace: Workspace, _ access: StoreRequest.Access = .read) throws(EngineFailure)
    -> any InventoryStore
  {
    do throws(StoreError) { return try world.openStore(StoreRequest(workspace, access)) } catch {
      throw EngineFailure(error)
    }
  }

  /// The key that secrets are hashed with, where there is one.
  func hashKey() throws(EngineFailure) -> HashKey? {
    do throws(StoreError) { return try world.hashKeys.find() } catch { throw EngineFailure(error) }
  }

  func snapshot(of store: any InventoryStore) async throws(EngineFailure) -> InventorySnapshot {
    do throws(StoreError) { return try await store.load() } catch { throw EngineFailure(error) }
  }
}
