import HTTP
import Values

/// One request to an API server.
package struct KubernetesRequest: Sendable {
  /// How a body is meant.
  /// https://kubernetes.io/docs/reference/using-api/api-concepts/#patch-and-apply
  package enum ContentType: String, Sendable {
    case json = "application/json"
    /// Server-side apply; JSON is YAML.
    case apply = "application/apply-patch+yaml"
    case mergePatch = "application/merge-patch+json"
    case strategicMergePatch = "application/strategic-merge-patch+json"
    case jsonPatch = "application/json-patch+json"
  }

  package enum Effect: Sendable, Hashable {
    case read
    /// A write whose second arrival does nothing: server-side apply, a delete with a precondition on the uid.
    case repeatable
    /// A write that happens each time it arrives; sent once, and on a connection of its own.
    case once
  }

  package var method: HTTPMethod
  /// From the server's root, segments encoded: `/api/v1/namespaces/recsys/pods`.
  package var path: String
  /// Names and values, not encoded.
  package var query: [(name: String, value: String)]
  /// Written with its secrets.
  package var body: Value?
  package var contentType: ContentType
  package var effect: Effect
  /// Further header fields, such as `If-None-Match`.
  package var headers: HTTPHeaders = [:]
  package var timeouts = HTTPTimeouts()
  /// Bytes of the answer's body.
  package var responseLimit = HTTPRequest.defaultResponseLimit

  /// The effect follows from the method where it is not given: GET reads, as does everything with `dryRun=All`; the
  /// rest is a write that must happen once, but for server-side apply.
  package init(
    _ method: HTTPMethod, _ path: String, query: [(name: String, value: String)] = [], body: Value? = nil,
    as contentType: ContentType = .json, effect: Effect? = nil
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.body = body
    self.contentType = contentType
    self.effect = effect ?? Self.effect(method, query, contentType)
  }

  package static func get(_ path: String, query: [(name: String, value: String)] = []) -> KubernetesRequest {
    KubernetesRequest(.get, path, query: query)
  }

  private static func effect(
    _ method: HTTPMethod, _ query: [(name: String, value: String)], _ contentType: ContentType
  ) -> Effect {
    if method == .get || method == .head || query.contains(where: { $0 == ("dryRun", "All") }) { return .read }
    return method == .patch && contentType == .apply ? .repeatable : .once
  }

  /// The request as the transport takes it, without credentials.
  func http(_ server: HTTPURL) -> HTTPRequest {
    var url = server
    url.path = (server.path.hasSuffix("/") ? String(server.path.dropLast()) : server.path) + path
    for pair in query { url.addQuery(pair.name, pair.value) }
    var request = HTTPRequest(
      method, url, headers: headers, repetition: effect == .once ? .never : .allowed,
      operation: APIPath(path).operation(method, query))
    request.timeouts = timeouts
    request.responseLimit = responseLimit
    if request.headers["Accept"] == nil { request.headers["Accept"] = "application/json" }
    if let body {
      request.headers["Content-Type"] = contentType.rawValue
      request.body = JSONWriter(.compact, secrets: .revealed).bytes(body)
    }
    return request
  }
}
