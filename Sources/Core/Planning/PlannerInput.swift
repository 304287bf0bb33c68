import Cryptography
import Resources
import Values

/// Everything the planner may know. It asks nobody.
package struct PlannerInput: Sendable {
  package var desired: DesiredEstate
  package var records: [Recorded]
  package var inventorySerial: UInt64
  package var observation: Observation
  package var catalog: TypeCatalog
  /// What each target points at.
  package var identities: [TargetName: TargetIdentity]
  package var options: PlannerOptions
  /// What services say of writes of merged types; an address without one is compared here.
  package var proposals: [Address: Proposal] = [:]
  /// Tells whether a recorded hash stands for a secret; nil where the key is not at hand.
  package var hashKey: HashKey?

  package init(
    desired: DesiredEstate, records: [Recorded], inventorySerial: UInt64 = 0, observation: Observation,
    catalog: TypeCatalog,
    identities: [TargetName: TargetIdentity], options: PlannerOptions = PlannerOptions(), hashKey: HashKey? = nil
  ) {
    self.desired = desired
    self.records = records
    self.inventorySerial = inventorySerial
    self.observation = observation
    self.catalog = catalog
    self.identities = identities
    self.options = options
    self.hashKey = hashKey
  }
}

package struct PlannerOptions: Sendable {
  package var mode = PlanMode.apply
  /// Address globs of `--only`; empty for all. What they depend on is added.
  package var only: [String] = []
  /// Names of `--target`; empty for all.
  package var targets: [TargetName] = []
  /// Address globs of `--allow-stateful`.
  package var allowStateful: [String] = []
  /// Address globs of `--replace`.
  package var replace: [String] = []
  /// `--max-deletes`; nil for no limit. A replacement counts as a delete.
  package var maxDeletes: Int?
  package init() {}
}

/// What the providers said, matched to addresses by the engine.
package struct Observation: Sendable {
  package enum State: Sendable {
    case present(Observed)
    /// A read by id said so.
    case gone
    case unreadable(String)
  }

  /// For every record.
  package var recorded: [RecordKey: State] = [:]
  /// Objects that carry our marker and stand in no record, by address.
  package var marked: [Address: [Observed]] = [:]
  /// Who holds the natural key, or the id to adopt, of a desired resource that has no record.
  package var holders: [Address: [Observed]] = [:]
  package var unreadable: [String: String] = [:]
  package init() {}
}
