import Inventory
import Planning
import Platform
import ProviderKit
import Resources

/// Carries out a plan: checks that it is still true, then runs its steps with their intents in the journal
/// before every call.
///
/// The lock is the caller's, and so is recovery, which comes first: `Recovery.run`.
package struct Applier: Sendable {
  private let plan: Plan
  private let environment: ApplyEnvironment

  package init(_ plan: Plan, _ environment: ApplyEnvironment) {
    self.plan = plan
    self.environment = environment
  }

  /// - Parameters:
  ///   - snapshot: what the store held after the lock was taken and recovery was done.
  ///   - command: as it stands in the journal, without secrets.
  ///   - isResuming: goes on with a plan that was begun before: steps that are done stay done.
  /// - Throws: `ApplyError` where nothing was written; what fails later is in the summary.
  @concurrent package func run(
    _ snapshot: InventorySnapshot, lease: Lease, command: String, isResuming: Bool = false,
    control: ApplyControl = ApplyControl()
  ) async throws(ApplyError) -> ApplySummary {
    try check(snapshot, isResuming)
    let done = isResuming ? try await stepsDone() : []
    let table = StepTable(plan, done: done)
    var world = World(plan: plan, table: table, records: snapshot.records, environment: environment)
    let anew = plan.recordsAnew(snapshot)
    for change in anew { world.apply(change) }
    world.vainCreates = snapshot.vainCreates
    var recheck = Recheck(plan, table, environment)
    try await recheck.run(&world)
    let worker = try await open(lease)
    do throws(StoreError) {
      try await environment.store.commit(
        Batch(events: [.began(plan.id, command: command)] + environment.remarks, changes: anew), lease)
    } catch {
      throw ApplyError.store(error)
    }
    let seed = environment.random.word()
    let machine = ApplyMachine(table.graph, environment.settings, done: done, seed: seed)
    let run = ApplyRun(plan, world, machine, environment, worker, lease)
    return await run.run(control)
  }

  private func check(_ snapshot: InventorySnapshot, _ isResuming: Bool) throws(ApplyError) {
    guard plan.scope == environment.scope else {
      throw ApplyError.wrongScope(plan: plan.scope, store: environment.scope)
    }
    guard snapshot.openIntents.isEmpty else { throw ApplyError.unsettled(snapshot.openIntents) }
    if let outcome = snapshot.plans[plan.id], !isResuming || outcome == .complete {
      throw ApplyError.used(plan.id, outcome)
    }
    for identity in plan.targets {
      guard let target = environment.targets[identity.target] else { throw ApplyError.wrongTarget(identity) }
      guard target.identity.isSamePlace(as: identity) else { throw ApplyError.wrongTarget(target.identity) }
    }
  }

  private func stepsDone() async throws(ApplyError) -> [Int] {
    do throws(StoreError) {
      return try await environment.store.stepsDone(of: plan.id).filter { plan.steps.indices.contains($0) }
    } catch {
      throw ApplyError.store(error)
    }
  }

  /// Readers and writers of the targets that steps work on, and of no other.
  private func open(_ lease: Lease) async throws(ApplyError) -> StepWorker {
    var readers: [TargetName: any ResourceReader] = [:]
    var writers: [TargetName: any ResourceWriter] = [:]
    // Forgetting asks nobody: the account may be closed.
    for step in plan.steps where step.operation != .forget {
      let name = plan.changes[step.change].target
      guard writers[name] == nil else { continue }
      readers[name] = try await environment.reader(name)
      writers[name] = try await environment.writer(name, lease.fence)
    }
    return StepWorker(readers: readers, writers: writers, scope: plan.scope, time: environment.time)
  }
}
