import Inventory
import ProviderKit
import Resources
import Synchronization

/// Stands between everything under test and the sandbox, and notes whatever must never reach a service.
final class Ledger: Sendable {
  struct Limits: Sendable {
    /// Deletes that the run may make at most.
    var deletes: Int?
    var allowsStateful = true
  }

  private struct State {
    var violations: [String] = []
    /// Objects whose deletion was answered, by type and id.
    var deleted: Set<String> = []
    var limits = Limits()
    var deletes = 0
  }

  private let state = Mutex(State())

  var violations: [String] { state.withLock { $0.violations } }

  func note(_ violation: String) { state.withLock { $0.violations.append(violation) } }

  /// A new run, with what it may destroy.
  func begin(_ limits: Limits) {
    state.withLock { state in
      state.limits = limits
      state.deletes = 0
    }
  }

  func made(_ object: Observed) {
    _ = state.withLock { $0.deleted.remove("\(object.type) \(object.remote)") }
  }

  /// A deletion is about to be sent for an object that stands, or (`current` nil) for one that is gone.
  func deleting(_ object: Observed, _ current: Observed?, isStateful: Bool) {
    state.withLock { state in
      let name = "\(object.type) \(object.remote)"
      if state.deleted.contains(name) { state.violations.append("double delete: \(name)") }
      guard let current else { return }
      if current.marker?.isProtected == true { state.violations.append("protected and deleted: \(name)") }
      if isStateful, !state.limits.allowsStateful {
        state.violations.append("holds data and was deleted: \(name)")
      }
      state.deletes += 1
      if let limit = state.limits.deletes, state.deletes > limit {
        state.violations.append("over budget: \(name) is delete \(state.deletes) of \(limit)")
      }
    }
  }

  /// The process has heard that the object is gone.
  func deleted(_ object: Observed) {
    _ = state.withLock { $0.deleted.insert("\(object.type) \(object.remote)") }
  }
}

/// The provider behind which the ledger is kept.
struct LedgerProvider: Provider {
  let inner: any Provider
  let ledger: Ledger
  let inventory: SimulatedInventory

  var name: String { inner.name }
  var catalog: TypeCatalog { inner.catalog }
  func check(_ target: Target) -> [TargetProblem] { inner.check(target) }
  func identify(_ target: Target) async throws(ProviderError) -> TargetIdentity { try await inner.identify(target) }
  func reader(_ target: Target) async throws(ProviderError) -> any ResourceReader { try await inner.reader(target) }

  func writer(_ target: Target, fence: Fence) async throws(ProviderError) -> any ResourceWriter {
    LedgerWriter(
      inner: try await inner.writer(target, fence: fence), reader: try await inner.reader(target), catalog: catalog,
      ledger: ledger, inventory: inventory)
  }
}

private struct LedgerWriter: ResourceWriter {
  let inner: any ResourceWriter
  let reader: any ResourceReader
  let catalog: TypeCatalog
  let ledger: Ledger
  let inventory: SimulatedInventory

  func create(
    _ desired: Desired, _ marker: Marker, _ token: OperationToken, _ progress: ProgressSink
  ) async throws(ProviderError) -> Observed {
    await checkIntent("create", marker.address, nil, token)
    let made = try await inner.create(desired, marker, token, progress)
    ledger.made(made)
    return made
  }

  func update(
    _ change: FieldChanges, of object: Observed, _ token: OperationToken, _ progress: ProgressSink
  ) async throws(ProviderError) -> Observed {
    await checkIntent("update", change.marker?.address, object.remote, token)
    return try await inner.update(change, of: object, token, progress)
  }

  func delete(
    _ object: Observed, _ token: OperationToken, _ progress: ProgressSink
  ) async throws(ProviderError) {
    await checkIntent("delete", object.marker?.address, object.remote, token)
    let current = try await reader.read(object.type, [object.remote]).first
    ledger.deleting(object, current, isStateful: catalog[object.type]?.isStateful ?? false)
    try await inner.delete(object, token, progress)
  }

  /// A write must have been announced: its token stands in an open intent, or, where recovery marks what it
  /// has found, its address does.
  private func checkIntent(
    _ operation: String, _ address: Address?, _ remote: RemoteID?, _ token: OperationToken
  ) async {
    let open: [Intent]
    do throws(StoreError) { open = try await inventory.load().openIntents } catch { return ledger.note("\(error)") }
    let isAnnounced = open.contains { intent in
      intent.token == token
        || operation == "update" && intent.operation == "create" && intent.address == address
    }
    if !isAnnounced {
      ledger.note("no intent: \(operation) of \(address?.text ?? "?") \(remote?.text ?? "")")
    }
  }
}
