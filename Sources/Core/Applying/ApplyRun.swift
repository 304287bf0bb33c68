import Inventory
import Planning
import Platform
import ProviderKit
import Resources
import Values

/// One run under way: hears of everything in one loop, asks the machine what to do, and does it.
///
/// Calls, the writer of batches and the clock are tasks of their own that only send messages here.
struct ApplyRun {
  enum Message: Sendable {
    case finished(JobResult)
    case committed
    case storeFailed(StoreError)
    case leaseLost(StoreError)
    case interrupted
    case tick
    case pulse
  }

  /// A step from its announcement to its end.
  private struct Work {
    var call: StepCall
    var id: OperationID
    var token: OperationToken
    var announced: Instant
    var started: Duration?
    var problem: StepProblem?
    var object: Observed?
    var changes: [RecordChange] = []
    var hasSucceeded = false
  }

  let plan: Plan
  let environment: ApplyEnvironment
  let worker: StepWorker
  let lease: Lease
  private var world: World
  private var machine: ApplyMachine
  private var works: [Int: Work] = [:]
  private var committing: [Int] = []
  private var summary = ApplySummary(outcome: .partial)
  private var pendingWait: Duration?

  init(
    _ plan: Plan, _ world: World, _ machine: ApplyMachine, _ environment: ApplyEnvironment, _ worker: StepWorker,
    _ lease: Lease
  ) {
    self.plan = plan
    self.world = world
    self.machine = machine
    self.environment = environment
    self.worker = worker
    self.lease = lease
  }

  consuming func run(_ control: ApplyControl) async -> ApplySummary {
    let start = environment.time.elapsed
    environment.events(.began(steps: plan.steps.count))
    let crew = ApplyCrew(environment, worker, lease)
    control.listen { crew.send(.interrupted) }
    var actions: [ApplyMachine.Action] = []
    machine.handle(.began, at: start, into: &actions)
    var isRunning = await perform(&actions, crew)
    var messages = crew.messages.makeAsyncIterator()
    while isRunning, let message = await messages.next(isolation: nil) {
      if let event = event(for: message, crew) { machine.handle(event, at: environment.time.elapsed, into: &actions) }
      isRunning = await perform(&actions, crew)
    }
    control.stopListening()
    await crew.end()
    return await end(start)
  }

  private mutating func event(for message: Message, _ crew: ApplyCrew) -> ApplyMachine.Event? {
    switch message {
    case .finished(let result): return .finished(step: result.step, outcome(result))
    case .committed:
      tellCommitted()
      return .committed
    case .storeFailed(let error):
      lost(error)
      return .storeFailed
    case .leaseLost(let error):
      lost(error)
      return .leaseLost
    case .interrupted:
      environment.events(.interrupted(isSecond: machine.isInterrupted))
      return .interrupted
    case .tick:
      pendingWait = nil
      return .tick
    case .pulse:
      tellStillGoing(crew)
      return nil
    }
  }

  private mutating func lost(_ error: StoreError) {
    guard summary.inventoryProblem == nil else { return }
    summary.inventoryProblem = error
    environment.events(.inventoryLost(error))
  }

  /// Returns whether the run goes on.
  private mutating func perform(_ actions: inout [ApplyMachine.Action], _ crew: ApplyCrew) async -> Bool {
    var isRunning = true
    for action in actions {
      switch action {
      case .commit(let settled, let announced):
        await readSecrets(announced)
        crew.commit(batch(settled, announced))
      case .start(let step, let attempt): start(step, attempt, crew)
      case .rest(let step, let attempt, let wait): tellRetry(step, attempt, wait)
      case .skip(let step, let because):
        summary.skipped.append(plan.facts(step))
        environment.events(.skipped(plan.facts(step), because: plan.facts(because)))
      case .throttle(let lane, let perSecond):
        let name = world.table.lanes[lane]
        environment.events(.throttled(target: name.target, service: name.service, perSecond: perSecond))
      case .wait(let wait): plan(wait, crew)
      case .cancelRunning: crew.cancelCalls()
      case .finish: isRunning = false
      }
    }
    actions.removeAll(keepingCapacity: true)
    return isRunning
  }

  private mutating func plan(_ wait: Duration, _ crew: ApplyCrew) {
    let due = environment.time.elapsed + wait
    if let pending = pendingWait, pending <= due { return }
    pendingWait = due
    crew.tick(after: wait)
  }
}

// MARK: Steps

extension ApplyRun {
  /// Reads the secrets that the steps are about to write; each once in a run.
  private mutating func readSecrets(_ announced: [Int]) async {
    for step in announced {
      let change = plan.changes[plan.steps[step].change]
      guard let after = change.after, plan.steps[step].operation.writesFields else { continue }
      for slot in after.unknownSlots where world.secrets[slot] == nil {
        guard let reference = plan.slots[Int(slot.index)].secret else { continue }
        do throws(SecretProblem) {
          world.secrets[slot] = .success(try await environment.secrets.value(reference, for: change.target))
        } catch {
          world.secrets[slot] = .failure(error)
        }
      }
    }
  }

  /// Outcomes first, so that nothing in the batch stands before what it needs.
  private mutating func batch(_ settled: [Int], _ announced: [Int]) -> Batch {
    var batch = Batch()
    batch.events.reserveCapacity(settled.count + announced.count)
    for step in settled {
      guard let work = works[step] else { continue }
      if let event = outcomeEvent(work) { batch.events.append(event) }
      batch.changes += work.changes
    }
    committing = settled
    for step in announced { batch.events.append(.intent(announce(step))) }
    return batch
  }

  private func outcomeEvent(_ work: Work) -> JournalEntry.Event? {
    if work.hasSucceeded { return .succeeded(work.id) }
    if let problem = work.problem { return .failed(work.id, problem.failure) }
    return .failed(work.id, Failure(effect: .none, reason: "not-started", message: "the run stopped before its call"))
  }

  private mutating func announce(_ position: Int) -> Intent {
    let step = plan.steps[position]
    let change = plan.changes[step.change]
    let refusal = environment.gate.flatMap { world.refusal(step, $0) }
    let call = refusal.map(StepCall.refused) ?? world.call(step)
    let input = world.inputHash(call)
    let work = Work(
      call: call, id: OperationID("\(lease.holder.run)-\(position)"),
      token: world.tokenOfVainCreate(step, input) ?? OperationToken(environment.random.hexID()),
      announced: environment.time.now)
    works[position] = work
    return Intent(
      id: work.id, plan: plan.id, step: position, address: change.address, incarnation: step.incarnation,
      operation: step.operation.rawValue, type: change.type, target: world.identity(change.target),
      remote: world.remote(of: step),
      token: work.token, input: input, time: work.announced,
      previous: step.operation == .move || change.action == .create ? change.movedFrom : nil,
      planned: world.planned(step, call))
  }

  private mutating func start(_ step: Int, _ attempt: Int, _ crew: ApplyCrew) {
    guard var work = works[step] else { return }
    let change = plan.changes[plan.steps[step].change]
    if attempt == 1 {
      work.started = environment.time.elapsed
      works[step] = work
      environment.events(.started(plan.facts(step)))
    }
    crew.start(
      Job(
        step: step, target: change.target, type: environment.catalog[change.type], call: work.call, token: work.token))
  }

  private mutating func outcome(_ result: JobResult) -> ApplyMachine.Outcome {
    guard var work = works[result.step] else { return .abandoned }
    let step = plan.steps[result.step]
    defer { works[result.step] = work }
    switch result.result {
    case .success(let object):
      work.hasSucceeded = true
      work.problem = nil
      work.object = object
      work.changes = world.settle(step, work.call, object)
      return .succeeded
    case .failure(let error):
      work.problem = StepProblem(error)
      if case .partial(let object) = error.effect { work.changes = world.settlePartial(step, work.call, object) }
      return error.reason == .cancelled ? .abandoned : .failed(failure(error, work.call))
    }
  }

  private func failure(_ error: ProviderError, _ call: StepCall) -> ApplyMachine.StepFailure {
    var failure = ApplyMachine.StepFailure()
    if case .throttled(let after) = error.reason {
      failure.isThrottled = true
      failure.retryAfter = after
    }
    switch error.effect {
    case .none: failure.mayRetry = error.isRetryable
    case .unknown: failure.mayRetry = error.isRetryable && call.isRepeatable
    case .partial: failure.mayRetry = false
    }
    return failure
  }
}

// MARK: Telling

extension ApplyRun {
  private mutating func tellCommitted() {
    let now = environment.time.elapsed
    for step in committing {
      guard let work = works.removeValue(forKey: step) else { continue }
      let facts = plan.facts(step)
      let elapsed = work.started.map { now - $0 } ?? .zero
      if work.hasSucceeded {
        summary.count(facts.operation)
        environment.events(.finished(facts, elapsed: elapsed, remote: work.object?.remote))
      } else if let problem = work.problem {
        summary.failures.append((facts, problem))
        environment.events(.failed(facts, elapsed: elapsed, problem))
      }
    }
    committing = []
  }

  private func tellRetry(_ step: Int, _ attempt: Int, _ wait: Duration) {
    guard let problem = works[step]?.problem else { return }
    environment.events(.retrying(plan.facts(step), attempt: attempt, after: wait, problem))
  }

  private func tellStillGoing(_ crew: ApplyCrew) {
    let now = environment.time.elapsed
    for (step, work) in works.sorted(by: { $0.key < $1.key }) {
      guard let started = work.started, !work.hasSucceeded, now - started >= environment.settings.heartbeat else {
        continue
      }
      environment.events(.stillGoing(plan.facts(step), elapsed: now - started, message: crew.message(of: step)))
    }
  }

  private consuming func end(_ start: Duration) async -> ApplySummary {
    let counts = machine.summary
    summary.left = counts.left
    let isComplete = counts.left + counts.failed + counts.skipped == 0
    summary.outcome = isComplete ? .complete : machine.isInterrupted ? .interrupted : .partial
    if summary.inventoryProblem == nil {
      do throws(StoreError) {
        try await environment.store.commit(Batch(events: [.ended(summary.outcome)]), lease)
      } catch {
        lost(error)
      }
    }
    if summary.inventoryProblem != nil, summary.outcome == .complete { summary.outcome = .partial }
    summary.elapsed = environment.time.elapsed - start
    environment.events(.summary(summary))
    return summary
  }
}

extension Step.Operation {
  /// True where the fields of the manifest are sent.
  fileprivate var writesFields: Bool {
    switch self {
    case .create, .update, .setLate: true
    case .delete, .adopt, .move, .forget, .clearLate: false
    }
  }
}
