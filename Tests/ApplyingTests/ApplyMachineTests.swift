import Applying
import TestSupport
import Testing

/// A world of steps without services: it obeys the machine's actions and checks every rule on the way.
struct MachineWorld {
  var machine: ApplyMachine
  let dependencies: [[Int]]
  let width: Int
  var now = Duration.zero
  var running: Set<Int> = []
  var durable: Set<Int> = []
  var announced: Set<Int> = []
  var succeeded: Set<Int> = []
  var starts: [Int: Int] = [:]
  var skipped: [Int] = []
  var batch: (settled: [Int], announced: [Int])?
  var commits = 0
  var widest = 0
  var isFinished = false
  var wait: Duration?
  var isCancelled = false
  var problems: [String] = []

  init(_ dependencies: [[Int]], _ settings: ApplySettings, done: [Int] = [], lanes: [Int]? = nil) {
    self.dependencies = dependencies
    width = settings.width
    durable = Set(done)
    let graph = StepGraph(dependencies: dependencies, lanes: lanes ?? Array(repeating: 0, count: dependencies.count))
    machine = ApplyMachine(graph, settings, done: done, seed: 1)
    send(.began)
  }

  mutating func send(_ event: ApplyMachine.Event) {
    var actions: [ApplyMachine.Action] = []
    machine.handle(event, at: now, into: &actions)
    for action in actions { take(action) }
  }

  private mutating func take(_ action: ApplyMachine.Action) {
    if isFinished { problems.append("an action after the end: \(action)") }
    switch action {
    case .commit(let settled, let announced):
      if batch != nil { problems.append("two batches at once") }
      if settled.isEmpty && announced.isEmpty { problems.append("an empty batch") }
      for step in announced where !dependencies[step].allSatisfy(durable.contains) {
        problems.append("\(step) is announced before what it needs is durable")
      }
      batch = (settled, announced)
      commits += 1
    case .start(let step, let attempt):
      if !announced.contains(step) { problems.append("\(step) starts without a durable intent") }
      if !running.insert(step).inserted { problems.append("\(step) runs twice") }
      starts[step, default: 0] += 1
      if starts[step] != attempt { problems.append("\(step) has a wrong attempt") }
      widest = max(widest, running.count)
    case .rest, .throttle: break
    case .skip(let step, _): skipped.append(step)
    case .wait(let duration): wait = duration
    case .cancelRunning: isCancelled = true
    case .finish: isFinished = true
    }
  }

  mutating func commit() {
    guard let ended = batch else { return }
    batch = nil
    for step in ended.settled where succeeded.contains(step) { durable.insert(step) }
    announced.formUnion(ended.announced)
    send(.committed)
  }

  mutating func finish(_ step: Int, _ outcome: ApplyMachine.Outcome) {
    running.remove(step)
    if outcome == .succeeded { succeeded.insert(step) }
    send(.finished(step: step, outcome))
  }

  mutating func tick(_ duration: Duration? = nil) {
    now += duration ?? wait ?? .seconds(1)
    wait = nil
    send(.tick)
  }
}

@Suite struct ApplyMachineTests {
  private static func graph(_ count: Int, _ generator: inout SeededGenerator) -> [[Int]] {
    (0..<count).map { step in
      step == 0
        ? []
        : Array(
          Set((0..<Int.random(in: 0...3, using: &generator)).map { _ in Int.random(in: 0..<step, using: &generator) })
        ).sorted()
    }
  }

  @Test("any order of events obeys the rules and ends with every step accounted for", arguments: 0..<200)
  func randomOrders(_ seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    var settings = ApplySettings()
    settings.width = Int.random(in: 1...5, using: &generator)
    settings.lookahead = Int.random(in: 0...4, using: &generator)
    let count = Int.random(in: 1...60, using: &generator)
    let dependencies = Self.graph(count, &generator)
    let lanes = (0..<count).map { _ in Int.random(in: 0..<3, using: &generator) }
    var world = MachineWorld(dependencies, settings, lanes: lanes)
    let interruption = seed % 4 == 0 ? Int.random(in: 0...40, using: &generator) : nil
    var failed: Set<Int> = []
    var rounds = 0
    while !world.isFinished, rounds < 20_000 {
      rounds += 1
      if rounds == interruption { world.send(.interrupted) }
      if let step = world.running.sorted().randomElement(using: &generator),
        Bool.random(using: &generator) || world.batch == nil
      {
        switch Int.random(in: 0..<10, using: &generator) {
        case 0:
          failed.insert(step)
          world.finish(step, .failed(.init()))
        case 1: world.finish(step, .failed(.init(isThrottled: true, mayRetry: true)))
        case 2: world.finish(step, .failed(.init(mayRetry: true, retryAfter: .seconds(2))))
        default: world.finish(step, .succeeded)
        }
      } else if world.batch != nil {
        world.commit()
      } else {
        world.tick()
      }
    }
    #expect(world.problems.isEmpty, "seed \(seed): \(world.problems)")
    #expect(world.isFinished, "seed \(seed) does not end")
    #expect(world.widest <= settings.width)
    let summary = world.machine.summary
    #expect(summary.done + summary.failed + summary.skipped + summary.left == count)
    #expect(summary.done == world.durable.count && summary.skipped == world.skipped.count)
    #expect(Set(world.skipped).count == world.skipped.count, "a step is skipped once")
    if interruption == nil { #expect(summary.left == 0, "seed \(seed) leaves steps") }
  }

  @Test("10,000 independent steps share few commits and never exceed the width")
  func groupCommit() {
    var world = MachineWorld(Array(repeating: [], count: 10_000), ApplySettings())
    while !world.isFinished {
      for step in world.running.sorted() { world.finish(step, .succeeded) }
      world.commit()
    }
    #expect(world.problems.isEmpty && world.machine.summary.done == 10_000)
    #expect(world.widest == ApplySettings().width)
    #expect(world.commits < 1_300)
  }

  @Test("outcomes wait for each other while work goes on, and no longer than they may")
  func lingering() {
    var settings = ApplySettings()
    settings.width = 4
    var world = MachineWorld(Array(repeating: [], count: 4) + [[0]], settings)
    world.commit()
    world.finish(0, .succeeded)
    #expect(world.batch == nil && world.wait == settings.linger, "three are under way")
    world.tick(settings.linger / 2)
    world.finish(1, .succeeded)
    #expect(world.batch == nil && world.wait == settings.linger / 2, "counted from the first")
    world.tick(settings.linger / 2)
    #expect(world.batch?.settled == [0, 1])
    world.commit()
    #expect(world.batch?.announced == [4], "what needs it is begun at once")
    world.commit()
    world.finish(2, .succeeded)
    world.finish(3, .succeeded)
    #expect(world.batch == nil)
    world.finish(4, .succeeded)
    #expect(world.batch?.settled == [2, 3, 4], "nothing is left to wait for")
    world.commit()
    #expect(world.isFinished && world.commits == 4 && world.problems.isEmpty)
  }

  @Test("a failure skips what needs it, near and far, and nothing else")
  func independentBranches() {
    var world = MachineWorld([[], [0], [1], [], [3], [2, 4]], ApplySettings())
    while !world.isFinished {
      for step in world.running.sorted() { world.finish(step, step == 0 ? .failed(.init()) : .succeeded) }
      world.commit()
    }
    #expect(world.durable == [3, 4])
    #expect(world.skipped.sorted() == [1, 2, 5])
  }

  @Test("the first interruption lets what runs finish and starts nothing more, the second cancels")
  func interruption() {
    var settings = ApplySettings()
    settings.width = 2
    settings.lookahead = 2
    var world = MachineWorld(Array(repeating: [], count: 10), settings)
    world.commit()
    #expect(world.running.count == 2)
    world.send(.interrupted)
    #expect(!world.isCancelled && !world.isFinished)
    let before = world.starts.count
    world.send(.interrupted)
    #expect(world.isCancelled)
    world.finish(0, .succeeded)
    world.finish(1, .abandoned)
    while world.batch != nil { world.commit() }
    #expect(world.isFinished && world.starts.count == before)
    #expect(world.durable == [0])
    #expect(world.machine.summary == (done: 1, failed: 1, skipped: 0, left: 8))
  }

  @Test("a passing failure is tried again after a pause, as often as allowed")
  func retries() {
    var settings = ApplySettings()
    settings.maximumAttempts = 3
    var world = MachineWorld([[]], settings)
    world.commit()
    for _ in 0..<3 {
      #expect(world.running == [0])
      world.finish(0, .failed(.init(mayRetry: true, retryAfter: .seconds(5))))
      if world.batch == nil {
        world.tick(.seconds(4))
        #expect(world.running.isEmpty, "it started before the service allowed it")
        world.tick(.seconds(31))
      }
    }
    world.commit()
    #expect(world.isFinished && world.starts[0] == 3 && world.machine.summary.failed == 1)
  }

  @Test("throttling halves a lane's rate and leaves other lanes alone")
  func throttling() {
    var settings = ApplySettings()
    settings.width = 8
    settings.lookahead = 0
    let lanes = (0..<400).map { $0 % 2 }
    var world = MachineWorld(Array(repeating: [], count: 400), settings, lanes: lanes)
    world.commit()
    var startedAfter = [0, 0]
    for round in 0..<120 {
      let before = world.starts
      for step in world.running.sorted() {
        let isFirst = round == 0 && lanes[step] == 0
        world.finish(step, isFirst ? .failed(.init(isThrottled: true, mayRetry: false)) : .succeeded)
      }
      world.commit()
      for step in world.starts.keys where before[step] == nil { startedAfter[lanes[step]] += 1 }
    }
    #expect(startedAfter[1] == 196, "the other lane ran to its end")
    #expect(startedAfter[0] < 16, "no time has passed, so that the throttled lane has few tokens")
    while !world.isFinished, world.now < .seconds(600) {
      for step in world.running.sorted() { world.finish(step, .succeeded) }
      if world.batch != nil { world.commit() } else { world.tick() }
    }
    #expect(world.isFinished && world.now > .seconds(1), "the rest came with time")
  }

  @Test("a store that refuses a batch ends the run once what runs has finished")
  func storeFailure() {
    var settings = ApplySettings()
    (settings.width, settings.lookahead) = (2, 0)
    var world = MachineWorld(Array(repeating: [], count: 50), settings)
    world.commit()
    world.finish(0, .succeeded)
    #expect(world.batch != nil)
    world.batch = nil
    world.send(.storeFailed)
    #expect(!world.isFinished)
    for step in world.running.sorted() { world.finish(step, .succeeded) }
    #expect(world.isFinished && world.batch == nil)
    #expect(world.durable.isEmpty)
  }

  @Test("steps that an earlier run has done are not started again")
  func resume() {
    var world = MachineWorld([[], [0], [1], []], ApplySettings(), done: [0, 1])
    while !world.isFinished {
      for step in world.running.sorted() { world.finish(step, .succeeded) }
      world.commit()
    }
    #expect(Set(world.starts.keys) == [2, 3] && world.problems.isEmpty)
  }

  @Test("a plan without steps is finished at once")
  func empty() {
    #expect(MachineWorld([], ApplySettings()).isFinished)
  }
}
