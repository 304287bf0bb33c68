import HTTP
import Platform
import Synchronization
import Testing

@Suite("Retries")
struct RetryTests {
  private let policy = RetryPolicy(attempts: 4, base: .seconds(1), longest: .seconds(5), budget: .seconds(20))

  private struct Case: Sendable {
    var failure: RetryClass
    var attempt = 1
    var spent = Duration.zero
    var decision: RetryDecision
  }

  @Test(
    "back-off doubles with full jitter, and wishes, attempts and the budget end it",
    arguments: [
      Case(failure: .transient, decision: .retry(after: .milliseconds(500))),
      Case(failure: .transient, attempt: 3, decision: .retry(after: .seconds(2))),
      Case(failure: .transient, attempt: 4, decision: .stop),
      Case(failure: .never, decision: .stop),
      Case(failure: .throttled(after: .seconds(3)), decision: .retry(after: .milliseconds(3500))),
      Case(failure: .throttled(after: .seconds(5)), decision: .retry(after: .seconds(5))),
      Case(failure: .throttled(after: .seconds(6)), decision: .stop),
      Case(failure: .transient, attempt: 2, spent: .seconds(19), decision: .retry(after: .seconds(1))),
      Case(failure: .transient, attempt: 2, spent: .seconds(20), decision: .stop),
    ])
  private func decisions(_ example: Case) {
    let decision = policy.decide(
      example.failure, attempt: example.attempt, spent: example.spent, fraction: 0.5)
    #expect(decision == example.decision)
  }

  @Test("an exchange that may have taken effect is tried again only where it may be repeated")
  func errors() {
    let lost = HTTPError(.connectionLost, phase: .answer, effect: .sent, text: "")
    let refused = HTTPError(.connectionFailed, phase: .connect, effect: .notSent, text: "")
    #expect(RetryClass(lost, .never) == .never && RetryClass(lost, .allowed) == .transient)
    #expect(RetryClass(refused, .never) == .transient)
  }

  @Test(
    "Retry-After is read as seconds and as a date",
    arguments: [
      ("7", 7), ("Sun, 06 Nov 1994 08:49:47 GMT", 10), ("Sun, 06 Nov 1994 08:49:07 GMT", 0), ("soon", nil),
    ])
  func retryAfter(text: String, seconds: Int?) throws {
    let now = try #require(HTTPDate.parse("Sun, 06 Nov 1994 08:49:37 GMT"))
    #expect(HTTPDate.format(now) == "Sun, 06 Nov 1994 08:49:37 GMT")
    let response = HTTPResponse(status: 429, headers: ["retry-after": text])
    #expect(RetryClass(response, now: now) == .throttled(after: seconds.map { .seconds($0) }))
  }

  private final class Counter: Sendable {
    private let count = Mutex(0)
    func next() -> Int {
      count.withLock { count in
        count += 1
        return count
      }
    }
  }

  @Test(
    "a read is tried until it works, a create goes out once",
    arguments: [(HTTPMethod.get, 3, 200), (.post, 1, 500)])
  func transport(method: HTTPMethod, requests: Int, status: Int) async throws {
    let counter = Counter()
    let flaky = SimulatedTransport { _ in HTTPResponse(status: counter.next() < 3 ? 500 : 200) }
    let transport = RetryingTransport(
      flaky, policy: RetryPolicy(), time: SimulatedTime(skipsSleep: true), random: SeededRandom(seed: 1))
    let response = try await transport.send(HTTPRequest(method, HTTPURL(host: "example.com")))
    #expect(response.status == status)
    #expect(flaky.requests.count == requests)
  }

  @Test("a reader's transport refuses what is not a read, and counts stay with the operation")
  func readOnly() async throws {
    let inner = SimulatedTransport { _ in HTTPResponse(status: 200) }
    let counter = RequestCounter()
    let transport = ReadOnlyTransport(CountingTransport(inner, counter)) { $0.method == .get }
    let url = HTTPURL(host: "example.com")
    _ = try await transport.send(HTTPRequest(.get, url, operation: HTTPOperation("ec2", "DescribeVpcs")))
    let error = await #expect(throws: HTTPError.self) {
      try await transport.send(HTTPRequest(.delete, url, operation: HTTPOperation("ec2", "DeleteVpc")))
    }
    #expect(error?.reason == .refused && error?.effect == .notSent)
    #expect(error?.text.contains("ec2.DeleteVpc") == true)
    #expect(counter.counts == [HTTPOperation("ec2", "DescribeVpcs"): 1] && inner.requests.count == 1)
  }
}
