import ProviderKit
import Resources
import Values

/// Stands in for a provider: the same types and targets, and no cloud.
package struct SandboxProvider: Provider {
  package let name: String
  package let catalog: TypeCatalog
  let sandbox: Sandbox
  let pageSize: Int
  /// What the provider that it stands for answers without asking anybody; nil where it stands for none.
  let original: (any Provider)?
  let learned: LearnedTypes

  /// The endpoint of all its targets, so that a sandbox's records are never taken for a cloud's.
  package static let endpoint = "sandbox"

  init(
    name: String, catalog: TypeCatalog, sandbox: Sandbox, pageSize: Int, original: (any Provider)?
  ) {
    precondition(pageSize > 0, "a page holds at least one object")
    self.name = name
    self.sandbox = sandbox
    self.pageSize = min(pageSize, Limits.pageSize)
    self.original = original
    self.catalog = sandbox.adapted(catalog)
    learned = LearnedTypes()
  }

  package func check(_ target: Target) -> [TargetProblem] { original?.check(target) ?? [] }

  package func needs(of resources: [Desired]) -> [Address: [Address]] { original?.needs(of: resources) ?? [:] }

  package func identify(_ target: Target) async throws(ProviderError) -> TargetIdentity { identity(target) }

  package func reader(_ target: Target) async throws(ProviderError) -> any ResourceReader {
    SandboxReader(sandbox: sandbox, catalog: types, identity: identity(target), pageSize: pageSize)
  }

  package func writer(_ target: Target, fence: Fence) async throws(ProviderError) -> any ResourceWriter {
    SandboxWriter(sandbox: sandbox, catalog: types, identity: identity(target))
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
