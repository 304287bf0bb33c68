import HTTP

/// Which requests cannot change anything: told by method and path, whatever they are labelled with.
package enum ReadRequests {
  /// Reads that Google asks for with POST.
  private static let verbs: Set = [
    "getIamPolicy", "testIamPermissions", "queryTestablePermissions", "getEffectivePolicy",
  ]

  /// The rule for a transport that must not write.
  package static func allows(_ request: HTTPRequest) -> Bool {
    if request.method == .get { return true }
    guard request.method == .post else { return false }
    let last = request.url.path.split(separator: "/").last ?? ""
    if last == "entries:list" { return true }
    return verbs.contains(String(last.split(separator: ":").last ?? last))
  }
}
