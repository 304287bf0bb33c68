import HTTP
import Values

/// A kind as a cluster serves it, and its URLs.
/// https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris
package struct ServedKind: Sendable, Hashable {
  /// `v1`, `apps/v1`.
  package var apiVersion: String
  package var name: String
  /// The collection's name in URLs.
  package var plural: String
  package var isNamespaced: Bool

  package init(apiVersion: String, name: String, plural: String, isNamespaced: Bool) {
    self.apiVersion = apiVersion
    self.name = name
    self.plural = plural
    self.isNamespaced = isNamespaced
  }

  var group: String { apiVersion.split(separator: "/").dropLast().first.map(String.init) ?? "" }
  var isService: Bool { apiVersion == "v1" && name == "Service" }
  var isNamespace: Bool { apiVersion == "v1" && name == "Namespace" }

  /// The collection, of one namespace or of all.
  func path(namespace: String? = nil) -> String {
    let root = apiVersion.contains("/") ? "/apis/\(apiVersion)" : "/api/\(apiVersion)"
    let place = namespace.map { "/namespaces/\(PercentEncoding.encode($0))" } ?? ""
    return "\(root)\(isNamespaced ? place : "")/\(plural)"
  }

  func path(namespace: String?, name: String) -> String {
    "\(path(namespace: namespace))/\(PercentEncoding.encode(name))"
  }
}
