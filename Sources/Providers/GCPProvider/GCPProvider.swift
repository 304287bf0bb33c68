import GCPClient
import HTTP
import Platform
import ProviderKit
import Resources
import Synchronization
import Values

/// Google Cloud: types, and a reader and a writer for each target.
package final class GCPProvider: Provider {
  package let name = "gcp"
  package let catalog: TypeCatalog
  private let machine: ClientMachine
  /// Which project each half of a target turned out to reach; asked once.
  private let identities = Mutex<[String: ProjectIdentity]>([:])

  package init(_ machine: ClientMachine, catalog: TypeCatalog = GCPCatalog.catalog) {
    self.machine = machine
    self.catalog = catalog
  }

  package func canList(_ type: TypeName) -> Bool { GCPType.isManaged(type) }

  /// Every request so far, by service and operation.
  package var requestCounts: [HTTPOperation: Int] { machine.counter.counts }

  package func check(_ target: Target) -> [TargetProblem] {
    let (settings, problems) = GCPTargetSettings.read(target.settings)
    guard settings.project?.isEmpty ?? true, problems.isEmpty else { return problems }
    return [
      TargetProblem(
        path: ValuePath().appending("gcp").appending("project"), message: "a target of Google Cloud names its project",
        hint: "`gcp: {project: acme-ml, region: europe-west6}`")
    ]
  }

  package func identify(_ target: Target) async throws(ProviderError) -> TargetIdentity {
    let session = try await open(target, .read)
    return TargetIdentity(
      target: target.name, provider: name, account: session.project, region: session.settings.region ?? "",
      endpoint: session.client.endpoints.shared?.description ?? "")
  }

  package func reader(_ target: Target) async throws(ProviderError) -> any ResourceReader {
    GCPReader(session: try await open(target, .read))
  }

  package func writer(_ target: Target, fence: Fence) async throws(ProviderError) -> any ResourceWriter {
    GCPWriter(session: try await open(target, .write))
  }

  package func preflight(
    _ target: Target, _ questions: [PreflightQuestion]
  ) async throws(ProviderError) -> [PreflightFinding] {
    let session = try await open(target, .write)
    return try await GCPPreflight(session.client, project: session.project, settings: session.settings)
      .findings(questions, catalog)
  }

  /// Opens one half, and sees to it that it reaches the project the target names before anything else is asked.
  private func open(
    _ target: Target, _ half: GCPConnection.Half
  ) async throws(ProviderError) -> GCPSession {
    let (client, settings) = try GCPConnection(machine).client(target, half)
    let key = "\(target.name) \(half.rawValue)"
    let identity: ProjectIdentity
    if let known = identities.withLock({ $0[key] }) {
      identity = known
    } else {
      identity = try await ProjectIdentity.ask(client, settings, target: target.name.text)
      identities.withLock { $0[key] = identity }
    }
    return GCPSession(client: client, project: identity.id, settings: settings)
  }
}
