import Resources
import Values

/// What only a provider can answer before the plan is made: who holds the name of a resource that is to be created.
package struct HolderQuestion: Sendable {
  package var address: Address
  package var type: TypeName
  package var target: TargetName
  package var evidence: Evidence

  package enum Evidence: Sendable {
    /// The object that `metadata.adopt.id` names.
    case id(RemoteID)
    /// Fields that hold the whole natural key, known.
    case naturalKey(Value)
  }
}

extension Planner {
  /// The first of two passes: what the engine asks before `plan`. Resources without a record only, and of those the
  /// ones
  /// whose natural key is known by now; a key that awaits a new object cannot be held by anybody.
  package static func questions(_ input: PlannerInput) -> [HolderQuestion] {
    guard input.options.mode == .apply else { return [] }
    let register = Register(input)
    guard register.rows.contains(where: \.records.isEmpty) else { return [] }
    var builder = PlanBuilder(input, register)
    builder.order()
    builder.select()
    builder.decideAll()
    return builder.places.compactMap { builder.question($0) }
  }
}

extension PlanBuilder {
  fileprivate func question(_ place: Place) -> HolderQuestion? {
    guard place.record == nil, place.isSelected, place.observed == nil, let desired = place.desired else { return nil }
    let resource = input.desired.resources[desired]
    if case .id(let id)? = resource.lifecycle.adopt {
      return HolderQuestion(address: place.address, type: resource.type, target: resource.target, evidence: .id(id))
    }
    guard let type = input.catalog[resource.type], let fields = place.fields, type.holdsNaturalKey(fields) else {
      return nil
    }
    return HolderQuestion(
      address: place.address, type: resource.type, target: resource.target, evidence: .naturalKey(fields))
  }
}
