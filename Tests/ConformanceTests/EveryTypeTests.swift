import AWSProvider
import Applying
import Diagnostics
import Engine
import Inventory
import KubernetesClient
import KubernetesProvider
import Planning
import Platform
import ProviderKit
import Resources
import SandboxProvider
import Schemas
import Testing
import Values

/// Manifests of every type, made from the samples of the batteries, through the whole program on the sandbox.
@Suite("every type from manifest to drift")
struct EveryTypeTests {
  struct Cloud: Sendable, CustomTestStringConvertible {
    var name: String
    var catalog: TypeCatalog
    var target: String
    var samples: [BatterySample]
    /// Whose rules the sandbox obeys beside its schemas.
    var original: (any Provider)?
    var testDescription: String { name }
  }

  static let clouds = [
    Cloud(
      name: "aws", catalog: AWSCatalog.catalog, target: "{accountId: \"123456789012\", region: us-west-2}",
      samples: SandboxBatteryTests.samples),
    Cloud(
      name: "kubernetes", catalog: KubernetesProvider.core, target: "{context: eks-east}",
      samples: KubernetesSamples.all,
      original: KubernetesProvider(
        KubernetesMachine(
          environment: Environment(), files: SimulatedFiles(), time: SimulatedTime(), random: SeededRandom(seed: 2)))),
  ]

  @Test("right after an apply plan and drift are empty, and a lost inventory comes back", arguments: clouds)
  func everyType(_ cloud: Cloud) async throws {
    let world = EveryTypeWorld(cloud)
    for isUpdated in [false, true] {
      let engine = world.engine(isUpdated: isUpdated)
      let summary = try #require(try await world.apply(engine))
      #expect(summary.outcome == .complete, "\(summary.failures.map { "\($0.step.address): \($0.problem.message)" })")
      #expect(try await world.pending(engine) == [])
      let report = try await engine.drift(DriftRequest()).report
      #expect(report.drifted.map { "\($0.address) \($0.fields.map(\.path))" } == [])
      #expect(report.pending.map { "\($0.address) \($0.paths)" } == [] && report.unmanaged.map(\.remote) == [])
      #expect(report.additions.map { "\($0.address) \($0.path)" } == [] && report.beside.map(\.remote) == [])
      #expect(report.isComplete && report.clean == cloud.samples.count)
    }
    let before = try await world.store.load().records
    let lost = world.withEmptyInventory()
    let engine = lost.engine(isUpdated: true)
    // What has no place for a marker is found by its name, and named.
    let unmarked = before.filter { cloud.catalog[$0.type]?.marker == MarkerPlace.none }.map(\.address)
    let outcome = try await engine.recover(merges: false, ApplyRequest())
    #expect(outcome.missing == [])
    for address in unmarked { #expect(outcome.unknown.contains { $0.hasSuffix("the name of `\(address)`") }) }
    let after = try await lost.store.load().records
    #expect(after.map { "\($0.address) \($0.remote)" } == before.map { "\($0.address) \($0.remote)" })
    #expect(try await lost.pending(engine) == [])
    #expect(try await engine.drift(DriftRequest()).report.isComplete)
  }
}

private struct EveryTypeWorld {
  let cloud: EveryTypeTests.Cloud
  let sandbox: Sandbox
  let store: InMemoryStore
  let time = SystemTime()
  let random = SeededRandom(seed: 4)

  init(_ cloud: EveryTypeTests.Cloud) {
    self.cloud = cloud
    sandbox = Sandbox(.memory, time: time, random: SeededRandom(seed: 3))
    store = InMemoryStore(time: time)
  }

  private init(_ cloud: EveryTypeTests.Cloud, _ sandbox: Sandbox) {
    self.cloud = cloud
    self.sandbox = sandbox
    store = InMemoryStore(time: time)
  }

  func withEmptyInventory() -> EveryTypeWorld { EveryTypeWorld(cloud, sandbox) }

  func engine(isUpdated: Bool) -> Engine {
    let store = store
    let provider =
      cloud.original.map { sandbox.provider(standingFor: $0, pageSize: 3) }
      ?? sandbox.provider(standingFor: cloud.name, catalog: cloud.catalog, pageSize: 3)
    let manifests = BatteryManifests(cloud.samples, cloud.catalog).text(isUpdated: isUpdated)
    let files = ["/estate/plumb.yaml": settings, "/estate/all.yaml": manifests]
    return Engine(
      world: World(
        files: SimulatedFiles(files), environment: Environment([:]), time: time, random: random,
        providers: [cloud.name: provider],
        openStore: { _ in store },
        hashKeys: HashKeyFile(folder: "/keys", files: SimulatedFiles([:]), environment: Environment([:])),
        user: "test", process: 1),
      root: "/estate")
  }

  func apply(_ engine: Engine) async throws -> ApplySummary? {
    var request = ApplyRequest()
    request.options.allowStateful = ["*"]
    let outcome = try await engine.apply(request, control: ApplyControl(), events: { _ in }, confirm: { _ in true })
    guard case .applied(let summary, _) = outcome else { return nil }
    return summary
  }

  func pending(_ engine: Engine) async throws -> [String] {
    try await engine.plan(PlanRequest()).plan.changes.filter { $0.action != .noop }.map {
      "\($0.action.symbol) \($0.address) \($0.fields.map(\.path))"
    }
  }

  private var settings: String {
    """
    apiVersion: plumb.dev/v1
    kind: Estate
    metadata: {name: every, id: est-every0}
    spec: {include: ["*.yaml"], defaults: {targets: {\(cloud.name): main}}}
    ---
    apiVersion: plumb.dev/v1
    kind: Target
    metadata: {name: main}
    spec: {\(cloud.name): \(cloud.target)}

    """
  }
}
