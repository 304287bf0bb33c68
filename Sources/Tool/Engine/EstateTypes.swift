import Diagnostics
import Manifests
import ProviderKit
import Resources
import Values

/// The types that an estate's manifests may use: every provider's own, those that its targets serve, and those that its
/// manifests define.
package struct EstateTypes: Sendable {
  /// All of them; of a type that several targets serve, one form.
  package private(set) var catalog = TypeCatalog()
  /// Of targets that have types of their own and were asked once, these and what manifests define; by target.
  private(set) var served: [String: TypeCatalog] = [:]

  /// Asks nobody: what targets serve is what was learned of them last.
  package init(_ loaded: LoadedEstate, _ providers: [String: any Provider]) {
    self.init(loaded.documents.filter(\.isNative).map(\.body), loaded.estate.targets, providers)
  }

  /// - Parameter manifests: those that may define types.
  init(_ manifests: [Value], _ targets: [TargetDeclaration], _ providers: [String: any Provider]) {
    for provider in providers.values { catalog.add(provider.catalog) }
    var defined: [String: TypeCatalog] = [:]
    for (name, provider) in providers where !manifests.isEmpty { defined[name] = provider.definedTypes(manifests) }
    for target in Self.targets(targets) {
      guard var types = providers[target.provider]?.servedTypes(target) else { continue }
      catalog.add(types)
      if let own = defined[target.provider] { types.add(own) }
      served[target.name.text] = types
    }
    for types in defined.values { catalog.add(types) }
  }

  /// Lets targets say what they serve, where that is not known or old; a target that does not is a warning, since what
  /// was known before still holds for most.
  static func learn(_ loaded: LoadedEstate, _ providers: [String: any Provider]) async -> [Diagnostic] {
    let targets = targets(loaded.estate.targets)
    let used = used(loaded)
    let wanted = targets.filter { used[$0.provider] != nil }
    return await mapConcurrently(wanted, width: Observer.width) { target -> [Diagnostic] in
      guard let provider = providers[target.provider], let names = used[target.provider] else { return [] }
      do throws(ProviderError) {
        try await provider.learnTypes(target, needing: names)
        return []
      } catch {
        return [
          .warning(
            .typesNotLearned, "target `\(target.name)` does not say which types it serves: \(error.message)",
            at: target.origin)
        ]
      }
    }.flatMap { $0 }
  }

  /// The types of manifests by provider; empty sets for those whose kinds expand.
  private static func used(_ loaded: LoadedEstate) -> [String: Set<TypeName>] {
    var used: [String: Set<TypeName>] = [:]
    for target in loaded.estate.targets { used[target.provider] = [] }
    for document in loaded.documents {
      if let provider = document.provider, let name = document.typeName { used[provider]?.insert(TypeName(name)) }
    }
    return used
  }

  private static func targets(_ declared: [TargetDeclaration]) -> [Target] {
    declared.filter { !$0.provider.isEmpty }.map {
      Target(name: TargetName($0.name), provider: $0.provider, settings: $0.settings, origin: $0.origin)
    }
  }

  /// Resources of types that their target is known not to serve.
  func unserved(_ resources: [Desired]) -> [Diagnostic] {
    guard !served.isEmpty else { return [] }
    return resources.compactMap { resource in
      guard let types = served[resource.target.text], !types.contains(resource.type) else { return nil }
      let others = types.names.filter { $0.provider == resource.type.provider && $0.kind == resource.type.kind }
      let versions = others.compactMap(\.nativeVersion).map { "`\($0)`" }.joined(separator: ", ")
      return .error(
        .typeNotServed,
        "target `\(resource.target)` does not serve `\(resource.type.kind)` of `\(resource.type.nativeVersion ?? "")`",
        at: resource.origin,
        hint: versions.isEmpty
          ? "write the definition of the kind into the estate, or make it on the target first"
          : "it serves \(resource.type.kind) in \(versions)")
    }
  }
}
