import Diagnostics
import Resources

extension PlanBuilder {
  /// Puts changes and steps in their final order; places that were to be created first and cannot be, where no order
  /// was found because of them.
  consuming func finish() -> Result<Plan, CreatedTooEarly> {
    var plan = Plan(scope: input.desired.scope, mode: input.options.mode)
    plan.manifestDigest = input.desired.digest
    plan.inventorySerial = input.inventorySerial
    plan.targets = input.identities.values.sorted { $0.target < $1.target }
    plan.slots = input.desired.slots
    plan.variables = input.desired.variables
    var steps = StepBuilder(places: places, slots: input.desired.slots)
    plan.changes.reserveCapacity(places.count)
    for position in places.indices {
      if let change = places[position].change {
        steps.draft(change, at: plan.changes.count, place: position)
        plan.changes.append(change)
      }
      for leftover in leftovers(position) {
        steps.draftLeftover(leftover, at: plan.changes.count, place: position)
        plan.changes.append(leftover)
      }
    }
    steps.connect(index: index)
    do throws(CreatedTooEarly) {
      plan.steps = try ordered(steps.drafts, plan.changes)
    } catch {
      return .failure(error)
    }
    coverage.unreadable.merge(input.observation.unreadable) { first, _ in first }
    plan.coverage = coverage
    plan.diagnostics = diagnostics
    return .success(plan)
  }

  /// Old objects of unfinished replacements, apart from the one that the place's own change deletes.
  func leftovers(_ position: Int) -> [Change] {
    let place = places[position]
    guard place.isSelected else { return [] }
    let superseded = place.desired == nil && place.record == nil ? place.superseded.dropLast() : place.superseded[...]
    return superseded.compactMap { record in
      var change = Change(
        address: record.address, type: record.type, target: record.target.target, action: .delete, reason: .superseded)
      change.incarnation = record.incarnation
      change.newIncarnation = record.incarnation
      change.remote = record.remote
      change.lifecycle.protect = record.isProtected
      change.isStateful = input.catalog[record.type]?.isStateful ?? false
      change.dependencies = record.dependencies
      change.lateDependencies = record.lateDependencies
      change.causes = [Cause(.lifecycle, "its replacement stands, and the old object was not deleted yet")]
      if case .gone = input.observation.recorded[record.key] { change.action = .forget }
      return change
    }
  }
}
