import Inventory
import Planning
import ProviderKit
import Resources

/// Settles what earlier runs announced and never told the outcome of, without asking anybody.
///
/// | Announced | looked for | found | not found |
/// |---|---|---|---|
/// | create | marker and token until a fresh object must show; then the natural key | recorded | nothing happened |
/// | update, set-late | the object | done where it holds what was sent | nothing happened: it is planned again |
/// | clear-late | the object | nothing happened: the next plan clears it again | nothing happened |
/// | delete | the object | nothing happened | the record goes |
/// | adopt, move | the object | done where it carries the new marker | nothing happened |
/// | forget | – | nothing happened | – |
///
/// What is found of a create is recorded as the run would have; by its natural key only where it carries no marker,
/// and then it is marked first.
///
/// Evidence for two objects stops everything, with both shown.
package enum Recovery {
  /// What a service shows of one intent's object.
  package enum Finding: Sendable {
    case missing
    case found(Observed)
    /// Holds the natural key and carries no marker: ours, since the name was free when the call left.
    case unmarked(Observed)
    /// Not found yet, and it may still show.
    case pending
  }

  package struct Settlement: Sendable {
    package var intent: Intent
    /// nil where only waiting can tell.
    package var resolution: Resolution?
    package var changes: [RecordChange]

    /// True for a create of which nothing was found.
    var isVainCreate: Bool { if case .absent? = resolution { intent.operation == "create" } else { false } }
  }

  /// Settles one intent. Pure: the records are those that earlier settlements have left.
  package static func settle(
    _ intent: Intent, _ finding: Finding, _ records: [RecordKey: Recorded], _ catalog: TypeCatalog
  ) -> Settlement {
    let absent = Settlement(intent: intent, resolution: .absent, changes: [])
    guard case .found(let object) = finding.asFound else {
      if case .pending = finding { return Settlement(intent: intent, resolution: nil, changes: []) }
      guard intent.operation == "delete" else { return absent }
      let key = RecordKey(intent.address, intent.incarnation)
      let isRecorded = records[key].map { $0.remote == intent.remote } ?? false
      return Settlement(intent: intent, resolution: .done(intent.remote), changes: isRecorded ? [.remove(key)] : [])
    }
    guard var planned = intent.planned else { return absent }
    switch intent.operation {
    case "create":
      planned.remote = object.remote
      planned.isComplete = planned.isComplete && holds(object, planned, catalog)
    case "update", "set-late": guard holds(object, planned, catalog) else { return absent }
    case "adopt", "move":
      guard isMarked(object, intent, catalog) else { return absent }
    default: return absent
    }
    let old = intent.previous.flatMap { records[RecordKey($0, intent.incarnation)] }
    let changes =
      World.put(planned, over: old, current(planned.address, records)) + World.renamed(old, planned, records.values)
    return Settlement(intent: intent, resolution: .done(object.remote), changes: changes)
  }

  private static func current(_ address: Address, _ records: [RecordKey: Recorded]) -> Recorded? {
    records.values.filter { $0.address == address && !$0.isSuperseded }.max { $0.incarnation < $1.incarnation }
  }

  /// True where the object has every field that was sent, as far as that can be read.
  private static func holds(_ object: Observed, _ planned: Recorded, _ catalog: TypeCatalog) -> Bool {
    guard let type = catalog[planned.type] else { return false }
    return OwnedFields.hold(planned.owned, in: object, type: type)
  }

  private static func isMarked(_ object: Observed, _ intent: Intent, _ catalog: TypeCatalog) -> Bool {
    if catalog[intent.type]?.marker == MarkerPlace.none { return true }
    return object.marker?.address == intent.address && object.marker?.incarnation == intent.incarnation
  }
}

extension Recovery.Finding {
  /// An unmarked object counts as found once it was marked.
  fileprivate var asFound: Recovery.Finding {
    if case .unmarked(let object) = self { return .found(object) }
    return self
  }
}

/// Why recovery stopped. Nothing was written.
package enum RecoveryError: Error, Sendable {
  /// Evidence for more than one object.
  case twoSided([TwoSided])
  /// An intent's target is not among those of the estate, or points elsewhere now.
  case wrongTarget(Intent)
  case provider(TargetName, ProviderError)
  case store(StoreError)

  package struct TwoSided: Sendable, Equatable {
    package var address: Address
    package var type: TypeName
    package var objects: [RemoteID]
  }
}
