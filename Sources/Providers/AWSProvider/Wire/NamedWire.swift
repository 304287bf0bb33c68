import ProviderKit
import Resources
import Values

/// A type whose objects are read one by one. Where the remote id is a name that we give, reads by id and looks for a
/// holder are the same request.
protocol NamedWire: AWSWire {
  /// The object of this name; nil where there is none.
  func one(_ session: AWSSession, _ type: ResourceType, _ name: String) async throws(ProviderError) -> Observed?
}

extension NamedWire {
  func read(
    _ session: AWSSession, _ type: ResourceType, _ ids: [RemoteID]
  ) async throws(ProviderError) -> [Observed] {
    try await concurrently(ids) { id throws(ProviderError) in try await one(session, type, id.text) }
      .compactMap { $0 }
  }

  /// A marker is looked for in the whole list, since these services have no filter for tags. Nobody holds the name of
  /// what is asked for rather than made.
  func find(
    _ session: AWSSession, _ type: ResourceType, _ evidence: [Evidence]
  ) async throws(ProviderError) -> [[Observed]] {
    var found: [Observed] = []
    guard type.lifespan == .own else { return evidence.map { _ in [] } }
    let isKnownByOther = type.identity.idField == nil && !type.identity.naturalKey.isEmpty
    if evidence.contains(where: { $0.asMarker != nil || isKnownByOther && $0.asNaturalKey != nil }) {
      var next: PageToken?
      repeat {
        let page = try await list(session, type, .all, after: next)
        found += page.items
        next = page.next
      } while next != nil
    } else if let key = type.identity.idField {
      let names = Set(evidence.compactMap { $0.asNaturalKey?[key]?.string })
      found = try await read(session, type, names.sorted().map { RemoteID($0) })
    }
    return evidence.map { one in found.filter { one.fits($0, type) } }
  }
}
