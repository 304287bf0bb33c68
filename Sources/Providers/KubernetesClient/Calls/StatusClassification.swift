import HTTP
import Platform
import ProviderKit
import Values

/// From the API's failures to what a caller can do about them.
/// https://github.com/kubernetes/apimachinery/blob/master/pkg/apis/meta/v1/types.go lists the reasons.
enum StatusClassification {
  static func error(_ status: APIStatus, _ request: KubernetesRequest, headers: HTTPHeaders, now: Instant)
    -> ProviderError
  {
    let reason = reason(status, request, RetryClass.retryAfter(headers, now: now) ?? status.retryAfter)
    var facts = facts(request, status.code)
    facts.code = status.reason.isEmpty ? nil : status.reason
    facts.requestID = headers["Audit-Id"]
    // The server says 429 before it looks at the request; 5xx may come after the write.
    let isRefusal = status.code < 500 || status.message.contains("failed to create typed") || request.effect == .read
    return ProviderError(
      reason, effect: isRefusal ? .none : .unknown, message(status, request, headers), request: facts)
  }

  private static func reason(_ status: APIStatus, _ request: KubernetesRequest, _ retryAfter: Duration?)
    -> ProviderError.Reason
  {
    let permission = APIPath(request.path).permission(request.method)
    switch status.code {
    case 401: return .denied(permission: nil)
    case 403:
      // Quotas and namespaces on their way out are said with the status of missing permissions.
      if let quota = quota(in: status.message) { return .quota(code: quota) }
      if isTerminating(status) { return .conflict }
      return .denied(permission: permission)
    case 404: return status.isUnserved ? .unsupported : .notFound
    case 405, 406, 415, 501: return .unsupported
    case 409: return .conflict
    case 410: return .other
    case 400, 413, 422: return .invalid(field: status.causes.first { !$0.field.isEmpty }?.field)
    case 429: return .throttled(retryAfter: retryAfter)
    case 503: return retryAfter.map { .throttled(retryAfter: $0) } ?? .transient
    // What older servers say of a configuration that does not fit the schema.
    case 500 where status.message.contains("failed to create typed"): return .invalid(field: nil)
    case 408, 500, 502, 504: return .transient
    default: return .other
    }
  }

  /// `exceeded quota: gpus, requested: …` names the ResourceQuota.
  private static func quota(in message: String) -> String? {
    guard let range = message.firstRange(of: "exceeded quota: ") else { return nil }
    return String(message[range.upperBound...].prefix { $0 != "," })
  }

  private static func isTerminating(_ status: APIStatus) -> Bool {
    status.causes.contains { $0.reason == "NamespaceTerminating" }
      || status.message.contains("because it is being terminated")
  }

  private static func message(_ status: APIStatus, _ request: KubernetesRequest, _ headers: HTTPHeaders) -> String {
    let what = APIPath(request.path).operation(request.method, request.query).name
    if status.code == 401 { return "`\(what)`: the cluster does not accept the credentials (401 Unauthorized)" }
    var text = status.message.isEmpty ? "HTTP \(status.code)" : status.message
    if text.utf8.count > messageLimit { text = String(text.prefix(messageLimit)) + "…" }
    if status.code == 429, let level = headers["X-Kubernetes-PF-PriorityLevel-UID"] {
      text += " (refused by the priority level with uid \(level))"
    }
    return "`\(what)`: \(text)"
  }

  /// Characters of a server's message that are passed on.
  private static let messageLimit = 4_000

  /// An exchange without an answer.
  static func error(_ failure: HTTPError, _ request: KubernetesRequest) -> ProviderError {
    let reason: ProviderError.Reason =
      switch failure.reason {
      case .cancelled: .cancelled
      case .refused: .denied(permission: APIPath(request.path).permission(request.method))
      case .invalidRequest: .invalid(field: nil)
      case .unresolvedHost, .connectionFailed, .connectionLost, .timeout, .malformedResponse: .transient
      case .secureConnectionFailed, .tooLarge, .libraryMissing: .other
      }
    let what = APIPath(request.path).operation(request.method, request.query).name
    let isHarmless = failure.effect == .notSent || request.effect == .read
    return ProviderError(
      reason, effect: isHarmless ? .none : .unknown, "`\(what)`: \(failure.text)", request: facts(request, nil))
  }

  /// A success whose body cannot be read.
  static func unreadable(_ request: KubernetesRequest, _ status: Int) -> ProviderError {
    let what = APIPath(request.path).operation(request.method, request.query).name
    return ProviderError(
      .transient, effect: request.effect == .read ? .none : .unknown,
      "`\(what)` answered with JSON that cannot be read", request: facts(request, status))
  }

  private static func facts(_ request: KubernetesRequest, _ status: Int?) -> RequestFacts {
    RequestFacts(
      service: "kubernetes", operation: APIPath(request.path).operation(request.method, request.query).name,
      status: status)
  }
}

extension APIStatus {
  /// A path that no API of the server has, as opposed to an object that is not there.
  package var isUnserved: Bool { code == 404 && (name ?? "").isEmpty && reason != "Expired" && !namesObject }

  /// `namespaces "x" not found`, said without details by aggregated servers.
  private var namesObject: Bool { message.hasSuffix("\" not found") }
}
