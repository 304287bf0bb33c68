import Synchronization

/// A clock that moves only when a test advances it.
package final class SimulatedTime: TimeSource {
  private struct Sleeper {
    var deadline: Duration
    /// Resumed with true when the time has come, false when the task was cancelled.
    var continuation: CheckedContinuation<Bool, Never>
  }

  private struct State {
    var start: Instant
    var elapsed = Duration.zero
    var lastID = 0
    var sleepers: [Int: Sleeper] = [:]
    var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    var skipsSleep = false
  }

  private let state: Mutex<State>

  /// With `skipsSleep` a sleep advances the clock itself and returns at once.
  package init(now: Instant = Instant(seconds: 1_767_225_600), skipsSleep: Bool = false) {
    state = Mutex(State(start: now, skipsSleep: skipsSleep))
  }

  package var now: Instant { state.withLock { $0.start + $0.elapsed } }
  package var elapsed: Duration { state.withLock { $0.elapsed } }

  /// How many tasks sleep at this moment.
  package var sleeperCount: Int { state.withLock { $0.sleepers.count } }

  package func sleep(for duration: Duration) async throws(CancellationError) {
    let id = state.withLock { state in
      state.lastID += 1
      return state.lastID
    }
    let isDue = await withTaskCancellationHandler {
      await withCheckedContinuation { register($0, id: id, duration: duration) }
    } onCancel: {
      state.withLock { $0.sleepers.removeValue(forKey: id) }?.continuation.resume(returning: false)
    }
    if !isDue { throw CancellationError() }
  }

  /// Moves both clocks on and wakes, in the order of their deadlines, the tasks whose time has come.
  package func advance(by duration: Duration) {
    let due = state.withLock { state -> [Sleeper] in
      state.elapsed += duration
      let ids = state.sleepers.filter { $0.value.deadline <= state.elapsed }.map(\.key)
      let due = ids.compactMap { state.sleepers.removeValue(forKey: $0) }
      return due.sorted { $0.deadline < $1.deadline }
    }
    for sleeper in due { sleeper.continuation.resume(returning: true) }
  }

  /// Returns as soon as at least `count` tasks sleep.
  package func waitForSleepers(_ count: Int) async {
    await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
      let isReached = state.withLock { state in
        if state.sleepers.count >= count { return true }
        state.watchers.append((count, continuation))
        return false
      }
      if isReached { continuation.resume() }
    }
  }

  private func register(_ continuation: CheckedContinuation<Bool, Never>, id: Int, duration: Duration) {
    // The cancellation flag is set before the handler runs, so that checking it under the lock leaves no gap.
    let isCancelled = Task.isCancelled
    let (answer, watchers) = state.withLock { state -> (Bool?, [CheckedContinuation<Void, Never>]) in
      if isCancelled || Task.isCancelled { return (false, []) }
      if state.skipsSleep { state.elapsed += duration }
      if state.skipsSleep || duration <= .zero { return (true, []) }
      state.sleepers[id] = Sleeper(deadline: state.elapsed + duration, continuation: continuation)
      let count = state.sleepers.count
      let reached = state.watchers.filter { $0.count <= count }.map(\.continuation)
      state.watchers.removeAll { $0.count <= count }
      return (nil, reached)
    }
    for watcher in watchers { watcher.resume() }
    if let answer { continuation.resume(returning: answer) }
  }
}
