import Inventory
import Platform
import ProviderKit
import Synchronization

/// The tasks of one run: one for each call, as many as the machine starts, one that writes batches, one that keeps the
/// lease and the heartbeat. They are owned by the run, which ends them.
final class ApplyCrew: Sendable {
  private struct State {
    /// What a step said last that it waits for.
    var messages: [Int: String] = [:]
    var calls: [Int: Task<Void, Never>] = [:]
    var isCancelled = false
    var timers: [Task<Void, Never>] = []
  }

  let messages: AsyncStream<ApplyRun.Message>
  private let inbox: AsyncStream<ApplyRun.Message>.Continuation
  private let batches: AsyncStream<Batch>.Continuation
  private let state = Mutex(State())
  private let writer: Task<Void, Never>
  private let keeper: Task<Void, Never>
  private let worker: StepWorker
  private let time: any TimeSource

  init(_ environment: ApplyEnvironment, _ worker: StepWorker, _ lease: Lease) {
    self.worker = worker
    time = environment.time
    let (messages, inbox) = AsyncStream<ApplyRun.Message>.makeStream()
    let (line, batches) = AsyncStream<Batch>.makeStream()
    (self.messages, self.inbox, self.batches) = (messages, inbox, batches)
    writer = Task {
      for await batch in line { inbox.yield(await Self.write(batch, environment.store, lease)) }
    }
    keeper = Task { await Self.keep(environment, lease, inbox) }
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

  /// Makes the call in a task of its own, so that it can be cancelled alone. It is noted before it can end.
  func start(_ job: Job) {
    state.withLock { state in
      let call = Task { [self] in finish(await worker.perform(job, progress(job.step))) }
      state.calls[job.step] = call
      if state.isCancelled { call.cancel() }
    }
  }

  private func finish(_ result: JobResult) {
    state.withLock { state in
      state.messages[result.step] = nil
      state.calls[result.step] = nil
    }
    inbox.yield(.finished(result))
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
  func cancelCalls() {
    let calls = state.withLock { state in
      state.isCancelled = true
      return Array(state.calls.values)
    }
    for call in calls { call.cancel() }
  }

  /// Ends every task and waits for it.
  func end() async {
    batches.finish()
    keeper.cancel()
    let (calls, timers) = state.withLock { (Array($0.calls.values), $0.timers) }
    for timer in timers { timer.cancel() }
    for task in calls + [writer, keeper] { await task.value }
    inbox.finish()
  }
}
