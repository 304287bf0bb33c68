import Platform
import Resources

/// One line of the journal. It is durable before the call it announces leaves.
package struct JournalEntry: Sendable, Equatable {
  /// Grows by one; a gap or a repetition is corruption.
  package var sequence: UInt64
  package var run: RunID
  package var fence: Fence
  package var time: Instant
  package var event: Event

  package enum Event: Sendable, Equatable {
    case began(PlanID, command: String)
    case intent(Intent)
    case succeeded(OperationID)
    case failed(OperationID, Failure)
    case resolved(OperationID, Resolution)
    /// A rule of a policy was let be by whoever ran this, at these addresses.
    case waived(rule: String, addresses: [Address], reason: String, by: String)
    /// The lock was taken away from whoever held it.
    case lockBroken(reason: String, by: String)
    case ended(RunOutcome)
  }

  package init(sequence: UInt64, run: RunID, fence: Fence, time: Instant, event: Event) {
    self.sequence = sequence
    self.run = run
    self.fence = fence
    self.time = time
    self.event = event
  }
}

/// What is about to be done, so that a later run can find out whether it was.
package struct Intent: Sendable, Equatable {
  package var id: OperationID
  package var plan: PlanID
  /// Position in the plan's steps, for `--resume`.
  package var step: Int
  package var address: Address
  package var incarnation: Incarnation
  /// The step's operation as text: `create`, `update`, `delete`, `set-late`, `clear-late`, `adopt`, `move`,
  /// `forget`.
  package var operation: String
  package var type: TypeName
  package var target: TargetIdentity
  /// The object it works on; nil for a create.
  package var remote: RemoteID?
  package var token: OperationToken
  /// Keyed hash of the fields sent.
  package var input: KeyedHash
  package var time: Instant
  /// The address it had before, for a move, and for a create at a new address of what is gone.
  package var previous: Address?
  /// The record that success leads to, so that a later run can write it as this one would have. A create's
  /// has no remote
  /// id yet: its text is empty. nil where success removes the record.
  package var planned: Recorded?

  package init(
    id: OperationID, plan: PlanID, step: Int, address: Address, incarnation: Incarnation, operation: String,
    type: TypeName,
    target: TargetIdentity, remote: RemoteID?, token: OperationToken, input: KeyedHash, time: Instant,
    previous: Address? = nil, planned: Recorded? = nil
  ) {
    self.id = id
    self.plan = plan
    self.step = step
    self.address = address
    self.incarnation = incarnation
    self.operation = operation
    self.type = type
    self.target = target
    self.remote = remote
    self.token = token
    self.input = input
    self.time = time
    self.previous = previous
    self.planned = planned
  }
}

/// Why an operation failed, as it is kept: no secret, and readable by later versions.
package struct Failure: Sendable, Equatable {
  package enum Effect: String, Sendable { case none, partial, unknown }
  package var effect: Effect
  /// The reason's name, such as `throttled`.
  package var reason: String
  package var message: String
  package init(effect: Effect, reason: String, message: String) {
    self.effect = effect
    self.reason = reason
    self.message = message
  }
}

/// How a later run settled an intent that had no outcome.
package enum Resolution: Sendable, Equatable {
  /// The effect was found; the record is written with it.
  case done(RemoteID?)
  /// There was no effect.
  case absent
  /// A person decided.
  case dismissed(reason: String)
}

package enum RunOutcome: String, Sendable, Equatable {
  case complete, partial, interrupted
}
