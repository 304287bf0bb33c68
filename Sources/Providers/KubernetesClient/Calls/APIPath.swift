import HTTP

/// What a path of the API names.
/// https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris
package struct APIPath: Sendable, Hashable {
  /// Empty for the core group.
  package var group = ""
  package var version = ""
  package var namespace: String?
  /// The collection's name, such as `pods`; empty for discovery and other paths.
  package var plural = ""
  package var name: String?
  package var subresource: String?

  package init(_ path: String) {
    var parts = path.split(separator: "/").map { String(decoding: PercentEncoding.decode($0), as: UTF8.self) }[...]
    guard let root = parts.popFirst(), root == "api" || root == "apis" else { return }
    if root == "apis" { group = parts.popFirst() ?? "" }
    version = parts.popFirst() ?? ""
    // `namespaces/x` alone is the namespace itself; with more behind it, what lives in it.
    let owns = parts.count > 2 && !["status", "finalize"].contains(parts.dropFirst(2).first)
    if parts.first == "namespaces", owns {
      namespace = parts.dropFirst().first
      parts = parts.dropFirst(2)
    }
    plural = parts.popFirst() ?? ""
    name = parts.popFirst()
    subresource = parts.popFirst()
  }

  /// The verb that the server authorizes.
  /// https://kubernetes.io/docs/reference/access-authn-authz/authorization/#determine-the-request-verb
  package func verb(_ method: HTTPMethod) -> String {
    switch method {
    case .get, .head: plural.isEmpty || name != nil ? "get" : "list"
    case .post: "create"
    case .put: "update"
    case .patch: "patch"
    case .delete: name == nil ? "deletecollection" : "delete"
    default: method.description.lowercased()
    }
  }

  /// `apps/deployments:patch`, in the form of a resource type's permissions.
  package func permission(_ method: HTTPMethod) -> String? {
    guard !plural.isEmpty else { return nil }
    return "\(group.isEmpty ? "" : group + "/")\(plural)\(subresource.map { "/" + $0 } ?? ""):\(verb(method))"
  }

  /// `list deployments.apps`, for counts and messages; names of objects stay out.
  func operation(_ method: HTTPMethod, _ query: [(name: String, value: String)]) -> HTTPOperation {
    let isDry = query.contains { $0 == ("dryRun", "All") }
    let what = plural.isEmpty ? "discovery" : plural + (group.isEmpty ? "" : ".\(group)")
    let part = subresource.map { "/" + $0 } ?? ""
    return HTTPOperation("kubernetes", "\(isDry ? "dry-run " : "")\(verb(method)) \(what)\(part)")
  }
}
