import Inventory
import Manifests
import Platform
import ProviderKit
import Resources
import Values

/// Everything outside that the engine works with. The composition root fills it in; tests and simulation give twins.
package struct World: Sendable {
  package var files: any FileSystem
  package var environment: Environment
  package var time: any TimeSource
  package var random: any RandomSource
  /// Providers by name; in the sandbox they are stand-ins for the real ones.
  package var providers: [String: any Provider]
  /// Opens the inventory of a scope. It must not create anything before the first write.
  package var openStore: @Sendable (StoreRequest) throws(StoreError) -> any InventoryStore
  /// Where the key lies with which secrets are hashed.
  package var hashKeys: HashKeyFile
  /// Who runs this: `ana@host`, and the process.
  package var user: String
  package var process: Int32
  /// Runs the programs that print secrets, and git for policies of a revision.
  package var children: any ChildRunner = SystemChildren()

  package init(
    files: any FileSystem, environment: Environment, time: any TimeSource, random: any RandomSource,
    providers: [String: any Provider],
    openStore: @escaping @Sendable (StoreRequest) throws(StoreError) -> any InventoryStore,
    hashKeys: HashKeyFile, user: String, process: Int32
  ) {
    self.files = files
    self.environment = environment
    self.time = time
    self.random = random
    self.providers = providers
    self.openStore = openStore
    self.hashKeys = hashKeys
    self.user = user
    self.process = process
  }
}

/// Which inventory is wanted, and what for.
package struct StoreRequest: Sendable {
  package enum Access: Sendable { case read, write }

  package var scope: ScopeID
  /// `spec.inventory` of the estate; nil for the embedded store.
  package var settings: Value?
  package var targets: [Target]
  package var access: Access

  package init(_ workspace: Workspace, _ access: Access) {
    scope = workspace.scope
    settings = workspace.estate.inventory
    targets = workspace.desired.targets
    self.access = access
  }
}
