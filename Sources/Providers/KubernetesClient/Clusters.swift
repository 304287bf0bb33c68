import HTTP
import Platform
import ProviderKit
import Resources
import Synchronization
import Values

/// The clients of all targets: each opened once, so that connections, credentials and limits are shared.
package final class Clusters: Sendable {
  /// Which of a target's credentials.
  package enum Half: String, Sendable { case read, write }

  private struct Opened: Sendable {
    var client: KubernetesClient
    /// The uid of `kube-system`, once asked for.
    var uid: String?
  }

  private let machine: KubernetesMachine
  private let opened = Mutex<[String: Opened]>([:])

  package init(_ machine: KubernetesMachine) { self.machine = machine }

  package var files: any FileSystem { machine.files }
  package var environment: Environment { machine.environment }
  package var requestCounts: [HTTPOperation: Int] { machine.counter.counts }

  /// The client of one half, which is sure to reach the cluster that the target means. The read half cannot write.
  package func open(_ target: Target, _ half: Half) async throws(ProviderError) -> KubernetesClient {
    _ = try await identify(target, half)
    return try client(target, half)
  }

  /// Which cluster it is: `kube-system` is made with the cluster, and its uid is never given again.
  package func identify(_ target: Target, _ half: Half = .read) async throws(ProviderError) -> TargetIdentity {
    let uid = try await uid(target, half)
    let settings = KubernetesTargetSettings.read(target.settings).settings
    if let wanted = settings.clusterUID, wanted != uid {
      throw ProviderError(
        .denied(permission: nil), effect: .none,
        "target \(target.name) is the cluster with uid \(wanted), but its credentials lead to the cluster with uid "
          + "\(uid)")
    }
    return TargetIdentity(target: target.name, provider: "kubernetes", account: uid, region: "")
  }

  private func uid(_ target: Target, _ half: Half) async throws(ProviderError) -> String {
    if let known = opened.withLock({ $0[Self.key(target, half)]?.uid }) { return known }
    let client = try client(target, half)
    let answer: KubernetesAnswer
    do throws(ProviderError) { answer = try await client.send(.get("/api/v1/namespaces/kube-system")) } catch {
      guard case .denied(.some) = error.reason else { throw error }
      var refusal = error
      refusal.message +=
        "; which cluster this is shows by the uid of `kube-system`: let the credentials `get` that namespace"
      throw refusal
    }
    guard let uid = answer.value["metadata"]?["uid"]?.string, !uid.isEmpty else {
      throw ProviderError(.unsupported, effect: .none, "\(client.server.authority) is no API server of Kubernetes")
    }
    opened.withLock { $0[Self.key(target, half)]?.uid = uid }
    return uid
  }

  /// Asks nobody, so which cluster it is is not known yet.
  package func client(_ target: Target, _ half: Half) throws(ProviderError) -> KubernetesClient {
    let key = Self.key(target, half)
    if let known = opened.withLock({ $0[key]?.client }) { return known }
    let (settings, problems) = KubernetesTargetSettings.read(target.settings)
    if let problem = problems.first {
      throw ProviderError(.invalid(field: problem.path.description), effect: .none, problem.message)
    }
    let access: ClusterAccess
    do throws(AccessError) { access = try self.access(settings, half) } catch {
      throw ProviderError(.invalid(field: nil), effect: .none, error.description)
    }
    let client = KubernetesClient(
      machine, access, mode: half == .read ? .readOnly : .readWrite, limits: settings.limits)
    return opened.withLock { all in
      if let known = all[key]?.client { return known }
      all[key] = Opened(client: client)
      return client
    }
  }

  private func access(_ settings: KubernetesTargetSettings, _ half: Half) throws(AccessError) -> ClusterAccess {
    let credentials = half == .read ? settings.read : settings.write
    var access: ClusterAccess
    if settings.inCluster, credentials.context == nil {
      access = try .inCluster(machine.environment, machine.files)
    } else {
      let file = credentials.kubeconfig ?? settings.kubeconfig
      access = try KubeconfigLoader.load(file, machine.environment, machine.files)
        .access(
          context: credentials.context ?? settings.context, allowsInsecure: settings.skipsVerification, machine.files)
    }
    if !credentials.impersonation.isEmpty { access.impersonation = credentials.impersonation }
    return access
  }

  private static func key(_ target: Target, _ half: Half) -> String { "\(half.rawValue) \(target.name)" }
}
