import Diagnostics
import Graphs
import Resources

extension PlanBuilder {
  /// Puts changes and steps in their final order.
  consuming func finish() -> Plan {
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
    plan.steps = ordered(steps.drafts, plan.changes)
    coverage.unreadable.merge(input.observation.unreadable) { first, _ in first }
    plan.coverage = coverage
    plan.diagnostics = diagnostics
    return plan
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

  /// Steps in a stable order that respects their dependencies, numbered anew.
  private mutating func ordered(_ drafts: [StepBuilder.Draft], _ changes: [Change]) -> [Step] {
    var edges: [DirectedGraph.Edge] = []
    for (position, draft) in drafts.enumerated() {
      for dependency in draft.dependencies { edges.append(DirectedGraph.Edge(from: dependency, to: position)) }
    }
    do throws(Cycle) {
      let order = try DirectedGraph(nodeCount: drafts.count, edges: edges).topologicalOrder()
      var number = Array(repeating: 0, count: drafts.count)
      for (id, draft) in order.enumerated() { number[draft] = id }
      return order.enumerated().map { id, draft in
        Step(
          id: id, change: drafts[draft].change, operation: drafts[draft].operation,
          incarnation: drafts[draft].incarnation,
          dependencies: drafts[draft].dependencies.map { number[$0] }.sorted())
      }
    } catch {
      let path = error.nodes.map { "\(drafts[$0].operation.rawValue) `\(changes[drafts[$0].change].address)`" }
      diagnostics.append(
        .error(
          .dependencyCycle, "these steps wait for each other: \(path.joined(separator: " → "))",
          hint: "apply the change in two parts, or set `metadata.createBeforeDestroy` on the replaced resource"))
      return []
    }
  }
}
