import ProviderKit
import Resources
import Schemas
import Values

/// How one resource type is observed and written: the only part of a type that speaks to AWS.
protocol AWSWire: Sendable {
  func list(
    _ session: AWSSession, _ type: ResourceType, _ filter: ListFilter, after: PageToken?
  ) async throws(ProviderError) -> ObservedPage
  func read(
    _ session: AWSSession, _ type: ResourceType, _ ids: [RemoteID]
  ) async throws(ProviderError) -> [Observed]
  func find(
    _ session: AWSSession, _ type: ResourceType, _ evidence: [Evidence]
  ) async throws(ProviderError) -> [[Observed]]
  func create(_ fields: Value, _ marker: Marker, _ task: WriteTask) async throws(ProviderError) -> Observed
  func update(_ change: FieldChanges, of observed: Observed, _ task: WriteTask) async throws(ProviderError)
    -> Observed
  func delete(_ observed: Observed, _ task: WriteTask) async throws(ProviderError)
}

extension ListFilter {
  /// Whether an object with this marker is asked for.
  func includes(_ marker: Marker?) -> Bool { scope.map { $0 == marker?.scope } ?? true }
}

extension Evidence {
  /// Whether the object fits; tokens are not written on AWS's objects.
  func fits(_ observed: Observed, _ type: ResourceType) -> Bool {
    switch self {
    case .marker(let marker):
      guard let own = observed.marker else { return false }
      return own.scope == marker.scope && own.address == marker.address
        && own.incarnation == marker.incarnation
    case .token: return false
    case .naturalKey(let fields):
      let key = type.identity.naturalKey
      return !key.isEmpty
        && key.allSatisfy { name in
          guard let wanted = fields[name], let actual = observed.fields[name] else { return false }
          return type.schema[name]?.equal(wanted, actual) ?? false
        }
    }
  }
}
