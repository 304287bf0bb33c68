import Applying
import Diagnostics
import Inventory
import Planning
import Platform
import Resources
import Values

extension Engine {
  /// Stops owning resources and leaves the objects alone. Written to the journal with the reason.
  package func forget(_ addresses: [Address], reason: String, _ request: ApplyRequest) async throws(EngineFailure)
    -> Int
  {
    try await rewrite(request) { (workspace, inventory) throws(EngineFailure) in
      var changes: [Change] = []
      for address in addresses {
        let record = try current(address, in: inventory)
        changes += inventory.records.filter { $0.address == record.address }.map {
          Self.change(of: $0, .forget, reason)
        }
      }
      return changes
    }
  }

  /// Stops owning everything that is recorded in a target, such as a closed account.
  package func forget(target: TargetName, reason: String, _ request: ApplyRequest) async throws(EngineFailure) -> Int {
    try await rewrite(request) { (_, inventory) throws(EngineFailure) in
      inventory.records.filter { $0.target.target == target }.map { Self.change(of: $0, .forget, reason) }
    }
  }

  /// Gives a resource another address, on its object's marker too.
  package func move(_ source: Address, to destination: Address, _ request: ApplyRequest) async throws(EngineFailure)
    -> Int
  {
    try await rewrite(request) { (_, inventory) throws(EngineFailure) in
      let record = try current(source, in: inventory)
      if inventory.records.contains(where: { $0.address == destination }) {
        throw EngineFailure(.error, [.error(.alreadyRecorded, "`\(destination)` is in the inventory already")])
      }
      var change = Self.change(of: record, .move, "moved by hand")
      change.address = destination
      change.movedFrom = source
      return [change]
    }
  }

  private static func change(of record: Recorded, _ action: Action, _ reason: String) -> Change {
    var change = Change(
      address: record.address, type: record.type, target: record.target.target, action: action,
      reason: action == .move ? .moved : .released)
    change.incarnation = record.incarnation
    change.newIncarnation = record.incarnation
    change.remote = record.remote
    change.after = action == .move ? record.owned : nil
    change.lifecycle.protect = record.isProtected
    change.lifecycle.managementPolicy = record.managementPolicy
    change.dependencies = record.dependencies
    change.lateDependencies = record.lateDependencies
    change.causes = [Cause(.request, reason)]
    return change
  }

  /// Applies changes of the inventory as a plan of its own, so that journal and history hold them like any other.
  private func rewrite(
    _ request: ApplyRequest, _ changes: (Workspace, InventorySnapshot) throws(EngineFailure) -> [Change]
  ) async throws(EngineFailure) -> Int {
    let workspace = try load()
    return try await withLock(workspace, request) { (session) async throws(EngineFailure) in
      let inventory = try await settle(session, workspace, request) { _ in }
      let plan = plan(try changes(workspace, inventory), workspace, inventory)
      let environment = try await environment(for: plan, session, workspace, request) { _ in }
      let summary = try await run(plan, inventory, session, environment, request, isResuming: false, ApplyControl())
      guard summary.outcome == .complete else { throw EngineFailure(summary) }
      return summary.forgotten + summary.moved
    }
  }

  private func plan(_ changes: [Change], _ workspace: Workspace, _ inventory: InventorySnapshot) -> Plan {
    var plan = Plan(scope: workspace.scope, mode: .apply)
    plan.id = PlanID("plan-" + world.random.base32ID())
    plan.createdAt = world.time.now.rfc3339()
    plan.inventorySerial = inventory.serial
    plan.changes = changes.sorted { ($0.address, $0.incarnation) < ($1.address, $1.incarnation) }
    // Forgetting needs no provider: the account may be closed.
    let moving = Set(changes.filter { $0.action == .move }.map(\.target))
    plan.targets = inventory.records.map(\.target).filter { moving.contains($0.target) }.reduce(into: []) {
      known, identity in
      if !known.contains(where: { $0.target == identity.target }) { known.append(identity) }
    }
    plan.steps = plan.changes.enumerated().map { index, change in
      Step(
        id: index, change: index, operation: change.action == .move ? .move : .forget, incarnation: change.incarnation)
    }
    return plan
  }
}
