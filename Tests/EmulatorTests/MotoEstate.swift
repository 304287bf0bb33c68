import AWSProvider
import Applying
import Engine
import Inventory
import Planning
import Platform
import ProviderKit
import Resources
import TestSupport
import Testing

/// An estate over an account of the emulator, with an inventory in memory.
struct MotoEstate {
  let account: MotoAccount
  let files: [String: String]
  var store: InMemoryStore

  init(_ account: MotoAccount, _ files: [String: String]) {
    self.account = account
    self.files = files
    store = InMemoryStore(time: SystemTime())
  }

  /// The manifests of one folder of the checkout, moved to the test's account and to bucket names of its own.
  init(example name: String) async throws {
    let account = try await MotoAccount()
    let root = "\(Moto.packageFolder)/examples/\(name)"
    var files: [String: String] = [:]
    for folder in ["", "manifests/"] {
      for file in try LocalFiles().list("\(root)/\(folder)") where file.hasSuffix(".yaml") {
        let text = String(decoding: try LocalFiles().read("\(root)/\(folder)\(file)"), as: UTF8.self)
        files[folder + file] = text.replacing("123456789012", with: account.id)
          .replacing("acme-", with: "acme-\(account.id)-").replacing("acme.", with: "acme.")
      }
    }
    self.init(account, files)
  }

  var engine: Engine {
    let store = store, provider = account.provider
    let texts = Dictionary(uniqueKeysWithValues: files.map { ("/estate/\($0.key)", $0.value) })
    return Engine(
      world: World(
        files: SimulatedFiles(texts), environment: Environment([:]), time: SystemTime(), random: SystemRandom(),
        providers: ["aws": provider], openStore: { _ in store },
        hashKeys: HashKeyFile(folder: "/keys", files: SimulatedFiles([:]), environment: Environment([:])),
        user: "test", process: 1),
      root: "/estate")
  }

  func plan() async throws -> [String] {
    try await engine.plan(PlanRequest()).plan.changes.filter { $0.action != .noop }
      .map { "\($0.action.symbol) \($0.address) \($0.fields.map(\.path))" }
  }

  func drift() async throws -> DriftReport { try await engine.drift(DriftRequest()).report }

  @discardableResult
  func apply() async throws -> ApplySummary? {
    let outcome = try await engine.apply(
      ApplyRequest(), control: ApplyControl(), events: { _ in }, confirm: { _ in true })
    guard case .applied(let summary, _) = outcome else { return nil }
    #expect(summary.outcome == .complete, "\(summary.failures.map { "\($0.step.address): \($0.problem.message)" })")
    return summary
  }

  /// Runs changes of `change_behind.py`, by name.
  func change(_ changes: [String]) async throws {
    let script = Moto.packageFolder + "/Tests/Emulators/change_behind.py"
    let result = try await ProcessGate.run(
      [Moto.python, script, "\(account.moto.port)", account.id, "us-west-2"] + changes)
    #expect(result.code == 0, "\(result.errorText)")
  }
}
