import HTTP

/// Which requests cannot change anything: told by operation, since reads of the form protocols are sent with POST.
package enum ReadOperations {
  /// Every operation of these names is a read in EC2, IAM, S3, STS and Secrets Manager.
  private static let prefixes = ["Describe", "List", "Get", "Head", "Search", "Simulate"]
  /// Gives keys; changes nothing.
  private static let others: Set = ["AssumeRole", "AssumeRoleWithWebIdentity"]

  package static func isRead(_ operation: String) -> Bool {
    others.contains(operation) || prefixes.contains { operation.hasPrefix($0) }
  }

  /// The rule for a transport that must not write. The body of a form, or the header that names the operation of a
  /// JSON request, must agree with the operation it is labelled with.
  package static func allows(_ request: HTTPRequest) -> Bool {
    guard let operation = request.operation, isRead(operation.name) else { return false }
    guard request.method == .post else { return request.method == .get || request.method == .head }
    if let target = request.headers["X-Amz-Target"] { return target.hasSuffix(".\(operation.name)") }
    return request.body.starts(with: Array("Action=\(operation.name)&".utf8))
  }
}
