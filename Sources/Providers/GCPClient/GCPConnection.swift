import HTTP
import Platform
import ProviderKit
import Resources
import Values

/// Opens halves of targets: settings and environment to a client with credentials.
package struct GCPConnection: Sendable {
  /// Which of a target's credentials.
  package enum Half: String, Sendable { case read, write }

  private let machine: ClientMachine

  package init(_ machine: ClientMachine) { self.machine = machine }

  /// A client with one half of the target's credentials; the read half cannot write. Asks nobody, so whether the
  /// project is the right one is not known yet: `ProjectIdentity.ask` tells.
  package func client(
    _ target: Target, _ half: Half
  ) throws(ProviderError) -> (client: GCPClient, settings: GCPTargetSettings) {
    let (settings, problems) = GCPTargetSettings.read(target.settings)
    if let problem = problems.first {
      throw ProviderError(.invalid(field: problem.path.description), effect: .none, problem.message)
    }
    let endpoints = GCPEndpoints(
      endpoint: settings.endpoint, services: settings.endpoints, environment: machine.environment)
    if let problem = endpoints.problem {
      throw ProviderError(.invalid(field: nil), effect: .none, problem)
    }
    let tokens = try TokenChain(machine, endpoints).source(half == .read ? settings.read : settings.write)
    let client = GCPClient(
      machine, endpoints: endpoints, tokens: tokens,
      quotaProject: settings.quotaProject ?? machine.environment.nonEmpty("GOOGLE_CLOUD_QUOTA_PROJECT"))
    return (half == .read ? client.readOnly : client, settings)
  }
}
