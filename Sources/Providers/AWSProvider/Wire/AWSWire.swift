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
