import Applying
import Diagnostics
import Inventory
import Planning
import ProviderKit
import Resources

extension EngineFailure {
  /// An applier's refusal in the user's words.
  init(_ error: ApplyError) {
    switch error {
    case .stale(let findings): self.init(.stale, findings.map(Self.stale))
    case .used(let plan, let outcome): self.init(.stale, [Self.used(plan, outcome)])
    case .wrongScope(let plan, let store):
      self.init(.stale, [.error(.stalePlan, "the plan is for scope `\(plan)`, and this inventory is of `\(store)`")])
    case .unsettled(let intents):
      self.init(
        .error,
        [
          .error(
            .unsettled, "\(intents.count) operations of an earlier run are not settled",
            notes: intents.map { DiagnosticNote("\($0.operation) `\($0.address)`") },
            hint: "run `plumb apply` to settle them")
        ])
    case .wrongTarget(let identity):
      self.init(
        .error, [.error(.orphanedTarget, "target `\(identity.target)` does not point at \(identity.place) any more")])
    case .provider(let target, let error):
      self.init(error, .targetUnreachable, about: "target `\(target)` cannot be used")
    case .store(let error): self.init(error)
    }
  }

  private static func stale(_ finding: StaleFinding) -> Diagnostic {
    let place = finding.path.isEmpty ? "" : " at `\(finding.path)`"
    return .error(
      .stalePlan, "`\(finding.address)` is not as it was planned\(place): \(finding.message)",
      hint: "plan again; nothing was changed")
  }

  private static func used(_ plan: PlanID, _ outcome: RunOutcome?) -> Diagnostic {
    if outcome == .complete {
      return .error(
        .usedPlan, "the plan `\(plan)` was applied before",
        hint: "a plan is used once: run `plumb plan --out FILE` again")
    }
    return .error(
      .usedPlan, "the plan `\(plan)` was begun before and not finished",
      hint: "add `--resume` to go on with it, or run `plumb plan --out FILE` again")
  }

  /// A run of the inventory's own that did not go through.
  init(_ summary: ApplySummary) {
    let problems = summary.failures.map { Diagnostic.error(.unsettled, "`\($0.step.address)`: \($0.problem.message)") }
    self.init(.partlyApplied, problems.isEmpty ? [.error(.unsettled, "the run was not finished")] : problems)
  }
}

extension EngineFailure {
  /// Why an earlier run's operations could not be settled.
  init(_ error: RecoveryError) {
    switch error {
    case .twoSided(let findings): self.init(.error, findings.map(Self.twoSided))
    case .wrongTarget(let intent):
      self.init(
        .error,
        [
          .error(
            .orphanedTarget,
            "an earlier run worked in \(intent.target.place), where target `\(intent.target.target)` is not now"
          )
        ])
    case .provider(let target, let error):
      self.init(error, .targetUnreachable, about: "what an earlier run left in `\(target)` cannot be looked up")
    case .store(let error): self.init(error)
    }
  }

  private static func twoSided(_ finding: RecoveryError.TwoSided) -> Diagnostic {
    .error(
      .twoSided, "an interrupted run may have made more than one object for `\(finding.address)`",
      notes: finding.objects.map { DiagnosticNote("\(finding.type) `\($0)`") },
      hint: "delete the one that is not wanted, or take its `\(Marker.addressKey)` tag away, and run again")
  }
}
