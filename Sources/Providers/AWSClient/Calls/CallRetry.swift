import HTTP
import Platform
import ProviderKit

/// Sends a call again as a policy says, where the call's effect allows it.
package struct CallRetry: Sendable {
  private let policy: RetryPolicy
  private let time: any TimeSource
  private let random: any RandomSource

  package init(_ policy: RetryPolicy, _ machine: ClientMachine) {
    self.policy = policy
    time = machine.time
    random = machine.random
  }

  package func run<Answer: Sendable>(
    _ effect: CallEffect, _ send: () async throws(ProviderError) -> Answer
  ) async throws(ProviderError) -> Answer {
    let start = time.elapsed
    var attempt = 1
    while true {
      let failure: ProviderError
      do throws(ProviderError) { return try await send() } catch { failure = error }
      let decision = policy.decide(
        retryClass(failure, effect), attempt: attempt, spent: time.elapsed - start, fraction: random.fraction())
      guard case .retry(let wait) = decision else { throw failure }
      do { try await time.sleep(for: wait) } catch {
        throw ProviderError(.cancelled, effect: failure.effect, "cancelled", request: failure.request)
      }
      attempt += 1
    }
  }

  private func retryClass(_ failure: ProviderError, _ effect: CallEffect) -> RetryClass {
    guard effect.mayRepeat(after: failure) else { return .never }
    if case .throttled(let after) = failure.reason { return .throttled(after: after) }
    return .transient
  }
}
