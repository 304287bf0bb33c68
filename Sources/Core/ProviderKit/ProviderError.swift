import Resources
import Values

/// Why an operation failed, and what it left behind: the first decides on retries, the second on recovery.
package struct ProviderError: Error, Sendable {
  package enum Reason: Sendable, Equatable {
    case throttled(retryAfter: Duration?)
    case transient
    case conflict
    case notFound
    case denied(permission: String?)
    case invalid(field: String?)
    case quota(code: String?)
    /// The service or its stand-in does not know the operation, or answered with something that is no answer of the
    /// API.
    case unsupported
    case cancelled
    case other
  }

  package enum Effect: Sendable {
    /// Nothing happened.
    case none
    /// Some of it happened; this is how the object looks now.
    case partial(Observed)
    /// The call may have taken effect: only a search can tell.
    case unknown
  }

  package var reason: Reason
  package var effect: Effect
  /// One sentence, without secrets.
  package var message: String
  package var request: RequestFacts

  package init(_ reason: Reason, effect: Effect, _ message: String, request: RequestFacts = RequestFacts()) {
    self.reason = reason
    self.effect = effect
    self.message = message
    self.request = request
  }

  /// Whether the same call may be tried again later.
  package var isRetryable: Bool {
    switch reason {
    case .throttled, .transient: true
    case .conflict, .notFound, .denied, .invalid, .quota, .unsupported, .cancelled, .other: false
    }
  }
}

/// What to tell the provider's support.
package struct RequestFacts: Sendable, Equatable {
  package var service: String
  package var operation: String
  package var status: Int?
  /// The service's own error code, such as `DependencyViolation`.
  package var code: String?
  package var requestID: String?

  package init(
    service: String = "", operation: String = "", status: Int? = nil, code: String? = nil, requestID: String? = nil
  ) {
    self.service = service
    self.operation = operation
    self.status = status
    self.code = code
    self.requestID = requestID
  }
}
