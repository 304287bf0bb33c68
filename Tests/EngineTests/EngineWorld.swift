import AWSProvider
import Applying
import Diagnostics
import Engine
import GCPProvider
import Inventory
import KubernetesProvider
import Manifests
import Planning
import Platform
import ProviderKit
import Resources
import SandboxProvider
import Synchronization

/// An estate in memory or on disk, over a sandbox and an inventory in memory.
struct EngineWorld {
  let files: any FileSystem
  let root: String
  let time = SystemTime()
  let random: SeededRandom
  let log = CallLog()
  let sandbox: Sandbox
  let store: InMemoryStore
  var faults = FaultPlan()
  /// What the command line chooses.
  var inputs = EstateInputs()

  /// `files`: paths below the estate and their texts; nil reads the folder `root` of this machine.
  init(root: String = "/estate", files texts: [String: String]? = nil, faults: FaultPlan = FaultPlan()) {
    self.root = root
    random = SeededRandom(seed: 7)
    files =
      texts.map { texts in
        SimulatedFiles(Dictionary(uniqueKeysWithValues: texts.map { ("\(root)/\($0.key)", $0.value) }))
      } ?? LocalFiles()
    sandbox = Sandbox(.memory, time: time, random: random, faults: faults, log: log)
    store = InMemoryStore(time: time)
  }

  /// The same clouds and inventory, with other manifests.
  func with(_ texts: [String: String]) -> EngineWorld {
    EngineWorld(
      files: SimulatedFiles(Dictionary(uniqueKeysWithValues: texts.map { ("\(root)/\($0.key)", $0.value) })),
      root: root,
      sandbox: sandbox, store: store, random: random)
  }

  /// The same clouds and manifests, with an inventory that was lost.
  func withEmptyInventory() -> EngineWorld {
    var lost = EngineWorld(files: files, root: root, sandbox: sandbox, store: InMemoryStore(time: time), random: random)
    lost.inputs = inputs
    return lost
  }

  /// One of the estates below `examples`.
  init(_ example: ExampleEstate) {
    self.init(root: example.root)
    inputs.environment = example.environment
  }

  private init(files: any FileSystem, root: String, sandbox: Sandbox, store: InMemoryStore, random: SeededRandom) {
    self.random = random
    self.files = files
    self.root = root
    self.sandbox = sandbox
    self.store = store
  }

  var engine: Engine {
    let store = store
    return Engine(
      world: World(
        files: files, environment: Environment([:]), time: time, random: random,
        providers: [
          "aws": sandbox.provider(standingFor: "aws", catalog: AWSCatalog.catalog, pageSize: 3),
          "gcp": sandbox.provider(standingFor: "gcp", catalog: GCPCatalog.catalog, pageSize: 3),
          "kubernetes": sandbox.provider(standingFor: "kubernetes", catalog: KubernetesProvider.core, pageSize: 3),
        ],
        openStore: { _ in store },
        hashKeys: HashKeyFile(folder: "/keys", files: SimulatedFiles([:]), environment: Environment([:])), user: "test",
        process: 1),
      root: root, inputs: inputs)
  }

  func plan(_ adjust: (inout PlannerOptions) -> Void = { _ in }) async throws -> Plan {
    var request = PlanRequest()
    adjust(&request.options)
    return try await engine.plan(request).plan
  }

  @discardableResult
  func apply(_ adjust: (inout PlannerOptions) -> Void = { _ in }) async throws -> ApplySummary? {
    var request = ApplyRequest()
    adjust(&request.options)
    let outcome = try await engine.apply(request, control: ApplyControl(), events: { _ in }, confirm: { _ in true })
    guard case .applied(let summary, _) = outcome else { return nil }
    return summary
  }
}

extension Plan {
  /// `+ aws.Vpc/main` for every change that is one; short, for messages of failed tests.
  var lines: [String] {
    changes.filter { $0.action != .noop }.map { "\($0.action.symbol) \($0.address) \($0.fields.map(\.path))" }
  }
}

/// The top of the checkout.
func projectFolder(_ file: String = #filePath) -> String {
  file.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
}
