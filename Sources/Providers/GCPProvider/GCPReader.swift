import ProviderKit
import Resources
import Values

/// The half that cannot write: its transport lets only reads through.
struct GCPReader: ResourceReader {
  let session: GCPSession

  func list(_ type: TypeName, _ filter: ListFilter, after: PageToken?) async throws(ProviderError) -> ObservedPage {
    let found = try GCPType.named(type)
    return try await found.wire.list(session, found.type, filter, after: after)
  }

  func read(_ type: TypeName, _ ids: [RemoteID]) async throws(ProviderError) -> [Observed] {
    let found = try GCPType.named(type)
    guard !ids.isEmpty else { return [] }
    return try await found.wire.read(session, found.type, ids)
  }

  func find(_ type: TypeName, _ evidence: [Evidence]) async throws(ProviderError) -> [[Observed]] {
    let found = try GCPType.named(type)
    guard !evidence.isEmpty else { return [] }
    return try await found.wire.find(session, found.type, evidence)
  }
}
