import Cryptography
import Resources
import Values

extension PlanBuilder {
  /// Finds what needs nothing done and is recorded otherwise than the manifest has it: an object that was changed first
  /// and its manifest afterwards, a reference in the place of an id, another management policy. What is dropped later,
  /// and in which order, follows from the record, so that apply writes it anew.
  mutating func refreshRecord(_ position: Int) {
    let place = places[position]
    guard place.isSelected, place.observed != nil, let record = place.record, let change = place.change,
      change.action == .noop, change.type == record.type
    else { return }
    // Its references are renamed by the move itself, which may fail: until then they order deletes under the old name.
    guard !(place.needs + place.lateNeeds).contains(where: { places[$0].movedFrom != nil }) else { return }
    let owned = ownedAnew(place) ?? record.owned
    let isRight =
      record.isComplete && record.managementPolicy == change.lifecycle.managementPolicy
      && record.dependencies == change.dependencies && record.lateDependencies == change.lateDependencies
      && owned == record.owned
    if !isRight { places[position].change?.recordedAnew = owned }
  }

  /// The desired fields as a record holds them; nil where they are not all known, or are not ours to apply.
  private func ownedAnew(_ place: Place) -> Value? {
    guard let fields = place.fields, place.change?.lifecycle.managementPolicy != .observe else { return nil }
    let known = secrets.filling(fields)
    if known.containsUnknown { return nil }
    guard known.holdsSecret else { return known }
    return input.hashKey.map { SensitiveHash.sealed(known, key: $0) }
  }
}
