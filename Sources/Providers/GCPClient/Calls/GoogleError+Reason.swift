import ProviderKit

extension GoogleError {
  /// What a caller can do about the failure. Codes are those of the discovery documents, of `google.rpc.Code` and of
  /// https://cloud.google.com/compute/docs/troubleshooting/api-errors and
  /// https://cloud.google.com/storage/docs/json_api/v1/status-codes.
  package func reason(status: Int, retryAfter header: Duration? = nil) -> ProviderError.Reason {
    let after = header ?? retryAfter
    if Self.quotas.contains(code) || metadata["quota_failure"] != nil && status != 429 {
      return .quota(code: metadata["quota_metric"] ?? metadata["quota_limit"] ?? code)
    }
    if status == 429 || Self.rates.contains(code) { return .throttled(retryAfter: after) }
    if status == 503, let after { return .throttled(retryAfter: after) }
    if Self.conflicts.contains(code) || self.status == "FAILED_PRECONDITION" || self.status == "ABORTED" {
      return .conflict
    }
    switch status {
    case 401, 403: return .denied(permission: permission)
    case 404, 410: return .notFound
    case 409, 412: return .conflict
    case 408, 500, 502, 503, 504: return .transient
    case 405, 501: return .unsupported
    case 400..<500: return .invalid(field: field)
    default: return .other
    }
  }

  /// The sentence for a person: with what to do where the code alone says it.
  package var text: String {
    switch code {
    case "SERVICE_DISABLED", "accessNotConfigured":
      let service = metadata["service"].map { "`\($0)`" } ?? "this service"
      return "\(service) is not enabled in the project: add a `gcp.ProjectService`, or enable it "
        + "(\(code): \(message))"
    case "USER_PROJECT_DENIED":
      return "the credentials may not use the quota project: set `gcp.quotaProject` (\(code): \(message))"
    default: return code.isEmpty || message.contains(code) ? message : "\(code): \(message)"
    }
  }

  private static let quotas: Set = [
    "quotaExceeded", "QUOTA_EXCEEDED", "limitExceeded", "LIMIT_EXCEEDED", "ZONE_RESOURCE_POOL_EXHAUSTED",
    "ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS", "dailyLimitExceeded",
  ]
  private static let rates: Set = [
    "rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED", "RATE_LIMIT_EXCEEDED_DELAY",
    "OPERATION_RATE_EXCEEDED",
  ]
  private static let conflicts: Set = [
    "resourceNotReady", "RESOURCE_NOT_READY", "resourceInUseByAnotherResource", "RESOURCE_IN_USE_BY_ANOTHER_RESOURCE",
    "alreadyExists", "RESOURCE_ALREADY_EXISTS", "conflict", "conditionNotMet", "CONDITION_NOT_MET", "resourceInUse",
    "RESOURCE_IN_USE", "RESOURCE_OPERATION_IN_PROGRESS", "fingerprintMismatch",
  ]
}
