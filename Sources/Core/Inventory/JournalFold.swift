import Resources

/// What a journal amounts to: open intents, plans and the run under way. It takes entries in order and
/// refuses an illegal one.
///
/// | Event | Legal when | Leaves |
/// |---|---|---|
/// | began | no run is open under the same fence, the plan was not completed | the run open |
/// | intent | its run is open, its operation is not | the intent open |
/// | succeeded | the intent is open and of this run | it closed |
/// | failed | as above, and not told twice | it closed, or open where the effect is unknown |
/// | resolved | the intent is open | it closed |
/// | lockBroken | always | the run closed |
/// | ended | its run is open | the run closed |
///
/// A run that was killed has no end: the next one begins under a higher fence.
package struct JournalFold: Sendable {
  /// What breaks the journal's rules.
  package struct Problem: Error, Sendable, Equatable, CustomStringConvertible {
    package var sequence: UInt64
    package var message: String
    package var description: String { "journal entry \(sequence): \(message)" }
  }

  private struct Open: Sendable {
    var intent: Intent
    var run: RunID
    /// Sequence of the entry that began its run.
    var runStart: UInt64
    var order: UInt64
    var isReported = false
  }

  private struct Run: Sendable {
    var id: RunID
    var fence: Fence
    var plan: PlanID
    var start: UInt64
  }

  /// Sequence the next entry takes.
  package private(set) var nextSequence: UInt64
  package private(set) var plans: [PlanID: RunOutcome?]
  /// The plan of the run that ended last.
  package private(set) var endedPlan: PlanID?
  private var newestFence = Fence(0)
  private var open: [OperationID: Open] = [:]
  private var run: Run?

  /// Starts at the beginning, or at an entry before which nothing is open.
  package init(nextSequence: UInt64 = 1, plans: [PlanID: RunOutcome?] = [:]) {
    self.nextSequence = nextSequence
    self.plans = plans
  }

  /// Intents without an outcome, oldest first.
  package var openIntents: [Intent] { open.values.sorted { $0.order < $1.order }.map(\.intent) }

  /// The first entry that a later fold must read: before it nothing is open.
  package var foldStart: UInt64 {
    let oldest = open.values.lazy.map(\.runStart).min() ?? nextSequence
    return min(oldest, run?.start ?? nextSequence)
  }

  /// Replaces what is known of plans; a fold that starts late has not seen them all.
  package mutating func setPlans(_ plans: [PlanID: RunOutcome?]) { self.plans = plans }

  package mutating func apply(_ entry: JournalEntry) throws(Problem) {
    func require(_ holds: Bool, _ message: @autoclosure () -> String) throws(Problem) {
      if !holds { throw Problem(sequence: entry.sequence, message: message()) }
    }
    try require(entry.sequence == nextSequence, "entry \(nextSequence) was expected")
    try require(entry.fence >= newestFence, "its fence \(entry.fence.number) is older than \(newestFence.number)")
    if let open = run, open.fence < entry.fence { run = nil }
    switch entry.event {
    case .began(let plan, _):
      try require(run == nil, "a run begins inside another")
      try require(plans[plan] != .some(.some(.complete)), "the plan \(plan) was completed before")
      plans.updateValue(nil, forKey: plan)
      run = Run(id: entry.run, fence: entry.fence, plan: plan, start: entry.sequence)
    case .intent(let intent):
      try require(run?.id == entry.run, "an intent stands outside its run")
      try require(open[intent.id] == nil, "the operation \(intent.id) was announced before")
      open[intent.id] = Open(
        intent: intent, run: entry.run, runStart: run?.start ?? entry.sequence, order: entry.sequence)
    case .succeeded(let id):
      try require(
        run?.id == entry.run && open[id]?.run == entry.run, "no open intent of this run has the operation \(id)")
      open[id] = nil
    case .failed(let id, let failure):
      try require(
        run?.id == entry.run && open[id]?.run == entry.run, "no open intent of this run has the operation \(id)")
      try require(open[id]?.isReported == false, "the operation \(id) failed twice")
      if failure.effect == .unknown { open[id]?.isReported = true } else { open[id] = nil }
    case .resolved(let id, _):
      try require(open[id] != nil, "no open intent has the operation \(id)")
      open[id] = nil
    case .waived:
      try require(run?.id == entry.run, "a waiver stands outside its run")
    case .lockBroken:
      run = nil
    case .ended(let outcome):
      try require(run?.id == entry.run, "a run ends that is not open")
      if let run { plans.updateValue(outcome, forKey: run.plan) }
      endedPlan = run?.plan
      run = nil
    }
    newestFence = entry.fence
    nextSequence += 1
  }
}
