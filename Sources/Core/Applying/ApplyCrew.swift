import Inventory
import Platform
import ProviderKit
import Synchronization

/// The tasks of one run: a fixed set of workers, one that writes batches, one that keeps the lease and the
/// heartbeat.
/// They are owned by the run, which ends them.
final class ApplyCrew: Sendable {
  private struct State {
    var idle: [Int]
    var waiting: [Job] = []
    var messages: [Int: String] = [:]
    /// The call of each worker that has one.
    var calls: [Int: Task<JobResult, Never>] = [:]
    var isCancelled = false
    var timers: [Task<Void, Never>] = []
  }

  let messages: AsyncStream<ApplyRun.Message>
  private let inbox: AsyncStream<ApplyRun.Message>.Continuation
  private let jobs: [AsyncStream<Job>.Continuation]
  private let batches: AsyncStream<Batch>.Continuation
  private let state: Mutex<State>
  private let workers: Mutex<[Task<Void, Never>]>
  private let keepers: Mutex<[Task<Void, Never>]>
  private let time: any TimeSource

  init(_ environment: ApplyEnvironment, _ worker: StepWorker, _ lease: Lease) {
    (messages, inbox) = AsyncStream.makeStream()
    time = environment.time
    let width = environment.settings.width
    let lines = (0..<width).map { _ in AsyncStream<Job>.makeStream() }
    jobs = lines.map(\.continuation)
    state = Mutex(State(idle: Array((0..<width).reversed())))
    let (batchLine, batches) = AsyncStream<Batch>.makeStream()
    self.batches = batches
    workers = Mutex([])
    keepers = Mutex([])
    for (number, line) in lines.enumerated() {
      let task = Task { [self] in
        for await job in line.stream { finish(await call(job, worker, number), number) }
      }
      workers.withLock { $0.append(task) }
    }
    let writer = Task { [inbox] in
      for await batch in batchLine { inbox.yield(await Self.write(batch, environment.store, lease)) }
    }
    let keeper = Task { [inbox] in await Self.keep(environment, lease, inbox) }
    keepers.withLock { $0 = [writer, keeper] }
  }

  private static func write(_ batch: Batch, _ store: any InventoryStore, _ lease: Lease) async -> ApplyRun.Message {
    do throws(StoreError) {
      try await store.commit(batch, lease)
      return .committed
    } catch {
      return .storeFailed(error)
    }
  }

  /// Renews the lease and gives the beat for lines about what still runs.
  private static func keep(
    _ environment: ApplyEnvironment, _ lease: Lease, _ inbox: AsyncStream<ApplyRun.Message>.Continuation
  ) async {
    let renewal = environment.settings.renewal ?? environment.store.renewal
    let beat = min(environment.settings.heartbeat, renewal)
    while true {
      do throws(CancellationError) { try await environment.time.sleep(for: beat) } catch { return }
      do throws(StoreError) {
        try await environment.store.renew(lease)
      } catch {
        inbox.yield(.leaseLost(error))
        return
      }
      inbox.yield(.pulse)
    }
  }

  func send(_ message: ApplyRun.Message) { inbox.yield(message) }
  func commit(_ batch: Batch) { batches.yield(batch) }

  /// Gives the job to an idle worker, or to the next that becomes idle.
  func start(_ job: Job) {
    let number = state.withLock { state -> Int? in
      if let number = state.idle.popLast() { return number }
      state.waiting.append(job)
      return nil
    }
    if let number { jobs[number].yield(job) }
  }

  /// Makes the call in a task of its own, so that it can be cancelled and the worker lives on.
  private func call(_ job: Job, _ worker: StepWorker, _ number: Int) async -> JobResult {
    let call = Task { await worker.perform(job, progress(job.step)) }
    let isCancelled = state.withLock { state in
      state.calls[number] = call
      return state.isCancelled
    }
    if isCancelled { call.cancel() }
    return await call.value
  }

  private func finish(_ result: JobResult, _ number: Int) {
    let next = state.withLock { state -> Job? in
      state.messages[result.step] = nil
      state.calls[number] = nil
      if !state.waiting.isEmpty { return state.waiting.removeFirst() }
      state.idle.append(number)
      return nil
    }
    inbox.yield(.finished(result))
    if let next { jobs[number].yield(next) }
  }

  private func progress(_ step: Int) -> ProgressSink {
    ProgressSink { [self] message in state.withLock { $0.messages[step] = message } }
  }

  /// What a step said last that it waits for.
  func message(of step: Int) -> String? { state.withLock { $0.messages[step] } }

  func tick(after wait: Duration) {
    let timer = Task { [time, inbox] in
      do throws(CancellationError) { try await time.sleep(for: wait) } catch { return }
      inbox.yield(.tick)
    }
    state.withLock { $0.timers.append(timer) }
  }

  /// Calls under way are cancelled; each ends with what its provider knows of its effect.
  func cancelWorkers() {
    let calls = state.withLock { state in
      state.isCancelled = true
      return Array(state.calls.values)
    }
    for call in calls { call.cancel() }
  }

  /// Ends every task and waits for it.
  func end() async {
    for line in jobs { line.finish() }
    batches.finish()
    let tasks = workers.withLock { $0 } + keepers.withLock { $0 }
    keepers.withLock { $0.last }?.cancel()
    for timer in state.withLock({ $0.timers }) { timer.cancel() }
    for task in tasks { await task.value }
    inbox.finish()
  }
}
