import Platform
import Values

/// What a service of Google says of a failure (AIP-193, and the older form of compute and storage).
package struct GoogleError: Sendable, Equatable {
  package var message: String
  /// The most exact reason there is: `SERVICE_DISABLED`, `quotaExceeded`, else the status `PERMISSION_DENIED`.
  package var code: String
  /// The general status of newer services: `FAILED_PRECONDITION`; empty in the older form.
  package var status = ""
  /// The field that is wrong, where one is named.
  package var field: String?
  package var retryAfter: Duration?
  package var requestID: String?
  /// The permission that is missing, where the message names one.
  package var permission: String?
  /// Facts of `ErrorInfo`: `service`, `consumer`, `quota_limit`.
  package var metadata: [String: String] = [:]

  /// `{"error": {…}}` as it comes in bodies; nil for anything else.
  package init?(_ body: [UInt8]) {
    let document: Value
    do throws(JSONError) { document = try JSONReader.parse(body) } catch { return nil }
    guard let error = document["error"], error.kind == .map else { return nil }
    self.init(error)
  }

  /// The inner part, which failed operations hold too.
  package init?(_ error: Value) {
    message = error["message"]?.string ?? ""
    status = error["status"]?.string ?? ""
    code = status
    let old = error["errors"]?.elements.first { $0.kind == .map }
    if let reason = old?["reason"]?.string ?? old?["code"]?.string { code = reason }
    if message.isEmpty { message = old?["message"]?.string ?? "" }
    field = old?["location"]?.string
    for detail in error["details"]?.elements ?? Value.null.elements { read(detail) }
    guard !message.isEmpty || !code.isEmpty else { return nil }
    permission = Self.permission(in: message) ?? metadata["permission"]
  }

  /// https://cloud.google.com/apis/design/errors#error_details
  private mutating func read(_ detail: Value) {
    switch detail["@type"]?.string?.split(separator: ".").last {
    case "ErrorInfo":
      if let reason = detail["reason"]?.string { code = reason }
      for entry in detail["metadata"]?.entries ?? Value.null.entries {
        metadata[entry.key] = entry.value.string
      }
    case "BadRequest":
      guard let violation = detail["fieldViolations"]?.elements.first(where: { _ in true }) else { return }
      field = violation["field"]?.string
      if let text = violation["description"]?.string, !message.contains(text) { message += ": \(text)" }
    case "PreconditionFailure":
      for violation in detail["violations"]?.elements ?? Value.null.elements {
        if let text = violation["description"]?.string, !message.contains(text) { message += ": \(text)" }
      }
    case "QuotaFailure":
      for violation in detail["violations"]?.elements ?? Value.null.elements {
        if let text = violation["description"]?.string, !message.contains(text) { message += ": \(text)" }
      }
      metadata["quota_failure"] = detail["violations"]?[0]?["subject"]?.string ?? ""
    case "RetryInfo": retryAfter = detail["retryDelay"]?.string.flatMap(Self.seconds)
    case "RequestInfo": requestID = detail["requestId"]?.string
    default: break
    }
  }

  /// `1.5s`.
  private static func seconds(_ text: String) -> Duration? {
    guard text.hasSuffix("s"), let seconds = Double(text.dropLast()), (0...1_000_000).contains(seconds) else {
      return nil
    }
    return .milliseconds(Int64(seconds * 1000))
  }

  /// `Required 'compute.networks.create' permission for …`, `Permission 'iam.roles.get' denied on …` and
  /// `… does not have storage.buckets.get access to …`: three words with dots between.
  static func permission(in message: String) -> String? {
    guard message.contains("ermission") || message.contains("access") else { return nil }
    let words = message.split { !($0.isLetter || $0.isNumber || $0 == ".") }
    return words.first { word in
      let parts = word.split(separator: ".", omittingEmptySubsequences: false)
      return parts.count == 3 && parts.allSatisfy { $0.first?.isLowercase == true } && !word.hasSuffix(".com")
    }.map(String.init)
  }
}
