import Inventory
import Planning
import ProviderKit
import Resources

/// What is told while a plan is carried out. Nothing in it is secret.
package enum ApplyEvent: Sendable {
  /// The plan was checked and is begun.
  case began(steps: Int)
  /// The call of a step leaves.
  case started(StepFacts)
  /// A step has been running for this long; `message` says what it waits for.
  case stillGoing(StepFacts, elapsed: Duration, message: String?)
  /// Done, and durable.
  case finished(StepFacts, elapsed: Duration, remote: RemoteID?)
  case failed(StepFacts, elapsed: Duration, StepProblem)
  /// Not tried, since a step that it needs has failed.
  case skipped(StepFacts, because: StepFacts)
  case retrying(StepFacts, attempt: Int, after: Duration, StepProblem)
  /// A service asked us to slow down: operations a second from now on.
  case throttled(target: TargetName, service: String, perSecond: Double)
  /// The first interruption lets what runs finish, the second ends it.
  case interrupted(isSecond: Bool)
  /// The lock on the inventory was lost, or it cannot be written any more: nothing new is started.
  case inventoryLost(StoreError)
  case summary(ApplySummary)
  /// What a manifest stands for is made, and not usable yet; told again with every heartbeat.
  case waitingUntilReady(Address, elapsed: Duration, String)
  /// After it was waited for.
  case becameReady(Address, elapsed: Duration)
  case notReady(ReadinessFinding)
}

/// One step in the words of its plan.
package struct StepFacts: Sendable, Equatable {
  /// Position in the plan's steps.
  package var step: Int
  package var address: Address
  package var type: TypeName
  package var target: TargetName
  package var operation: Step.Operation
  package var action: Action
  package var incarnation: Incarnation
}

/// Why a step failed.
package struct StepProblem: Sendable, Equatable {
  package enum Effect: Sendable { case none, partial, unknown }
  package var reason: ProviderError.Reason
  package var effect: Effect
  package var message: String
  package var request: RequestFacts

  package init(_ error: ProviderError) {
    reason = error.reason
    message = error.message
    request = error.request
    switch error.effect {
    case .none: effect = .none
    case .partial: effect = .partial
    case .unknown: effect = .unknown
    }
  }

  /// As it is kept in the journal.
  var failure: Failure {
    let kept: Failure.Effect =
      switch effect {
      case .none: .none
      case .partial: .partial
      case .unknown: .unknown
      }
    return Failure(effect: kept, reason: reason.name, message: message)
  }
}

extension ProviderError.Reason {
  /// A word for journal and reports.
  package var name: String {
    switch self {
    case .throttled: "throttled"
    case .transient: "transient"
    case .conflict: "conflict"
    case .notFound: "not-found"
    case .denied: "denied"
    case .invalid: "invalid"
    case .quota: "quota"
    case .unsupported: "unsupported"
    case .cancelled: "cancelled"
    case .other: "other"
    }
  }
}

/// How a run ended.
package struct ApplySummary: Sendable {
  package var outcome: RunOutcome
  /// Objects made, changed and deleted; a replacement counts as one made and one deleted.
  package var created = 0
  package var updated = 0
  package var deleted = 0
  package var adopted = 0
  package var moved = 0
  package var forgotten = 0
  package var failures: [(step: StepFacts, problem: StepProblem)] = []
  package var skipped: [StepFacts] = []
  /// Steps that were not started, or whose effect is not known yet.
  package var left = 0
  /// Manifests whose resources are made, and not usable.
  package var unready: [ReadinessFinding] = []
  /// Why the inventory could not be written any more.
  package var inventoryProblem: StoreError?
  package var elapsed = Duration.zero

  package init(outcome: RunOutcome) { self.outcome = outcome }

  /// True where policies alone kept steps from being made.
  package var isDenied: Bool {
    inventoryProblem == nil && !failures.isEmpty
      && failures.allSatisfy { $0.problem.request.service == StepRefusal.service }
  }

  mutating func count(_ operation: Step.Operation) {
    switch operation {
    case .create: created += 1
    case .update: updated += 1
    case .delete: deleted += 1
    case .adopt: adopted += 1
    case .move: moved += 1
    case .forget: forgotten += 1
    // Part of another operation on the same object.
    case .setLate, .clearLate: break
    }
  }
}

/// Why a plan was not begun. Nothing was written to any service.
package enum ApplyError: Error, Sendable {
  /// What the plan read is not so any more.
  case stale([StaleFinding])
  /// The plan was begun before; an end other than nil tells how. `--resume` goes on with one that is not complete.
  case used(PlanID, RunOutcome?)
  case wrongScope(plan: ScopeID, store: ScopeID)
  /// Operations of an earlier run are not settled: recovery comes first.
  case unsettled([Intent])
  /// A target of the plan is not among those of the estate, or points elsewhere.
  case wrongTarget(TargetIdentity)
  case provider(TargetName, ProviderError)
  case store(StoreError)
}

/// One object that is not as the plan read it.
package struct StaleFinding: Sendable, Equatable {
  package var address: Address
  /// Root where the object itself is meant.
  package var path: String
  package var message: String
}
