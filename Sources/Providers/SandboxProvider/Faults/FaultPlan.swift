import Resources

/// What goes wrong in a sandbox, and when. The same plan and seed give the same faults for the same calls.
package struct FaultPlan: Sendable, Equatable {
  /// What a fault does to a call.
  package enum Fault: String, Sendable, CaseIterable {
    /// Refused before anything happens, with a wait in the answer.
    case throttle
    /// An error of the service before anything happens.
    case errorBefore
    /// The work is done, and the service answers with an error.
    case errorAfter
    /// The work is done, and the answer is lost on its way.
    case lostResponse
    /// Half of the work is done, and the error says what exists now.
    case partial
    /// The credentials do not allow the call.
    case denied
  }

  /// Where a rule applies: every condition that is written has to hold.
  package struct Rule: Sendable, Equatable {
    package var fault: Fault
    /// Empty for every writing operation.
    package var operations: Set<Operation> = []
    /// Empty for every type.
    package var types: Set<TypeName> = []
    /// Numbers of calls, counted from 1 over the sandbox's life; empty for any.
    package var calls: Set<Int> = []
    /// From 0 to 1.
    package var probability = 1.0
    /// At most so many times; nil for no limit.
    package var limit: Int?
    /// For `throttle`.
    package var retryAfter: Duration?

    package init(_ fault: Fault) { self.fault = fault }
  }

  /// A call at which the process dies or is stopped.
  package struct CrashPoint: Sendable, Equatable {
    package enum Side: String, Sendable { case before, after }
    /// What is counted, from 1: all calls, or those that write.
    package enum Counter: String, Sendable { case call, write }
    package var counter: Counter
    package var number: Int
    package var side: Side
    /// The process is stopped there, and goes on when it is continued.
    package var isStop = false

    package init(_ counter: Counter, _ number: Int, _ side: Side) {
      self.counter = counter
      self.number = number
      self.side = side
    }
  }

  package var seed: UInt64 = 0
  /// How long every call takes.
  package var latency = Duration.zero
  /// How long a fresh object takes until it is ready.
  package var readiness = Duration.zero
  /// How long a fresh object is missing from lists and from searches by marker. Also the consistency window
  /// of all types in the sandbox's catalog, so that nobody waits for a staleness that does not happen.
  package var staleLists = Duration.zero
  package var crash: CrashPoint?
  /// The first rule that fits decides.
  package var rules: [Rule] = []

  package init() {}
}
