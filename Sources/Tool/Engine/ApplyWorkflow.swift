import Applying
import Diagnostics
import Inventory
import Planning
import Platform
import ProviderKit
import Resources

/// What a run of apply or destroy is to do.
package struct ApplyRequest: Sendable {
  package var options = PlannerOptions()
  package var settings = ApplySettings()
  package var lockTimeout = Duration.zero
  /// As it stands in lock and journal, without secrets: `plumb apply`.
  package var command = "plumb apply"
  /// Rules of policies to let be, and why: the recorded emergency exit.
  package var waiver: Waiver?
  package init() {}

  package struct Waiver: Sendable {
    package var rules: [String]
    package var reason: String
    package init(rules: [String], reason: String) {
      self.rules = rules
      self.reason = reason
    }
  }
}

/// How a run ended.
package enum ApplyOutcome: Sendable {
  /// There was nothing to do; manifests that are not ready all the same.
  case unchanged(PlanOutcome, unready: [ReadinessFinding])
  /// The plan was shown, and the answer was not `yes`.
  case declined(PlanOutcome)
  case applied(ApplySummary, PlanOutcome?)
}

extension Engine {
  /// Plans under the lock, asks, and applies. What an earlier run left open is settled first.
  package func apply(
    _ request: ApplyRequest, control: ApplyControl, events: @escaping @Sendable (ApplyEvent) -> Void,
    confirm: (PlanOutcome) async -> Bool
  ) async throws(EngineFailure) -> ApplyOutcome {
    let workspace = try await loadAsking()
    return try await withLock(workspace, request) { (session) async throws(EngineFailure) in
      try await apply(request, workspace, session, control, events, confirm)
    }
  }

  private func apply(
    _ request: ApplyRequest, _ workspace: Workspace, _ session: Session, _ control: ApplyControl,
    _ events: @escaping @Sendable (ApplyEvent) -> Void, _ confirm: (PlanOutcome) async -> Bool
  ) async throws(EngineFailure) -> ApplyOutcome {
    let settled = try await settle(session, workspace, request, events)
    var planning = PlanRequest()
    planning.options = request.options
    var outcome = try await plan(planning, workspace, settled)
    try waive(&outcome.plan, request)
    guard !outcome.diagnostics.hasErrors else { throw EngineFailure(.error, outcome.diagnostics) }
    try refuseDenied(outcome.plan, outcome.sources)
    guard !outcome.plan.isEmpty else {
      try await commit(outcome.plan.recordsAnew(settled), session)
      let unready = try await readiness(workspace, settled, session, request, control, events)
      return .unchanged(outcome, unready: unready)
    }
    guard await confirm(outcome) else { return .declined(outcome) }
    let environment = try await environment(for: outcome.plan, session, workspace, request, events)
    var summary = try await run(outcome.plan, settled, session, environment, request, isResuming: false, control)
    summary.unready = try await readiness(after: summary, of: outcome.plan, workspace, session, environment, control)
    return .applied(summary, outcome)
  }

  /// Writes records anew where nothing else is to be done.
  private func commit(_ records: [RecordChange], _ session: Session) async throws(EngineFailure) {
    guard !records.isEmpty else { return }
    do throws(StoreError) { try await session.store.commit(Batch(changes: records), session.lease) } catch {
      throw EngineFailure(error)
    }
  }

  /// Applies a saved plan, which needs the estate's targets and no manifests. A plan is used once.
  package func apply(
    saved plan: Plan, isResuming: Bool, _ request: ApplyRequest, control: ApplyControl,
    events: @escaping @Sendable (ApplyEvent) -> Void
  ) async throws(EngineFailure) -> ApplyOutcome {
    guard !plan.diagnostics.hasErrors else { throw EngineFailure(.error, plan.diagnostics) }
    var plan = plan
    try waive(&plan, request)
    try refuseDenied(plan)
    let workspace = try load()
    try check(plan, workspace)
    let full = plan.takingTexts(from: workspace.desired.slots)
    return try await withLock(workspace, request) { (session) async throws(EngineFailure) in
      let settled = try await settle(session, workspace, request, events)
      let environment = try await environment(for: full, session, workspace, request, events)
      var summary = try await run(full, settled, session, environment, request, isResuming: isResuming, control)
      summary.unready = try await readiness(after: summary, of: full, workspace, session, environment, control)
      return .applied(summary, nil)
    }
  }

  private func check(_ plan: Plan, _ workspace: Workspace) throws(EngineFailure) {
    guard plan.scope == workspace.scope else {
      throw EngineFailure(
        .stale, [.error(.stalePlan, "the plan is for scope `\(plan.scope)`, and this estate is `\(workspace.scope)`")])
    }
    guard plan.manifestDigest == workspace.desired.digest else {
      throw EngineFailure(
        .stale,
        [
          .error(
            .stalePlan, "the manifests have changed since the plan was made",
            notes: [
              DiagnosticNote("planned from manifests with digest \(plan.manifestDigest.prefix(12))"),
              DiagnosticNote("the manifests here have digest \(workspace.desired.digest.prefix(12))"),
            ], hint: "run `plumb plan --out FILE` again")
        ])
    }
  }

  func environment(
    for plan: Plan, _ session: Session, _ workspace: Workspace, _ request: ApplyRequest,
    _ events: @escaping @Sendable (ApplyEvent) -> Void
  ) async throws(EngineFailure) -> ApplyEnvironment {
    let targets = try await targets(Set(plan.targets.map(\.target)), workspace.desired.targets)
    var environment = try environment(session, workspace.catalog, targets, request, events)
    environment.variables = workspace.desired.variables
    environment.secrets = secrets(workspace)
    environment.gate = PolicyGate(plan, catalog: workspace.catalog, waived: request.waiver?.rules ?? [])
    environment.remarks = remarks(plan, request)
    return environment
  }

  /// Runs a plan that is checked, and turns the applier's errors into the user's words.
  func run(
    _ plan: Plan, _ inventory: InventorySnapshot, _ session: Session, _ environment: ApplyEnvironment,
    _ request: ApplyRequest,
    isResuming: Bool, _ control: ApplyControl
  ) async throws(EngineFailure) -> ApplySummary {
    do throws(ApplyError) {
      return try await Applier(plan, environment).run(
        inventory, lease: session.lease, command: request.command, isResuming: isResuming, control: control)
    } catch {
      throw EngineFailure(error)
    }
  }
}
