import HTTP
import Platform
import ProviderKit
import Values

/// Reads responses: answers on success, classified errors otherwise.
enum AnswerReader {
  static func read(_ response: HTTPResponse, _ call: AWSCall, now: Instant) throws(ProviderError) -> AWSAnswer {
    guard response.isSuccess else { throw failure(response, call, now: now) }
    var answer = AWSAnswer(
      status: response.status, headers: response.headers, value: .null, body: response.body)
    if call.service.wire.speaksJSON {
      // An operation without a result may answer with nothing at all.
      guard !response.body.isEmpty else { return answer }
      do throws(JSONError) { answer.value = try JSONReader.parse(response.body) } catch {
        throw ProviderError(
          .transient, effect: effect(.unknown, call), "`\(call.permission)` answered with JSON that cannot be read",
          request: facts(call, response.status))
      }
      return answer
    }
    // Policies of buckets come as JSON.
    guard let first = response.body.first(where: { $0 > 32 }), first == UInt8(ascii: "<") else {
      return answer
    }
    do throws(XMLError) {
      answer.value = try XMLReader.read(response.body).value
    } catch {
      throw ProviderError(
        .transient, effect: effect(.unknown, call),
        "`\(call.permission)` answered with XML that cannot be read (\(error.reason))",
        request: facts(call, response.status))
    }
    return answer
  }

  /// An exchange without an answer.
  static func failure(_ error: HTTPError, _ call: AWSCall) -> ProviderError {
    let reason: ProviderError.Reason =
      switch error.reason {
      case .cancelled: .cancelled
      case .refused: .denied(permission: call.permission)
      case .invalidRequest: .invalid(field: nil)
      case .unresolvedHost, .connectionFailed, .connectionLost, .timeout, .malformedResponse: .transient
      case .secureConnectionFailed, .tooLarge, .libraryMissing: .other
      }
    let effect: ProviderError.Effect = error.effect == .notSent ? .none : effect(.unknown, call)
    return ProviderError(
      reason, effect: effect, "`\(call.permission)`: \(error.text)", request: facts(call, nil))
  }

  private static func failure(_ response: HTTPResponse, _ call: AWSCall, now: Instant) -> ProviderError {
    guard let error = serviceError(response) else { return foreign(response, call) }
    let reason = ErrorClassification.reason(
      code: error.code, message: error.message, status: response.status,
      retryAfter: RetryClass.retryAfter(response.headers, now: now), permission: call.permission)
    var request = facts(call, response.status)
    request.code = error.code
    request.requestID = error.requestID ?? requestID(response.headers)
    let isRefusal: Bool = if case .throttled = reason { true } else { response.status < 500 }
    return ProviderError(
      reason, effect: isRefusal ? .none : effect(.unknown, call), "\(error.code): \(error.message)",
      request: request)
  }

  private static func serviceError(_ response: HTTPResponse) -> ServiceError? {
    let first = response.body.first { $0 > 32 }
    if first == UInt8(ascii: "{") {
      return ServiceError(json: response.body, type: response.headers["x-amzn-ErrorType"])
    }
    guard first == UInt8(ascii: "<") else { return nil }
    // A page of HTML is no XML, and says nothing: the status must do.
    guard let document = try? XMLReader.read(response.body) else { return nil }
    return ServiceError(document)
  }

  /// No answer of the API: a gateway's page, an emulator without the operation, a body left out (HEAD).
  private static func foreign(_ response: HTTPResponse, _ call: AWSCall) -> ProviderError {
    var request = facts(call, response.status)
    request.requestID = requestID(response.headers)
    let isHead = call.rest?.method == .head
    let reason: ProviderError.Reason =
      switch response.status {
      case 429: .throttled(retryAfter: nil)
      case 502, 503, 504: .transient
      case 301, 307: .invalid(field: nil)
      case 401, 403: .denied(permission: call.permission)
      case 404 where isHead: .notFound
      default: .unsupported
      }
    let text = "`\(call.permission)` got HTTP \(response.status) without an answer of the API"
    return ProviderError(
      reason, effect: response.status < 500 ? .none : effect(.unknown, call), text, request: request)
  }

  private static func effect(_ effect: ProviderError.Effect, _ call: AWSCall) -> ProviderError.Effect {
    call.effect == .read ? .none : effect
  }

  private static func facts(_ call: AWSCall, _ status: Int?) -> RequestFacts {
    RequestFacts(service: call.service.name, operation: call.operation, status: status)
  }

  private static func requestID(_ headers: HTTPHeaders) -> String? {
    headers["x-amzn-RequestId"] ?? headers["x-amz-request-id"] ?? headers["x-amz-requestid"]
  }
}
