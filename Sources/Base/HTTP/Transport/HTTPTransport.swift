import Platform
import Synchronization

/// Sends requests. An answer of any status is a response; only an exchange without one is an error.
package protocol HTTPTransport: Sendable {
  func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse
}

/// Answers from a closure and keeps what was asked, for tests.
package final class SimulatedTransport: HTTPTransport {
  package typealias Answer = @Sendable (HTTPRequest) throws(HTTPError) -> HTTPResponse

  private let answer: Answer
  private let sent = Mutex<[HTTPRequest]>([])

  package init(_ answer: @escaping Answer) { self.answer = answer }

  /// Every request so far, in order.
  package var requests: [HTTPRequest] { sent.withLock { $0 } }

  package func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
    sent.withLock { $0.append(request) }
    return try answer(request)
  }
}

/// Lets through only what a rule allows: a reader's transport cannot write.
package struct ReadOnlyTransport: HTTPTransport {
  private let inner: any HTTPTransport
  private let isRead: @Sendable (HTTPRequest) -> Bool

  package init(_ inner: any HTTPTransport, allowing isRead: @escaping @Sendable (HTTPRequest) -> Bool) {
    self.inner = inner
    self.isRead = isRead
  }

  package func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
    guard isRead(request) else {
      let name = request.operation?.description ?? "\(request.method) \(request.url.host)"
      throw .notSent(.refused, "`\(name)` is not a read, and only reads are allowed here")
    }
    return try await inner.send(request)
  }
}

/// How many requests went out, by service and operation.
package final class RequestCounter: Sendable {
  private let state = Mutex<[HTTPOperation: Int]>([:])

  package init() {}

  package var counts: [HTTPOperation: Int] { state.withLock { $0 } }
  package var total: Int { state.withLock { $0.values.reduce(0, +) } }

  /// Requests without an operation count under the host and method.
  package func count(_ request: HTTPRequest) {
    let operation = request.operation ?? HTTPOperation(request.url.host, request.method.description)
    state.withLock { $0[operation, default: 0] += 1 }
  }
}

/// Counts each request before it is sent.
package struct CountingTransport: HTTPTransport {
  private let inner: any HTTPTransport
  private let counter: RequestCounter

  package init(_ inner: any HTTPTransport, _ counter: RequestCounter) {
    self.inner = inner
    self.counter = counter
  }

  package func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
    counter.count(request)
    return try await inner.send(request)
  }
}

/// Tries again as the policy says. A request whose repetition is `never` goes out exactly once.
package struct RetryingTransport: HTTPTransport {
  private let inner: any HTTPTransport
  private let policy: RetryPolicy
  private let time: any TimeSource
  private let random: any RandomSource

  package init(
    _ inner: any HTTPTransport, policy: RetryPolicy, time: any TimeSource, random: any RandomSource
  ) {
    self.inner = inner
    self.policy = policy
    self.time = time
    self.random = random
  }

  package func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
    guard request.repetition == .allowed else { return try await inner.send(request) }
    let start = time.elapsed
    var attempt = 1
    while true {
      let result: Result<HTTPResponse, HTTPError>
      do throws(HTTPError) {
        result = .success(try await inner.send(request))
      } catch {
        result = .failure(error)
      }
      let decision = policy.decide(
        failure(of: result, request), attempt: attempt, spent: time.elapsed - start,
        fraction: random.fraction())
      guard case .retry(let wait) = decision else { return try result.get() }
      do {
        try await time.sleep(for: wait)
      } catch {
        throw HTTPError(.cancelled, phase: .connect, effect: .sent, text: "cancelled between two attempts")
      }
      attempt += 1
    }
  }

  private func failure(of result: Result<HTTPResponse, HTTPError>, _ request: HTTPRequest) -> RetryClass {
    switch result {
    case .success(let response): RetryClass(response, now: time.now)
    case .failure(let error): RetryClass(error, request.repetition)
    }
  }
}
