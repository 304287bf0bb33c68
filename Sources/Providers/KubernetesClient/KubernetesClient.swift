import HTTP
import Platform
import ProviderKit
import Values

/// Asks the API server of one cluster, with one set of credentials; knows the API's conventions and no kind.
///
/// Many tasks may share a client, and should: connections, credentials and the limit of requests belong to it.
package struct KubernetesClient: Sendable {
  package enum Mode: Sendable {
    /// GET and `dryRun=All` alone; everything else is refused before it leaves the process.
    case readOnly
    case readWrite
  }

  /// Without credentials: for records and messages.
  package let server: HTTPURL
  /// The namespace of the context; `default` where it names none.
  package let namespace: String
  private let machine: KubernetesMachine
  private let session: ClusterSession
  private let limit: RateLimit
  private let retry: RetryPolicy
  private let mode: Mode

  package init(
    _ machine: KubernetesMachine, _ access: ClusterAccess, mode: Mode, limits: RequestLimits = RequestLimits(),
    retry: RetryPolicy = RetryPolicy()
  ) {
    self.machine = machine
    self.mode = mode
    self.retry = retry
    server = access.server
    namespace = access.namespace
    limit = RateLimit(perSecond: limits.perSecond, burst: limits.burst)
    session = ClusterSession(machine, access)
  }

  package var time: any TimeSource { machine.time }

  /// Sends the request; a refusal of the server is an error.
  @discardableResult
  package func send(_ request: KubernetesRequest) async throws(ProviderError) -> KubernetesAnswer {
    let answer = try await exchange(request)
    guard let failure = answer.failure else { return answer }
    throw StatusClassification.error(failure, request, headers: answer.headers, now: machine.time.now)
  }

  /// Sends the request; a refusal of the server is an answer, for callers that read its causes. An error only where
  /// there is no answer.
  ///
  /// Reads and repeatable writes are tried again after passing faults, everything after a 429, and once more with new
  /// credentials after a 401.
  package func exchange(_ request: KubernetesRequest) async throws(ProviderError) -> KubernetesAnswer {
    let start = machine.time.elapsed
    var attempt = 1
    while true {
      let result: Result<KubernetesAnswer, ProviderError>
      do throws(ProviderError) { result = .success(try await authorized(request)) } catch { result = .failure(error) }
      if case .success(let answer) = result, answer.isSuccess { return answer }
      let decision = retry.decide(
        retryClass(of: result, request), attempt: attempt, spent: machine.time.elapsed - start,
        fraction: machine.random.fraction())
      guard case .retry(let wait) = decision else { return try result.get() }
      try await rest(wait)
      attempt += 1
    }
  }

  /// What a refusal of the server means for the caller.
  package func error(_ failure: APIStatus, _ request: KubernetesRequest) -> ProviderError {
    StatusClassification.error(failure, request, headers: [:], now: machine.time.now)
  }

  private func retryClass(of result: Result<KubernetesAnswer, ProviderError>, _ request: KubernetesRequest)
    -> RetryClass
  {
    let error: ProviderError
    switch result {
    case .failure(let failure): error = failure
    case .success(let answer):
      guard let failure = answer.failure else { return .never }
      error = StatusClassification.error(failure, request, headers: answer.headers, now: machine.time.now)
    }
    switch error.reason {
    case .throttled(let after):
      if error.request.status == 429, let after { limit.pause(until: machine.time.elapsed + min(after, retry.longest)) }
      return request.effect == .once && error.request.status != 429 ? .never : .throttled(after: after)
    case .transient: return request.effect == .once && !error.hasNoEffect ? .never : .transient
    case .conflict, .notFound, .denied, .invalid, .quota, .unsupported, .cancelled, .other: return .never
    }
  }

  /// With the credentials of now; where the server refuses them, once more with new ones.
  private func authorized(_ request: KubernetesRequest) async throws(ProviderError) -> KubernetesAnswer {
    let door = try await session.door()
    let answer = try await sendOnce(request, through: door)
    guard answer.status == 401, let next = try await session.door(after: door) else { return answer }
    return try await sendOnce(request, through: next)
  }

  private func sendOnce(_ request: KubernetesRequest, through door: ClusterSession.Door) async throws(ProviderError)
    -> KubernetesAnswer
  {
    var message = request.http(server)
    message.headers.fields += door.headers.fields
    let wait = limit.take(now: machine.time.elapsed)
    if wait > .zero { try await rest(wait) }
    let response: HTTPResponse
    do throws(HTTPError) {
      response = try await transport(door).send(message)
    } catch {
      throw StatusClassification.error(error, request)
    }
    return try read(response, request)
  }

  private func transport(_ door: ClusterSession.Door) -> any HTTPTransport {
    let counting = CountingTransport(door.transport, machine.counter)
    return switch mode {
    case .readWrite: counting
    case .readOnly: ReadOnlyTransport(counting, allowing: ReadOnlyRule.allows)
    }
  }

  private func read(_ response: HTTPResponse, _ request: KubernetesRequest) throws(ProviderError) -> KubernetesAnswer {
    var answer = KubernetesAnswer(status: response.status, value: .null, headers: response.headers)
    let isFine = response.isSuccess || response.status == 304
    if let first = response.body.first(where: { $0 > 32 }) {
      do throws(JSONError) { answer.value = try JSONReader.parse(response.body) } catch {
        // A proxy's page, or `404 page not found` from a path that no API has.
        if isFine, first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
          throw StatusClassification.unreadable(request, response.status)
        }
        if isFine { answer.value = .string(String(decoding: response.body, as: UTF8.self)) }
      }
    }
    if isFine { return answer }
    answer.failure =
      APIStatus(answer.value, httpStatus: response.status)
      ?? APIStatus(code: response.status, message: "HTTP \(response.status) without an answer of the API")
    return answer
  }

  private func rest(_ wait: Duration) async throws(ProviderError) {
    do { try await machine.time.sleep(for: wait) } catch {
      throw ProviderError(.cancelled, effect: .none, "cancelled")
    }
  }
}

/// How many requests a second one cluster gets from us, and how many at once after a quiet time.
package struct RequestLimits: Sendable, Hashable {
  /// The server's own limits (API Priority and Fairness) come on top; these keep one run from being most of its load.
  package var perSecond = 500
  package var burst = 1_000
  package init() {}
}

extension ProviderError {
  fileprivate var hasNoEffect: Bool { if case .none = effect { true } else { false } }
}
