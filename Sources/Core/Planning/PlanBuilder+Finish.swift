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
    var drafts: [Draft] = []
    for position in places.indices {
      if let change = places[position].change {
        drafts.append(Draft(change: plan.changes.count, place: position, stage: stage(change)))
        plan.changes.append(change)
      }
      for leftover in leftovers(position) {
        drafts.append(Draft(change: plan.changes.count, place: position, stage: 0, isLeftover: true))
        plan.changes.append(leftover)
      }
    }
    // The order of steps that do not wait for each other is that of their drafts.
    if drafts.contains(where: { $0.stage != 0 }) {
      drafts.sort { ($0.stage, $0.change) < ($1.stage, $1.change) }
    }
    for draft in drafts {
      let change = plan.changes[draft.change]
      if draft.isLeftover {
        steps.draftLeftover(change, at: draft.change, place: draft.place)
      } else {
        steps.draft(change, at: draft.change, place: draft.place)
      }
    }
    steps.connect { place(at: $0) }
    do throws(CreatedTooEarly) {
      plan.steps = try ordered(steps.drafts, plan.changes)
    } catch {
      return .failure(error)
    }
    coverage.unreadable.merge(input.observation.unreadable) { first, _ in first }
    plan.coverage = coverage
    plan.diagnostics = diagnostics + mergedHere()
    return .success(plan)
  }

  private struct Draft {
    var change: Int
    var place: Int
    var stage: Int
    var isLeftover = false
  }

  /// Deletes go by falling stages, everything else by rising ones.
  private func stage(_ change: Change) -> Int {
    let stage = input.catalog[change.type]?.stage ?? 0
    return change.action == .delete ? -stage : stage
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
