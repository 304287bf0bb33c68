import HTTP
import Values

/// What an API server answered, whatever the status.
package struct KubernetesAnswer: Sendable {
  package var status: Int
  /// The body; null where it is empty.
  package var value: Value
  package var headers: HTTPHeaders
  /// Where the server refused: why.
  package var failure: APIStatus?

  package var isSuccess: Bool { failure == nil }

  /// Texts of `Warning` header fields (RFC 7234, section 5.5), such as those on deprecated versions.
  package var warnings: [String] {
    headers.values("Warning").compactMap { (field: String) -> String? in
      guard let open = field.firstIndex(of: "\""), let close = field.lastIndex(of: "\""), open < close
      else { return nil }
      return String(field[field.index(after: open)..<close]).replacing("\\\"", with: "\"")
    }
  }
}

/// A `Status` object: why the server refused a request.
/// https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
package struct APIStatus: Sendable, Hashable {
  package struct Cause: Sendable, Hashable {
    /// `FieldValueInvalid`, `FieldManagerConflict`, …
    package var reason: String
    package var message: String
    /// A path such as `spec.hard[cpu]`; empty where the cause names none.
    package var field: String
  }

  package var code: Int
  /// `AlreadyExists`, `Conflict`, `Expired`, `Invalid`, …; empty where it says none.
  package var reason: String
  package var message: String
  /// The object's name, its kind or collection, and its uid, as far as they are said.
  package var name: String?
  package var kind: String?
  package var uid: String?
  package var causes: [Cause]
  package var retryAfter: Duration?

  /// nil for a value that is no failed Status.
  package init?(_ value: Value, httpStatus: Int) {
    guard value["kind"]?.string == "Status", value["status"]?.string != "Success" else { return nil }
    let details = value["details"]
    code = value["code"]?.int.map(Int.init(clamping:)) ?? httpStatus
    reason = value["reason"]?.string ?? ""
    message = value["message"]?.string ?? ""
    name = details?["name"]?.string
    kind = details?["kind"]?.string
    uid = details?["uid"]?.string
    retryAfter = details?["retryAfterSeconds"]?.int.flatMap { $0 > 0 ? .seconds(min($0, 1_000_000)) : nil }
    causes = (details?["causes"]?.elements.map { $0 } ?? []).map { cause in
      Cause(
        reason: cause["reason"]?.string ?? "", message: cause["message"]?.string ?? "",
        field: cause["field"]?.string ?? "")
    }
  }

  /// A failure without a Status: a proxy's page, a path that nobody serves.
  init(code: Int, message: String) {
    self.code = code
    reason = ""
    self.message = message
    causes = []
  }
}
