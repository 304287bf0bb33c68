import HTTP
import ProviderKit
import Resources
import Values

/// The half that writes. What each type does, and how it repeats, is its wire's.
struct GCPWriter: ResourceWriter {
  let session: GCPSession

  func create(
    _ desired: Desired, _ marker: Marker, _ token: OperationToken, _ progress: ProgressSink
  ) async throws(ProviderError) -> Observed {
    let found = try GCPType.named(desired.type)
    let task = WriteTask(session, found.type, .create, token, progress)
    return try await found.wire.create(desired.fields, marker, task)
  }

  func update(
    _ change: FieldChanges, of observed: Observed, _ token: OperationToken, _ progress: ProgressSink
  ) async throws(ProviderError) -> Observed {
    let found = try GCPType.named(observed.type)
    return try await found.wire.update(
      change, of: observed, WriteTask(session, found.type, .update, token, progress))
  }

  func delete(
    _ resource: Observed, _ token: OperationToken, _ progress: ProgressSink
  ) async throws(ProviderError) {
    let found = try GCPType.named(resource.type)
    try await found.wire.delete(resource, WriteTask(session, found.type, .delete, token, progress))
  }
}
