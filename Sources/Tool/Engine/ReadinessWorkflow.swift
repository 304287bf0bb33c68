import Applying
import Inventory
import Planning
import Resources

extension Engine {
  /// Waits until what the run has made is usable, as the blueprints say; gives what is not. Manifests of which a step
  /// failed are not asked: the run that mends them does.
  func readiness(
    after summary: ApplySummary, of plan: Plan, _ workspace: Workspace, _ session: Session,
    _ environment: ApplyEnvironment, _ control: ApplyControl
  ) async throws(EngineFailure) -> [ReadinessFinding] {
    guard plan.mode == .apply, summary.left == 0, summary.inventoryProblem == nil else { return [] }
    let broken = Set((summary.failures.map(\.step) + summary.skipped).map(\.address.manifest))
    let touched = Set(plan.steps.map { plan.changes[$0.change].address.manifest }).subtracting(broken)
    let rules = workspace.desired.readiness.filter { touched.contains($0.manifest) }
    guard !rules.isEmpty else { return [] }
    let records = try await snapshot(of: session.store).records
    return try await ask(rules, records, workspace, environment, control, limit: nil)
  }

  /// Looks once whether all manifests are usable, where there was nothing to do.
  func readiness(
    _ workspace: Workspace, _ inventory: InventorySnapshot, _ session: Session, _ request: ApplyRequest,
    _ control: ApplyControl, _ events: @escaping @Sendable (ApplyEvent) -> Void
  ) async throws(EngineFailure) -> [ReadinessFinding] {
    let rules = workspace.desired.readiness
    guard request.options.mode == .apply, !rules.isEmpty else { return [] }
    let environment = try environment(session, workspace.catalog, [:], request, events)
    return try await ask(rules, inventory.records, workspace, environment, control, limit: .zero)
  }

  private func ask(
    _ rules: [ReadinessRule], _ records: [Recorded], _ workspace: Workspace, _ environment: ApplyEnvironment,
    _ control: ApplyControl, limit: Duration?
  ) async throws(EngineFailure) -> [ReadinessFinding] {
    var environment = environment
    let missing = ReadinessRun.targets(rules, records).subtracting(environment.targets.keys)
    let opened = try await targets(missing, workspace.desired.targets)
    environment.targets.merge(opened) { known, _ in known }
    return await ReadinessRun(rules, records, workspace.desired.names, environment, limit: limit).run(control)
  }
}
