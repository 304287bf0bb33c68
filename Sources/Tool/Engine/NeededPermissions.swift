import Manifests
import Planning
import Resources

/// What the credentials of a target must be allowed to do.
package struct NeededPermissions: Sendable, Equatable {
  package enum Run: String, Sendable, CaseIterable {
    /// Reads alone, as `plan` and `drift` do.
    case plan
    /// Reads and writes.
    case apply
  }

  package var target: TargetName
  package var provider: String
  /// Sorted, in the provider's own words.
  package var permissions: [String]

  /// What reading secrets takes, by provider.
  package typealias SecretReads = [String: [String]]

  /// What a saved plan needs: its own operations, the reads around them, and its secrets.
  package static func of(_ plan: Plan, _ run: Run, _ catalog: TypeCatalog, _ secrets: SecretReads)
    -> [NeededPermissions]
  {
    let providers = Dictionary(plan.targets.map { ($0.target, $0.provider) }, uniquingKeysWith: { first, _ in first })
    let uses = plan.changes.map { change in
      (change.target, change.type, operations: run == .plan ? reads : reads + writes(of: change.action))
    }
    let places = plan.changes.map { ($0.address, $0.target) }
    return collect(uses, providers, catalog, managers(plan.slots, places, providers, secrets))
  }

  /// What an estate needs over its whole life: every operation of every type that it writes.
  package static func of(_ workspace: Workspace, _ run: Run, _ secrets: SecretReads) -> [NeededPermissions] {
    let targets = workspace.desired.targets
    let providers = Dictionary(targets.map { ($0.name, $0.provider) }, uniquingKeysWith: { first, _ in first })
    let uses = workspace.desired.resources.map { resource in
      (resource.target, resource.type, operations: run == .plan ? reads : Operation.allCases)
    }
    let places = workspace.desired.resources.map { ($0.address, $0.target) }
    return collect(
      uses, providers, workspace.catalog, managers(workspace.desired.slots, places, providers, secrets))
  }

  private static let reads: [Operation] = [.list, .read]

  static func writes(of action: Action) -> [Operation] {
    switch action {
    case .create: [.create]
    case .update, .adopt, .move: [.update]
    case .replace, .createThenDelete: [.create, .delete]
    case .delete: [.delete]
    case .noop, .forget: []
    }
  }

  /// What the targets whose secret managers are asked must allow. The reading half asks, in every run.
  private static func managers(
    _ slots: [Deferred], _ places: [(Address, TargetName)], _ providers: [TargetName: String], _ secrets: SecretReads
  ) -> [TargetName: Set<String>] {
    let own = Dictionary(places, uniquingKeysWith: { first, _ in first })
    var found: [TargetName: Set<String>] = [:]
    for slot in slots {
      guard let reference = slot.secret, case .secretManager = reference.place,
        let target = reference.target ?? own[slot.owner]
      else { continue }
      found[target, default: []].formUnion(secrets[providers[target] ?? ""] ?? [])
    }
    return found
  }

  private static func collect(
    _ uses: [(TargetName, TypeName, operations: [Operation])], _ providers: [TargetName: String],
    _ catalog: TypeCatalog, _ managers: [TargetName: Set<String>]
  ) -> [NeededPermissions] {
    var found = managers
    for (target, type, operations) in uses {
      let needed = operations.flatMap { catalog[type]?.operations[$0]?.permissions ?? [] }
      found[target, default: []].formUnion(needed)
    }
    return found.sorted { $0.key < $1.key }.map { target, permissions in
      NeededPermissions(
        target: target, provider: providers[target] ?? "", permissions: permissions.sorted())
    }
  }
}
