import ProviderKit
import Resources
import Values

/// The reading half: it holds nothing that writes.
struct SandboxReader: ResourceReader {
  let sandbox: Sandbox
  let catalog: TypeCatalog
  let identity: TargetIdentity
  let pageSize: Int

  func list(_ type: TypeName, _ filter: ListFilter, after: PageToken?) async throws(ProviderError)
    -> ObservedPage
  {
    let scene = try Scene(type, catalog, identity, .list)
    let call = try await sandbox.begin(.list, type)
    let page = try await sandbox.engine.list(scene, filter, after: after, count: pageSize)
    try sandbox.end(call, remote: nil, hasEffect: false)
    return page
  }

  func read(_ type: TypeName, _ ids: [RemoteID]) async throws(ProviderError) -> [Observed] {
    let scene = try Scene(type, catalog, identity, .read)
    let call = try await sandbox.begin(.read, type)
    let found = try await sandbox.engine.read(scene, ids)
    try sandbox.end(call, remote: ids.count == 1 ? ids[0] : nil, hasEffect: false)
    return found
  }

  func find(_ type: TypeName, _ evidence: [Evidence]) async throws(ProviderError) -> [[Observed]] {
    let scene = try Scene(type, catalog, identity, .list)
    let call = try await sandbox.begin(.list, type)
    let found = try await sandbox.engine.find(scene, evidence)
    try sandbox.end(call, remote: nil, hasEffect: false)
    return found
  }

  /// Every secret exists here; its value is made from its name, so that it stays the same.
  func resolve(_ secret: SecretReference) async throws(ProviderError) -> Value {
    guard case .secretManager(let name, let key) = secret.place else {
      throw ProviderError(.unsupported, effect: .none, "only secrets of secret managers are kept here")
    }
    let text = "pretended secret \(name)"
    return Value.string(key.map { JSONWriter().text([$0: .string(text)]) } ?? text).markedSensitive
  }
}

extension Scene {
  init(
    _ name: TypeName, _ catalog: TypeCatalog, _ identity: TargetIdentity, _ operation: Operation
  ) throws(ProviderError) {
    guard let type = catalog[name] else {
      throw ProviderError(
        Refusal(reason: .unsupported, code: "InvalidAction", message: "this provider has no type \(name)"),
        operation,
        name)
    }
    self.init(type: type, catalog: catalog, identity: identity)
  }
}
