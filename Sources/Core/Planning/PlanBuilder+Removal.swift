import Diagnostics
import Resources
import Values

extension PlanBuilder {
  /// What to do at an address that is recorded and no longer desired.
  mutating func remove(_ position: Int) {
    guard places[position].isSelected else { return }
    guard let record = places[position].record ?? places[position].superseded.last else { return }
    var change = Change(
      address: places[position].address, type: record.type, target: record.target.target, action: .delete,
      reason: input.options.mode == .destroy ? .destroying : .noManifest)
    change.incarnation = record.incarnation
    change.newIncarnation = record.incarnation
    change.remote = record.remote
    change.lifecycle.protect = record.isProtected
    change.lifecycle.managementPolicy = record.managementPolicy
    change.dependencies = record.dependencies
    change.isStateful = input.catalog[record.type]?.isStateful ?? false
    change.causes = removalCauses(change.address)
    guard !release(record, &change) else {
      places[position].change = change
      return
    }
    observeLeaving(position, record, &change)
    places[position].change = change
  }

  /// Forgets instead of deleting where the estate or the record says so.
  private func release(_ record: Recorded, _ change: inout Change) -> Bool {
    let isReleased = input.desired.released.contains { record.address.isWithin($0) }
    guard isReleased || record.managementPolicy != .full else { return false }
    change.action = .forget
    change.reason = .released
    let text = isReleased ? "`released` names it" : "its management policy is `\(record.managementPolicy.rawValue)`"
    change.causes = [Cause(.lifecycle, text)]
    return true
  }

  private mutating func observeLeaving(_ position: Int, _ record: Recorded, _ change: inout Change) {
    switch input.observation.recorded[record.key] {
    case .present(let observed):
      places[position].observed = observed
      coverage.compared += 1
      guard let type = input.catalog[record.type] else { return }
      change.before = OwnedFields.project(observed.fields, onto: record.owned, type: type)
      change.expectation = Fingerprint.expectation(
        remote: observed.remote, observed: observed.fields, owned: [], type: type)
    case .gone:
      change.action = .forget
      change.reason = .goneUnwanted
      change.causes = [Cause(.drift, "`\(record.remote)` is gone already")]
    case .unreadable(let why):
      leave(&change, why)
    case nil:
      leave(&change, "the provider was not asked")
    }
  }

  private mutating func leave(_ change: inout Change, _ why: String) {
    change.action = .noop
    coverage.unreadable[change.address.text] = why
    diagnostics.append(.warning(.unreadable, "`\(change.address)` could not be read and is left as it is: \(why)"))
  }

  /// Why something is no longer wanted: its manifest is gone, or stands for less than it did.
  private func removalCauses(_ address: Address) -> [Cause] {
    guard input.options.mode != .destroy else { return [Cause(.dropped, "`destroy` was asked for")] }
    guard let expanded = input.desired.expanded[address.manifest] else {
      return [Cause(.dropped, "it is no longer in the manifests")]
    }
    return [
      Cause(.dropped, "`\(address.manifest)` no longer stands for it", origin: expanded.manifest),
      Cause(.blueprint, "what it stands for is said by its blueprint", origin: expanded.blueprint),
    ]
  }
}
