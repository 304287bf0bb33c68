import ProviderKit
import Resources
import Values

/// The half that cannot write: its transport lets only reads through.
struct AWSReader: ResourceReader {
  let session: AWSSession

  func list(
    _ type: TypeName, _ filter: ListFilter, after: PageToken?
  ) async throws(ProviderError) -> ObservedPage {
    let found = try AWSType.named(type)
    return try await found.wire.list(session, found.type, filter, after: after)
  }

  func read(_ type: TypeName, _ ids: [RemoteID]) async throws(ProviderError) -> [Observed] {
    let found = try AWSType.named(type)
    guard !ids.isEmpty else { return [] }
    return try await found.wire.read(session, found.type, ids)
  }

  func find(_ type: TypeName, _ evidence: [Evidence]) async throws(ProviderError) -> [[Observed]] {
    let found = try AWSType.named(type)
    guard !evidence.isEmpty else { return [] }
    return try await found.wire.find(session, found.type, evidence)
  }
}

extension AWSType {
  private static let byName = Dictionary(
    all.map { ($0.type.name, $0) }, uniquingKeysWith: { first, _ in first })

  static func named(_ name: TypeName) throws(ProviderError) -> AWSType {
    guard let type = byName[name] else {
      throw ProviderError(.unsupported, effect: .none, "AWS has no type `\(name)` here")
    }
    return type
  }
}
