import Diagnostics
import Resources
import Schemas
import Values

extension PlanBuilder {
  mutating func decideAll() {
    for position in resolutionOrder {
      if let desired = places[position].desired {
        decide(position, input.desired.resources[desired])
      } else {
        remove(position)
      }
    }
    for position in resolutionOrder where places[position].desired != nil {
      decideLate(position)
      refreshRecord(position)
    }
    for position in places.indices where !places[position].waitsFor.isEmpty { checkRoom(position) }
  }

  /// A name becomes free only where its holder is deleted indeed.
  private mutating func checkRoom(_ position: Int) {
    let name = "`\(places[position].address)` cannot be created"
    for other in places[position].waitsFor {
      guard let holder = places[other].change, !holder.action.isDestructive else { continue }
      let origin = places[position].change?.origin
      if let why = coverage.unreadable[holder.address.text] {
        diagnostics.append(
          .error(
            .unreadable, "\(name) yet: `\(holder.address)` has its name and could not be read: \(why)", at: origin,
            hint: "plan again when it can be read"))
      } else {
        diagnostics.append(
          .error(
            .foreignHolder, "\(name): `\(holder.address)` has its name and is not deleted", at: origin,
            hint: "choose another name, or let `\(holder.address)` be deleted first"))
      }
    }
  }

  /// What to do at an address that is desired.
  private mutating func decide(_ position: Int, _ desired: Desired) {
    guard let type = input.catalog[desired.type] else {
      return diagnostics.append(
        .error(.unknownType, "no provider knows the type `\(desired.type)`", at: desired.origin))
    }
    let (fields, reads) = resolve(desired.fields, late: false)
    places[position].fields = fields
    var change = Change(
      address: desired.address, type: desired.type, target: desired.target, action: .noop, reason: .none)
    change.lifecycle = desired.lifecycle
    change.isStateful = type.isStateful
    change.origin = desired.origin
    change.reads = reads
    change.after = fields
    change.dependencies = places[position].needs.map { places[$0].address }
    change.lateDependencies = places[position].lateNeeds.map { places[$0].address }
    change.lateFields = !type.hasLateFields ? [] : fields.keys.filter { type.schema[$0]?.marks.contains(.late) == true }
    if let record = places[position].record {
      decideRecorded(position, record, type, &change)
    } else {
      decideUnrecorded(position, type, &change)
    }
    if change.action.isCreating { noteOldHolders(position, type) }
    if !places[position].isSelected { makeNoop(&change) }
    if places[position].movedFrom != nil { move(position, &change) }
    places[position].change = change
  }

  private func makeNoop(_ change: inout Change) {
    change.action = .noop
    change.reason = .none
    change.fields = []
    change.causes = []
  }

  private func move(_ position: Int, _ change: inout Change) {
    guard let from = places[position].movedFrom else { return }
    change.movedFrom = from
    if change.action == .noop {
      change.action = .move
      change.reason = .moved
    }
    let text =
      change.lifecycle.movedFrom == nil
      ? "its marker was moved from `\(from)` by a run that did not finish" : "`metadata.movedFrom` names `\(from)`"
    change.causes.append(Cause(.lifecycle, text, origin: change.origin))
  }

  private mutating func decideRecorded(
    _ position: Int, _ record: Recorded, _ type: ResourceType, _ change: inout Change
  ) {
    change.incarnation = record.incarnation
    change.newIncarnation = record.incarnation
    change.remote = record.remote
    guard checkPlacement(record, change) else { return }
    switch input.observation.recorded[record.key] {
    case .present(let observed):
      places[position].observed = observed
      coverage.compared += 1
      compare(position, record.owned, observed, type, &change)
    case .gone:
      guard change.lifecycle.managementPolicy != .observe else { return missing(change) }
      change.action = .create
      change.reason = .gone
      change.remote = nil
      change.causes = [
        Cause(.drift, "`\(record.remote)` is gone: it was deleted outside of Plumb", origin: change.origin)
      ]
      proposeNew(&change)
    case .unreadable(let why):
      report(change, unreadable: why)
    case nil:
      report(change, unreadable: "the provider was not asked")
    }
  }

  private mutating func missing(_ change: Change) {
    diagnostics.append(
      .error(
        .observedMissing, "`\(change.address)` is only observed, and there is no such object", at: change.origin,
        hint: "set `metadata.adopt.id`, or `managementPolicy: Full` to have it created"))
  }

  private mutating func report(_ change: Change, unreadable why: String) {
    coverage.unreadable[change.address.text] = why
    diagnostics.append(
      .warning(.unreadable, "`\(change.address)` could not be read and is left as it is: \(why)", at: change.origin))
  }

  /// A record that points somewhere else than its manifest is an error, never a re-creation.
  private mutating func checkPlacement(_ record: Recorded, _ change: Change) -> Bool {
    if record.type != change.type {
      diagnostics.append(
        .error(
          .typeChanged, "`\(change.address)` is recorded as `\(record.type)` and is now a `\(change.type)`",
          at: change.origin,
          hint: "give the new resource another name"))
      return false
    }
    guard let identity = input.identities[change.target], !identity.isSamePlace(as: record.target) else { return true }
    diagnostics.append(
      .error(
        .targetChanged,
        "`\(change.address)` is recorded in \(record.target.place) and target `\(change.target)` is \(identity.place)",
        at: change.origin,
        hint: "an object cannot change its account or region: restore the target, or give the resource another name"))
    return false
  }

  private mutating func decideUnrecorded(_ position: Int, _ type: ResourceType, _ change: inout Change) {
    let marked = input.observation.marked[change.address] ?? []
    let holders = input.observation.holders[change.address] ?? []
    if marked.count > 1 { return twoSided(marked, change) }
    if let found = marked.first {
      return adopt(position, found, type, .found, "an object with this address's marker stands already", &change)
    }
    if change.lifecycle.adopt != nil {
      guard let holder = holders.first, holders.count == 1 else { return adoptionProblem(holders, change) }
      if let marker = holder.marker, marker.scope != input.desired.scope { return foreign(holder, marker, change) }
      return adopt(position, holder, type, .adopted, "`metadata.adopt` asks for it", &change)
    }
    if change.lifecycle.managementPolicy == .observe { return missing(change) }
    for holder in holders {
      if let old = oldObject(holder) {
        places[position].waitsForOld.append(old)
      } else if let leaving = leaving(holder) {
        places[position].waitsFor.append(leaving)
      } else {
        return held(holder, type, change)
      }
    }
    change.action = .create
    change.reason = .notRecorded
    change.causes = [Cause(.manifest, "it is new in the manifests", origin: change.origin)]
    if let last = places[position].superseded.last { change.newIncarnation = last.incarnation + 1 }
    proposeNew(&change)
  }

  private mutating func adopt(
    _ position: Int, _ found: Observed, _ type: ResourceType, _ reason: ActionReason, _ text: String,
    _ change: inout Change
  ) {
    places[position].observed = found
    change.remote = found.remote
    change.incarnation = found.marker.map { $0.scope == input.desired.scope ? $0.incarnation : 1 } ?? 1
    change.newIncarnation = change.incarnation
    coverage.compared += 1
    compare(position, nil, found, type, &change)
    if change.action == .noop || change.action == .update {
      change.action = .adopt
      change.reason = reason
    }
    change.causes.insert(Cause(.lifecycle, text, origin: change.origin), at: 0)
  }

  /// The place of an object of ours that this plan deletes, so that its name becomes free.
  private func leaving(_ holder: Observed) -> Int? {
    guard let marker = holder.marker, marker.scope == input.desired.scope, let other = place(at: marker.address) else {
      return nil
    }
    return places[other].desired == nil && places[other].isSelected ? other : nil
  }

  /// The old object of an unfinished replacement, where it is the holder: it is deleted by this plan as well.
  private func oldObject(_ holder: Observed) -> RecordKey? {
    guard let marker = holder.marker, marker.scope == input.desired.scope, let other = place(at: marker.address),
      places[other].desired != nil, places[other].isSelected
    else { return nil }
    return places[other].superseded.first { $0.remote == holder.remote }?.key
  }

  /// A manifest that returns to what it said before an unfinished replacement wants the name of its own old object.
  private mutating func noteOldHolders(_ position: Int, _ type: ResourceType) {
    guard let fields = places[position].fields else { return }
    for record in places[position].superseded where !places[position].waitsForOld.contains(record.key) {
      guard case .present(let observed) = input.observation.recorded[record.key],
        type.haveSameNaturalKey(fields, observed.fields)
      else { continue }
      places[position].waitsForOld.append(record.key)
    }
  }

  private mutating func twoSided(_ found: [Observed], _ change: Change) {
    let names = found.map { "`\($0.remote)`" }.joined(separator: ", ")
    diagnostics.append(
      .error(
        .twoSided,
        "two objects carry the marker of `\(change.address)`: \(names)",
        at: change.origin,
        hint: "delete the one that is not wanted, or remove its `\(Marker.addressKey)` tag, and plan again"))
  }

  private mutating func held(_ holder: Observed, _ type: ResourceType, _ change: Change) {
    let key = type.identity.naturalKey.joined(separator: ", ")
    let owner =
      holder.marker.map { "belongs to `\($0.address)` of scope `\($0.scope)`" } ?? "is nobody's that Plumb knows"
    diagnostics.append(
      .error(
        .foreignHolder, "`\(change.address)` cannot be created: `\(holder.remote)` has the same \(key) and \(owner)",
        at: change.origin,
        hint: "choose another \(key), or take the object over with `metadata: {adopt: {id: \(holder.remote)}}`"))
  }

  private mutating func adoptionProblem(_ holders: [Observed], _ change: Change) {
    let what = holders.isEmpty ? "there is no such object" : "\(holders.count) objects fit"
    diagnostics.append(
      .error(
        .nothingToAdopt, "`\(change.address)` cannot adopt: \(what)", at: change.origin,
        hint: "name the object by `metadata.adopt.id`, or remove `adopt` to have one created"))
  }

  private mutating func foreign(_ holder: Observed, _ marker: Marker, _ change: Change) {
    diagnostics.append(
      .error(
        .adoptsForeign,
        "`\(change.address)` cannot adopt `\(holder.remote)`: it is `\(marker.address)` of scope `\(marker.scope)`",
        at: change.origin, hint: "let the other estate release it first, by `released: [\(marker.address)]`"))
  }
}
