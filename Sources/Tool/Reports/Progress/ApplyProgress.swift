import Applying
import ProviderKit

/// The steps under way, for the live view: a value that takes what happens.
package struct ApplyProgress: Sendable {
  struct Running: Sendable {
    var facts: StepFacts
    var since: Duration
    var note = ""
  }

  /// By step.
  private(set) var running: [Int: Running] = [:]
  package private(set) var total = 0
  package private(set) var finished = 0
  package private(set) var failures = 0

  package init() {}

  /// - Parameter now: the elapsed time of the same clock that draws the view.
  package mutating func take(_ event: ApplyEvent, at now: Duration) {
    switch event {
    case .began(let steps): total = steps
    case .started(let facts): running[facts.step] = Running(facts: facts, since: now)
    case .stillGoing(let facts, _, let message): running[facts.step]?.note = message ?? ""
    case .retrying(let facts, let attempt, _, let problem):
      running[facts.step]?.note = "attempt \(attempt): \(problem.reason.name)"
    case .finished(let facts, _, _):
      running[facts.step] = nil
      finished += 1
    case .failed(let facts, _, _):
      running[facts.step] = nil
      failures += 1
    case .skipped, .throttled, .interrupted, .inventoryLost, .summary, .waitingUntilReady, .becameReady, .notReady:
      break
    }
  }
}
