import ProviderKit
import Resources
import Synchronization
import Values

/// Types that are not the program's own: manifests define them, and what was applied before defines them.
final class LearnedTypes: Sendable {
  private let defined = Mutex(TypeCatalog())
  private let served = Mutex<[TargetName: TypeCatalog]>([:])

  var all: TypeCatalog {
    var all = defined.withLock { $0 }
    for types in served.withLock({ $0.values.map { $0 } }) { all.add(types) }
    return all
  }

  func define(_ types: TypeCatalog) { defined.withLock { $0.add(types) } }
  func serve(_ types: TypeCatalog, _ target: TargetName) { served.withLock { $0[target] = types } }
  func served(_ target: TargetName) -> TypeCatalog? { served.withLock { $0[target] } }
}

extension SandboxProvider {
  /// Objects of this kind define types, wherever they stand.
  private static let definition = "CustomResourceDefinition"

  /// Every type that is known by now.
  var types: TypeCatalog {
    var types = catalog
    types.add(learned.all)
    return types
  }

  package func definedTypes(_ manifests: [Value]) -> TypeCatalog {
    guard let original else { return TypeCatalog() }
    let types = sandbox.adapted(original.definedTypes(manifests))
    learned.define(types)
    return types
  }

  package func servedTypes(_ target: Target) -> TypeCatalog? {
    learned.served(target.name).map { served in
      var types = catalog
      types.add(served)
      return types
    }
  }

  /// A target serves what the program knows, and what the objects in it define.
  package func learnTypes(_ target: Target, needing names: Set<TypeName>) async throws(ProviderError) {
    guard let original, let type = catalog.names.first(where: { $0.kind == Self.definition }).flatMap({ catalog[$0] })
    else { return }
    let scene = Scene(type: type, catalog: catalog, identity: identity(target))
    var manifests: [Value] = []
    var next: PageToken?
    repeat {
      let page = try await sandbox.engine.list(scene, .all, after: next, count: pageSize)
      manifests += page.items.map { Self.manifest($0.fields, type.name) }
      next = page.next
    } while next != nil
    learned.serve(sandbox.adapted(original.definedTypes(manifests)), target.name)
  }

  private static func manifest(_ fields: Value, _ type: TypeName) -> Value {
    .map(
      [("apiVersion", .string(type.nativeVersion ?? "")), ("kind", .string(type.kind))]
        + fields.entries.map { ($0.key, $0.value) })
  }
}
