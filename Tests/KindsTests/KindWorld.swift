import AWSProvider
import Applying
import Diagnostics
import Engine
import GCPProvider
import Inventory
import KubernetesProvider
import Planning
import Platform
import ProviderKit
import Resources
import SandboxProvider
import Testing
import Values

/// A pretend cloud of every provider with an inventory, both in memory.
struct KindWorld {
  private let sandbox = Sandbox(.memory, time: SystemTime(), random: SeededRandom(seed: 11))
  private let store = InMemoryStore(time: SystemTime())

  private func engine(_ files: [String: String]) -> Engine {
    let store = store
    let texts = Dictionary(uniqueKeysWithValues: files.map { ("/estate/\($0.key)", $0.value) })
    return Engine(
      world: World(
        files: SimulatedFiles(texts), environment: Environment([:]), time: SystemTime(), random: SeededRandom(seed: 12),
        providers: [
          "aws": sandbox.provider(standingFor: "aws", catalog: AWSCatalog.catalog),
          "gcp": sandbox.provider(standingFor: "gcp", catalog: GCPCatalog.catalog),
          "kubernetes": sandbox.provider(standingFor: "kubernetes", catalog: KubernetesProvider.core),
        ], openStore: { _ in store },
        hashKeys: HashKeyFile(folder: "/keys", files: SimulatedFiles([:]), environment: Environment([:])), user: "test",
        process: 1),
      root: "/estate")
  }

  func apply(_ files: [String: String], _ name: String) async throws {
    do throws(EngineFailure) {
      let outcome = try await engine(files).apply(
        ApplyRequest(), control: ApplyControl(), events: { _ in }, confirm: { _ in true })
      guard case .applied(let summary, _) = outcome else {
        Issue.record("\(name): \(outcome)")
        return
      }
      #expect(
        summary.outcome == .complete, "\(name): \(summary.failures.map { "\($0.step.address) \($0.problem.message)" })")
    } catch {
      Issue.record("\(name): \(error.diagnostics.map(\.message))")
    }
  }

  /// A line for each change, with the fields of those that stay: `~ Network/prod/cluster ipPermissions`.
  func plan(_ files: [String: String]) async throws -> [String] {
    var request = PlanRequest()
    request.options.allowStateful = ["*"]
    do throws(EngineFailure) {
      let outcome = try await engine(files).plan(request)
      let errors = outcome.diagnostics.filter { $0.severity == .error }.map { "error: \($0.code) \($0.message)" }
      return errors
        + outcome.plan.changes.filter { $0.action != .noop }.map { change in
          let fields = change.action == .create || change.action == .delete ? [] : change.fields.map(\.path.description)
          return ["\(change.action.symbol) \(change.address)", fields.joined(separator: ", ")].filter { !$0.isEmpty }
            .joined(separator: "  ")
        }.sorted()
    } catch {
      return error.diagnostics.map { "error: \($0.code) \($0.message)" }
    }
  }
}
