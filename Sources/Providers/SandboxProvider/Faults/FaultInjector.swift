import Platform
import ProviderKit
import Resources
import Synchronization

/// How often a sandbox was called.
package struct CallCounts: Sendable, Equatable {
  package var calls = 0
  package var writes = 0
  package var operations: [Operation: Int] = [:]

  package init(calls: Int = 0, writes: Int = 0, operations: [Operation: Int] = [:]) {
    self.calls = calls
    self.writes = writes
    self.operations = operations
  }
}

/// Numbers the calls and decides which of them go wrong.
final class FaultInjector: Sendable {
  private struct State {
    var counts = CallCounts()
    /// How often each rule has struck.
    var struck: [Int]
    /// True once the crash point was reached.
    var isDead = false
  }

  let plan: FaultPlan
  private let state: Mutex<State>

  init(_ plan: FaultPlan) {
    self.plan = plan
    state = Mutex(State(struck: Array(repeating: 0, count: plan.rules.count)))
  }

  var counts: CallCounts { state.withLock { $0.counts } }

  /// Lets no later call through.
  func stop() { state.withLock { $0.isDead = true } }

  static func dead(_ operation: Operation, _ type: TypeName) -> ProviderError {
    ProviderError(
      .cancelled, effect: .unknown, "the process was to die here",
      request: RequestFacts(service: "sandbox", operation: "\(operation.rawValue) \(type)"))
  }

  /// Counts a call and decides its fate.
  func next(_ operation: Operation, _ type: TypeName) throws(ProviderError) -> CallFate {
    let fate = state.withLock { state -> CallFate? in
      guard !state.isDead else { return nil }
      state.counts.calls += 1
      state.counts.operations[operation, default: 0] += 1
      if operation.isWrite { state.counts.writes += 1 }
      var fate = CallFate(number: state.counts.calls)
      if let crash = plan.crash,
        crash.number == (crash.counter == .call ? state.counts.calls : state.counts.writes),
        crash.counter == .call || operation.isWrite
      {
        fate.crash = crash.side
      }
      for (index, rule) in plan.rules.enumerated() where fits(rule, index, operation, type, state) {
        state.struck[index] += 1
        fate.fault = rule.fault
        fate.retryAfter = rule.retryAfter
        break
      }
      return fate
    }
    guard let fate else { throw Self.dead(operation, type) }
    return fate
  }

  private func fits(
    _ rule: FaultPlan.Rule, _ index: Int, _ operation: Operation, _ type: TypeName, _ state: State
  ) -> Bool {
    guard rule.operations.isEmpty ? operation.isWrite : rule.operations.contains(operation),
      rule.types.isEmpty || rule.types.contains(type),
      rule.calls.isEmpty || rule.calls.contains(state.counts.calls),
      rule.limit.map({ state.struck[index] < $0 }) ?? true
    else { return false }
    return rule.probability >= 1 || chance(state.counts.calls, index) < rule.probability
  }

  /// From the seed, the call and the rule alone, so that one rule's draws do not move another's.
  private func chance(_ call: Int, _ rule: Int) -> Double {
    var hash = StableHash()
    hash.add(plan.seed)
    hash.add(UInt64(call))
    hash.add(UInt64(rule))
    return Double(hash.value >> 11) * 0x1p-53
  }
}

/// What happens to one call.
struct CallFate: Sendable {
  var number: Int
  var crash: FaultPlan.CrashPoint.Side?
  var fault: FaultPlan.Fault?
  var retryAfter: Duration?
}

extension Operation {
  var isWrite: Bool {
    switch self {
    case .create, .update, .delete: true
    case .list, .read: false
    }
  }
}

/// FNV-1a with a final mix: the same on every machine and in every run.
struct StableHash {
  private var state: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func add(_ byte: UInt8) { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
  mutating func add(_ text: String) { for byte in text.utf8 { add(byte) } }
  mutating func add(_ word: UInt64) {
    for shift in stride(from: 0, to: 64, by: 8) { add(UInt8(truncatingIfNeeded: word >> UInt64(shift))) }
  }

  var value: UInt64 {
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
