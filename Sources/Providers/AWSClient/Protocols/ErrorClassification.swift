import ProviderKit
import Values

/// From AWS's error codes to what a caller can do about them.
///
/// Codes are those of the EC2, IAM and S3 API references' error lists and of botocore's retry rules.
enum ErrorClassification {
  static func reason(
    code: String, message: String, status: Int, retryAfter: Duration?, permission: String
  ) -> ProviderError.Reason {
    if isThrottling(code) || status == 429 || (status == 503 && retryAfter != nil) {
      return .throttled(retryAfter: retryAfter)
    }
    if transient.contains(code) { return .transient }
    if denied.contains(code) || code.hasPrefix("AccessDenied") {
      return .denied(permission: self.permission(in: message) ?? permission)
    }
    if isNotFound(code) { return .notFound }
    if isQuota(code) { return .quota(code: code) }
    if isConflict(code) { return .conflict }
    if unsupported.contains(code) { return .unsupported }
    return reason(status: status, permission: permission)
  }

  /// Where the code says nothing.
  private static func reason(status: Int, permission: String) -> ProviderError.Reason {
    switch status {
    case 401, 403: .denied(permission: permission)
    case 404: .notFound
    case 409: .conflict
    case 400..<500: .invalid(field: nil)
    case 500...: .transient
    default: .other
    }
  }

  private static func isThrottling(_ code: String) -> Bool {
    code.hasPrefix("Throttl") || throttled.contains(code)
  }

  private static func isNotFound(_ code: String) -> Bool {
    code.hasSuffix("NotFound") || code.hasSuffix("NotFoundFault") || code.hasPrefix("NoSuch")
      || code == "NotFoundException" || code == "ResourceNotFoundException"
  }

  private static func isQuota(_ code: String) -> Bool {
    code.hasSuffix("LimitExceeded") || code.hasSuffix("QuotaExceeded") || code == "TooManyBuckets"
      || code == "LimitExceededException" || code == "InsufficientAddressCapacity"
      || code == "InsufficientClusterCapacityFault" || code.contains("Quota") && code.contains("Exceeded")
  }

  private static func isConflict(_ code: String) -> Bool {
    conflicts.contains(code) || code.hasPrefix("DeleteConflict") || conflictEnds.contains { code.hasSuffix($0) }
  }

  /// `… is not authorized to perform: ec2:CreateVpc on resource …` names the permission.
  static func permission(in message: String) -> String? {
    guard let range = message.firstRange(of: "perform: ") else { return nil }
    let name = message[range.upperBound...].prefix { $0.isLetter || $0.isNumber || $0 == ":" || $0 == "-" }
    return name.contains(":") ? String(name) : nil
  }

  private static let throttled: Set = [
    "RequestLimitExceeded", "RequestThrottled", "RequestThrottledException", "TooManyRequestsException",
    "SlowDown",
    "EC2ThrottledException", "BandwidthLimitExceeded", "PriorRequestNotComplete",
  ]
  private static let transient: Set = [
    "RequestTimeout", "RequestTimeoutException", "InternalError", "InternalFailure", "InternalServerError",
    "ServiceUnavailable", "Unavailable", "ServiceFailure", "InternalServerException", "ServiceException",
    "ServiceFailureException",
  ]
  private static let denied: Set = [
    "UnauthorizedOperation", "AuthFailure", "InvalidClientTokenId", "SignatureDoesNotMatch", "ExpiredToken",
    "ExpiredTokenException", "UnrecognizedClientException", "AllAccessDisabled", "InvalidAccessKeyId",
    "OptInRequired",
    "RequestExpired", "IncompleteSignature", "MissingAuthenticationToken", "NotAuthorized",
  ]
  private static let conflictEnds = [
    ".Duplicate", ".Conflict", "InUse", "InUseFault", "StateFault", "AlreadyExists", "AlreadyExistsFault",
    "AlreadyExistsException",
  ]
  private static let conflicts: Set = [
    "ConflictException", "InvalidResourceStateException",
    "DependencyViolation", "OperationAborted", "BucketNotEmpty", "BucketAlreadyOwnedByYou",
    "Resource.AlreadyAssociated",
    "IncorrectState", "RouteAlreadyExists", "EntityTemporarilyUnmodifiable", "ConcurrentModification",
    "ConcurrentModificationException", "Gateway.NotAttached", "VpcCidrConflict", "InvalidBucketState",
  ]
  private static let unsupported: Set = [
    "UnsupportedOperation", "InvalidAction", "NotImplemented", "Unsupported", "UnknownOperationException",
  ]
}
