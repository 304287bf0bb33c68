import Platform
import ProviderKit
import Resources

/// The writing half.
struct SandboxWriter: ResourceWriter {
  let sandbox: Sandbox
  let catalog: TypeCatalog
  let identity: TargetIdentity

  func create(
    _ desired: Desired, _ marker: Marker, _ token: OperationToken, _ progress: ProgressSink
  ) async throws(ProviderError) -> Observed {
    let scene = try Scene(desired.type, catalog, identity, .create)
    let call = try await sandbox.begin(.create, desired.type, desired.address)
    let made: Observed
    do throws(ProviderError) {
      made = try await sandbox.engine.create(
        scene, desired.fields, marker, token, isHalf: call.fate.fault == .partial)
    } catch {
      throw sandbox.refused(call, error)
    }
    try sandbox.end(call, remote: made.remote, hasEffect: true, partial: made)
    return try await ready(made, scene, progress)
  }

  func update(
    _ change: FieldChanges, of object: Observed, _ token: OperationToken, _ progress: ProgressSink
  ) async throws(ProviderError) -> Observed {
    let scene = try Scene(object.type, catalog, identity, .update)
    let call = try await sandbox.begin(
      .update, object.type, change.marker?.address ?? object.marker?.address, object.remote)
    let changed: Observed
    do throws(ProviderError) {
      changed = try await sandbox.engine.update(
        scene, change, object.remote, isHalf: call.fate.fault == .partial)
    } catch {
      throw sandbox.refused(call, error)
    }
    try sandbox.end(call, remote: object.remote, hasEffect: true, partial: changed)
    return changed
  }

  func delete(_ resource: Observed, _ token: OperationToken, _ progress: ProgressSink)
    async throws(ProviderError)
  {
    let scene = try Scene(resource.type, catalog, identity, .delete)
    let call = try await sandbox.begin(.delete, resource.type, resource.marker?.address, resource.remote)
    // One deletion has no half: the object is as it was.
    if call.fate.fault == .partial {
      return try sandbox.end(call, remote: resource.remote, hasEffect: false, partial: resource)
    }
    let isDeleted: Bool
    do throws(ProviderError) {
      isDeleted = try await sandbox.engine.delete(scene, resource.remote)
    } catch {
      throw sandbox.refused(call, error)
    }
    try sandbox.end(call, remote: resource.remote, hasEffect: isDeleted)
  }

  /// Waits until the object is usable. It exists already: whatever interrupts the wait has that effect.
  private func ready(_ made: Observed, _ scene: Scene, _ progress: ProgressSink) async throws(ProviderError)
    -> Observed
  {
    guard !made.isReady else { return made }
    progress("waiting for \(made.remote) to be ready")
    do throws(CancellationError) {
      try await sandbox.time.sleep(for: sandbox.faults.plan.readiness)
    } catch {
      throw ProviderError(
        .cancelled, effect: .partial(made), "cancelled while waiting for \(made.remote)",
        request: RequestFacts(service: "sandbox", operation: "create \(made.type)"))
    }
    return try await sandbox.engine.read(scene, [made.remote]).first ?? made
  }
}
