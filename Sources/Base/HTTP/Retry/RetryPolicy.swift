import Platform

/// What kind of failure an attempt had, seen from whether trying again can help.
package enum RetryClass: Hashable, Sendable {
  /// The same request will fail again, or may have taken effect and must not go out twice.
  case never
  /// The service asks for fewer requests; `after` is its own wish.
  case throttled(after: Duration?)
  /// A fault that may pass by itself.
  case transient
}

/// What to do after a failed attempt.
package enum RetryDecision: Hashable, Sendable {
  case retry(after: Duration)
  case stop
}

/// How often and how patiently to try; a pure value.
package struct RetryPolicy: Hashable, Sendable {
  /// The first try included.
  package var attempts: Int
  /// The first back-off's upper end; it doubles with every attempt.
  package var base: Duration
  /// No back-off is longer, whatever the attempt or the server's wish.
  package var longest: Duration
  /// Waits and attempts together take no longer than this.
  package var budget: Duration

  package init(
    attempts: Int = 5, base: Duration = .milliseconds(200), longest: Duration = .seconds(20),
    budget: Duration = .seconds(120)
  ) {
    self.attempts = attempts
    self.base = base
    self.longest = longest
    self.budget = budget
  }

  /// Exponential back-off with full jitter: a random part of the growing upper end.
  ///
  /// `attempt` counts from 1; `fraction` is random, at least 0 and below 1; `spent` is the time since the first try. A
  /// service's own wish is the least wait, with the jitter on top, so that many clients do not come back at once.
  package func decide(
    _ failure: RetryClass, attempt: Int, spent: Duration, fraction: Double
  ) -> RetryDecision {
    let wish: Duration
    switch failure {
    case .never: return .stop
    case .transient: wish = .zero
    case .throttled(let after): wish = after ?? .zero
    }
    guard attempt < attempts, wish <= longest else { return .stop }
    let doublings = min(attempt - 1, 30)
    let upperEnd = min(longest, base * (1 << doublings))
    let wait = min(longest, wish + .nanoseconds(Int64(Double(upperEnd.wholeNanoseconds) * fraction)))
    return spent + wait <= budget ? .retry(after: wait) : .stop
  }
}

extension RetryClass {
  /// The class of an answer by its status and `Retry-After` alone; services that say more classify themselves.
  package init(_ response: HTTPResponse, now: Instant) {
    switch response.status {
    case 429, 503: self = .throttled(after: Self.retryAfter(response.headers, now: now))
    case 408, 500, 502, 504: self = .transient
    default: self = .never
    }
  }

  /// The class of a failed exchange; one that may have taken effect is tried again only where that is allowed.
  package init(_ error: HTTPError, _ repetition: HTTPRequest.Repetition) {
    switch error.reason {
    case .invalidRequest, .refused, .secureConnectionFailed, .tooLarge, .cancelled, .libraryMissing:
      self = .never
    case .unresolvedHost, .connectionFailed, .connectionLost, .timeout, .malformedResponse:
      self = error.effect == .notSent || repetition == .allowed ? .transient : .never
    }
  }

  /// `Retry-After` as a duration from now: seconds or a date (RFC 9110, section 10.2.3).
  package static func retryAfter(_ headers: HTTPHeaders, now: Instant) -> Duration? {
    guard let text = headers["Retry-After"] else { return nil }
    if let seconds = Int64(text), seconds >= 0 { return .seconds(min(seconds, 1_000_000)) }
    return HTTPDate.parse(text).map { max(.zero, $0 - now) }
  }
}
