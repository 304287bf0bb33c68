/// Steps by position, what needs what, and in which lane each one runs: flat arrays, so that no event walks
/// the plan.
package struct StepGraph: Sendable {
  package let count: Int
  /// Lanes are limited one by one: a lane is a target and a service.
  package let laneCount: Int
  let dependencyCounts: [Int32]
  private let starts: [Int32]
  private let targets: [Int32]
  private let lanes: [Int32]

  /// `dependencies[step]` names steps before it; each lies in the range of the array.
  package init(dependencies: [[Int]], lanes: [Int]) {
    count = dependencies.count
    precondition(lanes.count == count, "every step needs a lane")
    laneCount = (lanes.max() ?? -1) + 1
    self.lanes = lanes.map { Int32($0) }
    dependencyCounts = dependencies.map { Int32($0.count) }
    var starts = [Int32](repeating: 0, count: dependencies.count + 1)
    for list in dependencies {
      for dependency in list { starts[dependency + 1] += 1 }
    }
    for index in starts.indices.dropFirst() { starts[index] += starts[index - 1] }
    var fill = starts
    var targets = [Int32](repeating: 0, count: Int(starts.last ?? 0))
    for (step, list) in dependencies.enumerated() {
      for dependency in list {
        targets[Int(fill[dependency])] = Int32(step)
        fill[dependency] += 1
      }
    }
    self.starts = starts
    self.targets = targets
  }

  func lane(of step: Int) -> Int { Int(lanes[step]) }

  func dependents(of step: Int) -> Dependents {
    Dependents(targets: targets[Int(starts[step])..<Int(starts[step + 1])])
  }

  struct Dependents: Sequence, IteratorProtocol {
    fileprivate var targets: ArraySlice<Int32>
    mutating func next() -> Int? { targets.popFirst().map(Int.init) }
  }
}

/// A queue of step numbers; taking from its front costs nothing.
struct FIFO: Sendable {
  private var items: [Int] = []
  private var first = 0

  var count: Int { items.count - first }

  mutating func append(_ item: Int) { items.append(item) }

  mutating func popFirst() -> Int? {
    guard first < items.count else { return nil }
    let item = items[first]
    first += 1
    if first == items.count {
      items.removeAll(keepingCapacity: true)
      first = 0
    } else if first > 1_024, first * 2 > items.count {
      items.removeFirst(first)
      first = 0
    }
    return item
  }
}

/// One target's service: steps that are ready, and how many may start in a second.
///
/// A lane is open until the service throttles it. Then its rate is half of what it was, and grows again with
/// every second
/// that passes without another.
struct Lane: Sendable {
  private static let window = Duration.seconds(1)
  /// Operations a second that are given back in each second.
  private static let recovery = 1.0
  /// Seconds in which a lane's tokens gather.
  private static let burst = 1.0
  /// A lane whose rate has grown to this many times the one that was throttled is open again.
  private static let openAgain = 4.0

  var ready = FIFO()
  private let slowest: Double
  /// Operations a second; nil while the lane is open.
  private(set) var rate: Double?
  private var throttledRate = 0.0
  private var tokens = 0.0
  private var lastRefill = Duration.zero
  private var lastThrottle: Duration?
  private var windowStart = Duration.zero
  private var startedInWindow = 0.0
  private var startedBefore = 0.0

  init(_ settings: ApplySettings) { slowest = settings.slowestRate }

  /// Halves the rate, at most once a second, since many calls that left together are refused together.
  /// Returns the new one.
  mutating func throttled(at now: Duration) -> Double? {
    if let last = lastThrottle, now - last < Self.window { return nil }
    refill(now)
    count(now, 0)
    lastThrottle = now
    throttledRate = rate ?? max(startedBefore, startedInWindow)
    let halved = max(slowest, throttledRate / 2)
    rate = halved
    tokens = min(tokens, halved * Self.burst)
    lastRefill = now
    return halved
  }

  /// True where a step may start now; it then counts as started.
  mutating func takeToken(at now: Duration) -> Bool {
    guard ready.count > 0 else { return false }
    if rate != nil {
      refill(now)
      guard rate == nil || tokens >= 1 else { return false }
      if rate != nil { tokens -= 1 }
    }
    count(now, 1)
    return true
  }

  /// When the next token comes; nil while the lane is open.
  func nextToken(after now: Duration) -> Duration? {
    guard let rate, tokens < 1 else { return nil }
    return max(lastRefill + .nanoseconds(Int64((1 - tokens) / rate * 1e9) + 1), now)
  }

  private mutating func refill(_ now: Duration) {
    guard let current = rate else { return }
    let seconds = (now - lastRefill) / .seconds(1)
    guard seconds > 0 else { return }
    lastRefill = now
    let grown = current + Self.recovery * seconds
    tokens = min(grown * Self.burst + 1, tokens + (current + grown) / 2 * seconds)
    rate = grown >= max(throttledRate, 1) * Self.openAgain ? nil : grown
  }

  private mutating func count(_ now: Duration, _ more: Double) {
    if now - windowStart >= Self.window {
      startedBefore = now - windowStart < Self.window * 2 ? startedInWindow : 0
      startedInWindow = 0
      windowStart = now
    }
    startedInWindow += more
  }
}
