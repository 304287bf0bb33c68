import Platform

/// Decides what happens next while a plan is carried out. It is a value: events go in, actions come out, and
/// nothing else
/// is read or done.
///
/// | Step is | and then | becomes |
/// |---|---|---|
/// | waiting | its last dependency is durable | ready |
/// | ready | there is room, and its lane has a token | announcing: its intent is in the batch being written |
/// | announcing | the batch is durable | announced |
/// | announced | fewer run than may | running |
/// | running | it succeeds or fails for good | settling: its outcome waits for a batch, then is in one |
/// | running | it fails and may be tried again | resting until its time comes, then announced |
/// | settling | the batch is durable | done, or failed: what needs it is skipped |
/// | announced, resting | starting stops | settling as never started |
/// | running | the effect of its call is unknown | settling; the intent stays open for the next run's recovery |
///
/// One batch is written at a time, and holds whatever is due when the last one ends: so commits are shared by as many
/// steps as the disk is slow. Where the disk is quick, steps are announced when few announced ones are left, and
/// outcomes wait a little for each other.
package struct ApplyMachine: Sendable {
  package enum Event: Sendable {
    case began
    /// The batch that was asked for last is durable.
    case committed
    /// The store refused the batch: the lease is lost, or the disk is full.
    case storeFailed
    case finished(step: Int, Outcome)
    /// The first asks to stop starting, the second to stop at once.
    case interrupted
    case leaseLost
    case tick
  }

  package enum Outcome: Sendable, Equatable {
    case succeeded
    case failed(StepFailure)
    /// Cancelled, or left in a way that only a search can settle.
    case abandoned
  }

  /// What the machine needs to know of a failure.
  package struct StepFailure: Sendable, Equatable {
    package var isThrottled: Bool
    /// The same call may be made again: the reason passes, and a second effect cannot come of it.
    package var mayRetry: Bool
    package var retryAfter: Duration?
    package init(isThrottled: Bool = false, mayRetry: Bool = false, retryAfter: Duration? = nil) {
      self.isThrottled = isThrottled
      self.mayRetry = mayRetry
      self.retryAfter = retryAfter
    }
  }

  package enum Action: Sendable, Equatable {
    /// Write the outcomes of `settled` and the intents of `announced` in one durable transaction, in that order.
    case commit(settled: [Int], announced: [Int])
    case start(step: Int, attempt: Int)
    /// The step will be tried again.
    case rest(step: Int, attempt: Int, Duration)
    case skip(step: Int, because: Int)
    case throttle(lane: Int, perSecond: Double)
    /// Send `tick` after this time, unless another event comes first.
    case wait(Duration)
    case cancelRunning
    case finish
  }

  enum State: UInt8 {
    case waiting, ready, announcing, announced, running, resting, settling, done, failed, skipped
  }

  private enum Result: UInt8 {
    case none, succeeded, failed
  }

  private struct Rest {
    var step: Int
    var due: Duration
  }

  private let graph: StepGraph
  private let settings: ApplySettings
  private var states: [State]
  private var results: [Result]
  private var missing: [Int32]
  private var attempts: [UInt8]
  private var lanes: [Lane]
  private var announced = FIFO()
  private var resting: [Rest] = []
  private var settling: [Int] = []
  /// Since when the first of those waits for its batch.
  private var settlingSince: Duration?
  private var batch: (settled: [Int], announced: [Int])?
  private var readyCount = 0
  private var running = 0
  private var announcing = 0
  private var interruptions = 0
  private var isStopping = false
  private var isStoreLost = false
  private var isFinished = false
  private var nextLane = 0
  private var jitter: Jitter

  /// `done` are steps that an earlier run of the same plan has finished.
  package init(_ graph: StepGraph, _ settings: ApplySettings, done: [Int] = [], seed: UInt64) {
    self.graph = graph
    self.settings = settings
    jitter = Jitter(state: seed)
    states = Array(repeating: .waiting, count: graph.count)
    results = Array(repeating: .none, count: graph.count)
    attempts = Array(repeating: 0, count: graph.count)
    lanes = (0..<graph.laneCount).map { _ in Lane(settings) }
    missing = graph.dependencyCounts
    for step in done { states[step] = .done }
    for step in done {
      for dependent in graph.dependents(of: step) { missing[dependent] -= 1 }
    }
    for step in 0..<graph.count where states[step] == .waiting && missing[step] == 0 { makeReady(step) }
  }

  /// Where every step stands at the end: counts for the summary.
  package var summary: (done: Int, failed: Int, skipped: Int, left: Int) {
    var counts = (done: 0, failed: 0, skipped: 0, left: 0)
    for state in states {
      switch state {
      case .done: counts.done += 1
      case .failed: counts.failed += 1
      case .skipped: counts.skipped += 1
      case .waiting, .ready, .announcing, .announced, .running, .resting, .settling: counts.left += 1
      }
    }
    return counts
  }

  package var isInterrupted: Bool { interruptions > 0 }

  /// Takes an event at a time of the monotonic clock and appends what is to be done.
  package mutating func handle(_ event: Event, at now: Duration, into actions: inout [Action]) {
    guard !isFinished else { return }
    switch event {
    case .began, .tick: break
    case .committed: commitEnded(&actions)
    case .storeFailed, .leaseLost:
      isStoreLost = true
      isStopping = true
      if case .storeFailed = event { batch = nil }
    case .finished(let step, let outcome): finished(step, outcome, now, &actions)
    case .interrupted: interrupted(&actions)
    }
    if isStopping { settleUnstarted() }
    if settling.isEmpty { settlingSince = nil } else { settlingSince = settlingSince ?? now }
    schedule(now, &actions)
  }
}

extension ApplyMachine {
  private mutating func makeReady(_ step: Int) {
    states[step] = .ready
    lanes[graph.lane(of: step)].ready.append(step)
    readyCount += 1
  }

  private mutating func interrupted(_ actions: inout [Action]) {
    interruptions += 1
    isStopping = true
    if interruptions == 2, running > 0 { actions.append(.cancelRunning) }
  }

  private mutating func commitEnded(_ actions: inout [Action]) {
    guard let ended = batch else { return }
    batch = nil
    for step in ended.settled {
      switch results[step] {
      case .succeeded:
        states[step] = .done
        release(step)
      // Announced and never started: it is left for another run, and so is what needs it.
      case .failed where attempts[step] == 0, .none: states[step] = .waiting
      case .failed:
        states[step] = .failed
        skipDependents(of: step, &actions)
      }
    }
    announcing -= ended.announced.count
    for step in ended.announced {
      states[step] = .announced
      announced.append(step)
    }
  }

  private mutating func release(_ step: Int) {
    for dependent in graph.dependents(of: step) {
      missing[dependent] -= 1
      if missing[dependent] == 0, states[dependent] == .waiting { makeReady(dependent) }
    }
  }

  /// Everything that needs the step, near and far, each once.
  private mutating func skipDependents(of failed: Int, _ actions: inout [Action]) {
    var pending = [failed]
    while let step = pending.popLast() {
      for dependent in graph.dependents(of: step) where states[dependent] == .waiting {
        states[dependent] = .skipped
        actions.append(.skip(step: dependent, because: failed))
        pending.append(dependent)
      }
    }
  }

  private mutating func finished(_ step: Int, _ outcome: Outcome, _ now: Duration, _ actions: inout [Action]) {
    guard states[step] == .running else { return }
    running -= 1
    switch outcome {
    case .succeeded:
      settle(step, .succeeded)
    case .abandoned: settle(step, .failed)
    case .failed(let failure):
      let lane = graph.lane(of: step)
      if failure.isThrottled, let rate = lanes[lane].throttled(at: now) {
        actions.append(.throttle(lane: lane, perSecond: rate))
      }
      if failure.mayRetry, Int(attempts[step]) < settings.maximumAttempts, !isStopping {
        rest(step, failure, now, &actions)
      } else {
        settle(step, .failed)
      }
    }
  }

  private mutating func rest(_ step: Int, _ failure: StepFailure, _ now: Duration, _ actions: inout [Action]) {
    let longest = settings.backoff(attempt: Int(attempts[step]))
    let wait = max(failure.retryAfter ?? .zero, longest * jitter.fraction())
    states[step] = .resting
    resting.append(Rest(step: step, due: now + min(wait, settings.longestRetryAfter)))
    actions.append(.rest(step: step, attempt: Int(attempts[step]), wait))
  }

  private mutating func settle(_ step: Int, _ result: Result) {
    states[step] = .settling
    results[step] = result
    settling.append(step)
  }

  /// What was announced and will not be started has no effect: its intent is closed.
  private mutating func settleUnstarted() {
    while let step = announced.popFirst() { settle(step, .failed) }
    for rest in resting { settle(rest.step, .failed) }
    resting.removeAll()
  }

  private mutating func schedule(_ now: Duration, _ actions: inout [Action]) {
    wakeRested(now)
    while running < settings.width, let step = announced.popFirst() {
      states[step] = .running
      running += 1
      attempts[step] += 1
      actions.append(.start(step: step, attempt: Int(attempts[step])))
    }
    commit(now, &actions)
    if isDone {
      isFinished = true
      actions.append(.finish)
    } else if let wait = nextWait(now) {
      actions.append(.wait(wait))
    }
  }

  private mutating func wakeRested(_ now: Duration) {
    guard !resting.isEmpty else { return }
    for rest in resting where rest.due <= now {
      states[rest.step] = .announced
      announced.append(rest.step)
    }
    resting.removeAll { $0.due <= now }
  }

  private mutating func commit(_ now: Duration, _ actions: inout [Action]) {
    guard batch == nil, !isStoreLost else { return }
    let wave = isStopping || announced.count > settings.lookahead / 2 ? [] : takeWave(now)
    guard !wave.isEmpty || areOutcomesDue(now) else { return }
    let settled = settling
    settling.removeAll(keepingCapacity: true)
    settlingSince = nil
    batch = (settled, wave)
    actions.append(.commit(settled: settled, announced: wave))
  }

  private func areOutcomesDue(_ now: Duration) -> Bool {
    guard let settlingSince else { return false }
    return isStopping || running == 0 || settling.count >= settings.width || now >= settlingSince + settings.linger
  }

  /// The steps to announce next: enough to keep every worker busy while the batch after this one is written.
  private mutating func takeWave(_ now: Duration) -> [Int] {
    var room = settings.width + settings.lookahead - running - announced.count - announcing - resting.count
    var wave: [Int] = []
    var dry = 0
    while room > 0, readyCount > 0, dry < lanes.count {
      let lane = nextLane
      nextLane = (nextLane + 1) % lanes.count
      guard lanes[lane].takeToken(at: now), let step = lanes[lane].ready.popFirst() else {
        dry += 1
        continue
      }
      dry = 0
      readyCount -= 1
      room -= 1
      states[step] = .announcing
      announcing += 1
      wave.append(step)
    }
    return wave
  }

  private var isDone: Bool {
    guard running == 0, batch == nil, announced.count == 0 else { return false }
    if isStoreLost { return true }
    return settling.isEmpty && resting.isEmpty && (isStopping || readyCount == 0)
  }

  private func nextWait(_ now: Duration) -> Duration? {
    var soonest = resting.map(\.due).min()
    if batch == nil, !isStoreLost, let settlingSince {
      let due = settlingSince + settings.linger
      soonest = min(soonest ?? due, due)
    }
    if readyCount > 0, !isStopping, batch == nil {
      for lane in lanes where lane.ready.count > 0 {
        guard let due = lane.nextToken(after: now) else { continue }
        soonest = min(soonest ?? due, due)
      }
    }
    return soonest.map { max($0 - now, .milliseconds(1)) }
  }
}
