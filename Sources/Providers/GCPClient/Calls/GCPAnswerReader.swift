import HTTP
import Platform
import ProviderKit
import Values

/// Reads responses: answers on success, classified errors otherwise.
enum GCPAnswerReader {
  static func read(_ response: HTTPResponse, _ call: GCPCall, now: Instant) throws(ProviderError) -> GCPAnswer {
    guard response.isSuccess else { throw failure(response, call, now: now) }
    var answer = GCPAnswer(status: response.status, headers: response.headers, value: .null)
    guard response.body.contains(where: { $0 > 32 }) else { return answer }
    do throws(JSONError) { answer.value = try JSONReader.parse(response.body) } catch {
      throw ProviderError(
        .transient, effect: effect(call), "`\(call.id)` answered with JSON that cannot be read",
        request: facts(call, response.status))
    }
    return answer
  }

  /// An exchange without an answer.
  static func failure(_ error: HTTPError, _ call: GCPCall) -> ProviderError {
    let reason: ProviderError.Reason =
      switch error.reason {
      case .cancelled: .cancelled
      case .refused: .denied(permission: nil)
      case .invalidRequest: .invalid(field: nil)
      case .unresolvedHost, .connectionFailed, .connectionLost, .timeout, .malformedResponse: .transient
      case .secureConnectionFailed, .tooLarge, .libraryMissing: .other
      }
    return ProviderError(
      reason, effect: error.effect == .notSent ? .none : effect(call), "`\(call.id)`: \(error.text)",
      request: facts(call, nil))
  }

  private static func failure(_ response: HTTPResponse, _ call: GCPCall, now: Instant) -> ProviderError {
    var request = facts(call, response.status)
    let after = RetryClass.retryAfter(response.headers, now: now)
    guard let error = GoogleError(response.body) else {
      request.requestID = requestID(response.headers)
      return foreign(response, call, request, after)
    }
    request.code = error.code
    request.requestID = error.requestID ?? requestID(response.headers)
    return ProviderError(
      error.reason(status: response.status, retryAfter: after), effect: effect(call, response.status), error.text,
      request: request)
  }

  /// No answer of the API: a gateway's page, a path that there is not.
  private static func foreign(
    _ response: HTTPResponse, _ call: GCPCall, _ request: RequestFacts, _ after: Duration?
  ) -> ProviderError {
    let reason: ProviderError.Reason =
      switch response.status {
      case 429: .throttled(retryAfter: after)
      case 408, 500, 502, 503, 504: .transient
      case 401, 403: .denied(permission: nil)
      default: .unsupported
      }
    return ProviderError(
      reason, effect: effect(call, response.status),
      "`\(call.id)` got HTTP \(response.status) without an answer of the API", request: request)
  }

  /// What a service refuses it has not done; what it fails at it may have.
  private static func effect(_ call: GCPCall, _ status: Int = 500) -> ProviderError.Effect {
    call.effect == .read || status < 500 && status != 408 ? .none : .unknown
  }

  private static func facts(_ call: GCPCall, _ status: Int?) -> RequestFacts {
    RequestFacts(service: call.service.name, operation: call.operation, status: status)
  }

  private static func requestID(_ headers: HTTPHeaders) -> String? {
    headers["x-goog-request-id"] ?? headers["x-guploader-uploadid"]
  }
}
