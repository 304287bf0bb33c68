import ProviderKit
import Resources
import Values

/// How one resource type is observed and written: the only part of a type that speaks to Google.
protocol GCPWire: Sendable {
  func list(
    _ session: GCPSession, _ type: ResourceType, _ filter: ListFilter, after: PageToken?
  ) async throws(ProviderError) -> ObservedPage
  func read(
    _ session: GCPSession, _ type: ResourceType, _ ids: [RemoteID]
  ) async throws(ProviderError) -> [Observed]
  func find(
    _ session: GCPSession, _ type: ResourceType, _ evidence: [Evidence]
  ) async throws(ProviderError) -> [[Observed]]
  func create(_ fields: Value, _ marker: Marker, _ task: WriteTask) async throws(ProviderError) -> Observed
  func update(_ change: FieldChanges, of observed: Observed, _ task: WriteTask) async throws(ProviderError) -> Observed
  func delete(_ observed: Observed, _ task: WriteTask) async throws(ProviderError)
}

extension GCPWire {
  /// Every object there is, page by page.
  func all(_ session: GCPSession, _ type: ResourceType) async throws(ProviderError) -> [Observed] {
    var found: [Observed] = []
    var next: PageToken?
    repeat {
      let page = try await list(session, type, .all, after: next)
      found += page.items
      next = page.next
    } while next != nil
    return found
  }
}
