import ProviderKit
import Resources
import Values

/// Stands in for a provider: the same types and targets, and no cloud.
package struct SandboxProvider: Provider {
  package let name: String
  package let catalog: TypeCatalog
  private let sandbox: Sandbox
  private let pageSize: Int
  private let targetCheck: @Sendable (Target) -> [TargetProblem]

  /// The endpoint of all its targets, so that a sandbox's records are never taken for a cloud's.
  package static let endpoint = "sandbox"

  init(
    name: String, catalog: TypeCatalog, sandbox: Sandbox, pageSize: Int,
    targetCheck: @escaping @Sendable (Target) -> [TargetProblem]
  ) {
    precondition(pageSize > 0, "a page holds at least one object")
    self.name = name
    self.sandbox = sandbox
    self.pageSize = min(pageSize, Limits.pageSize)
    self.targetCheck = targetCheck
    // Lists here are as stale as the fault plan says, and nobody should wait longer.
    self.catalog = TypeCatalog(
      catalog.all.map { type in
        var type = type
        type.identity.consistencyWindow = sandbox.faults.plan.staleLists
        return type
      })
  }

  package func check(_ target: Target) -> [TargetProblem] { targetCheck(target) }

  package func identify(_ target: Target) async throws(ProviderError) -> TargetIdentity { identity(target) }

  package func reader(_ target: Target) async throws(ProviderError) -> any ResourceReader {
    SandboxReader(sandbox: sandbox, catalog: catalog, identity: identity(target), pageSize: pageSize)
  }

  package func writer(_ target: Target, fence: Fence) async throws(ProviderError) -> any ResourceWriter {
    SandboxWriter(sandbox: sandbox, catalog: catalog, identity: identity(target))
  }

  /// Account and region as the target's settings say them, directly or under the provider's name.
  func identity(_ target: Target) -> TargetIdentity {
    let settings = target.settings[name] ?? target.settings
    func first(_ keys: [String]) -> String? {
      keys.lazy.compactMap { settings[$0]?.spelling }.first { !$0.isEmpty }
    }
    return TargetIdentity(
      target: target.name, provider: name,
      account: first(["accountId", "account", "projectId", "project", "cluster", "context"])
        ?? target.name.text,
      region: first(["region", "location", "zone"]) ?? Self.defaultRegion, endpoint: Self.endpoint)
  }

  /// For targets that name none.
  private static let defaultRegion = "us-east-1"
}
