import Inventory
import Platform
import ProviderKit
import Resources
import Values

extension Recovery {
  /// Settles every open intent, waiting for fresh objects to show, and writes what it finds. Comes first
  /// under the lock of
  /// `apply` and `destroy`. Returns what the store holds then, and what was settled.
  @concurrent package static func run(
    _ snapshot: InventorySnapshot, lease: Lease, _ environment: ApplyEnvironment
  ) async throws(RecoveryError) -> (snapshot: InventorySnapshot, settled: [Settlement]) {
    guard !snapshot.openIntents.isEmpty else { return (snapshot, []) }
    var search = RecoverySearch(environment, mayWait: true)
    let findings = try await search.run(snapshot.openIntents)
    try await mark(snapshot.openIntents, findings, lease, environment)
    let settled = settle(snapshot, findings, environment.catalog)
    var batch = Batch()
    for settlement in settled {
      guard let resolution = settlement.resolution else { continue }
      batch.events.append(.resolved(settlement.intent.id, resolution))
      batch.changes += settlement.changes
    }
    do throws(StoreError) {
      try await environment.store.commit(batch, lease)
      var result = try await environment.store.load()
      result.vainCreates = settled.filter { $0.isVainCreate }.map(\.intent)
      return (result, settled)
    } catch {
      throw RecoveryError.store(error)
    }
  }

  /// What `run` would leave, as far as one look can tell: for `plan`, which writes nothing and does not wait.
  /// Intents that
  /// only waiting can settle stay open.
  @concurrent package static func preview(
    _ snapshot: InventorySnapshot, _ environment: ApplyEnvironment
  ) async throws(RecoveryError) -> (snapshot: InventorySnapshot, settled: [Settlement]) {
    guard !snapshot.openIntents.isEmpty else { return (snapshot, []) }
    var search = RecoverySearch(environment, mayWait: false)
    let findings = try await search.run(snapshot.openIntents)
    let settled = settle(snapshot, findings, environment.catalog)
    var result = snapshot
    var records = table(snapshot)
    for settlement in settled {
      for change in settlement.changes { records.apply(change) }
    }
    result.records = records.values.sorted { $0.key < $1.key }
    result.openIntents = settled.filter { $0.resolution == nil }.map(\.intent)
    return (result, settled)
  }

  /// Pure: every intent in the order of its announcement, each upon what the one before has left.
  package static func settle(
    _ snapshot: InventorySnapshot, _ findings: [OperationID: Finding], _ catalog: TypeCatalog
  ) -> [Settlement] {
    var records = table(snapshot)
    return snapshot.openIntents.map { intent in
      let settlement = settle(intent, findings[intent.id] ?? .missing, records, catalog)
      for change in settlement.changes { records.apply(change) }
      return settlement
    }
  }

  private static func table(_ snapshot: InventorySnapshot) -> [RecordKey: Recorded] {
    Dictionary(snapshot.records.map { ($0.key, $0) }, uniquingKeysWith: { _, last in last })
  }

  /// Writes our marker on objects that were found by their name alone, before they are recorded.
  private static func mark(
    _ intents: [Intent], _ findings: [OperationID: Finding], _ lease: Lease, _ environment: ApplyEnvironment
  ) async throws(RecoveryError) {
    for intent in intents {
      guard case .unmarked(let object)? = findings[intent.id],
        environment.catalog[intent.type]?.marker.canBeWritten == true,
        let target = environment.targets[intent.target.target]
      else { continue }
      let marker = Marker(
        scope: environment.scope, address: intent.address, incarnation: intent.incarnation,
        isProtected: intent.planned?.isProtected ?? false)
      let change = FieldChanges(changes: [], desired: intent.planned?.owned ?? .map([]), marker: marker)
      do throws(ProviderError) {
        let writer = try await target.provider.writer(target.target, fence: lease.fence)
        _ = try await writer.update(change, of: object, OperationToken(environment.random.hexID()), .ignore)
      } catch {
        throw RecoveryError.provider(intent.target.target, error)
      }
    }
  }
}

extension MarkerPlace {
  /// Whether an object that exists can be given a marker.
  var canBeWritten: Bool {
    switch self {
    case .tags, .labels, .annotation, .description: true
    case .createOnlyDescription, .none: false
    }
  }
}

extension [RecordKey: Recorded] {
  mutating func apply(_ change: RecordChange) {
    switch change {
    case .put(let record): self[record.key] = record
    case .remove(let key): self[key] = nil
    }
  }
}
