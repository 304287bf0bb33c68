import HTTP
import ProviderKit
import Values

/// One method of a service to be asked, before it is a request.
package struct GCPCall: Sendable {
  package var service: GCPService
  /// The method's id within the service: `networks.insert`. For counts and messages.
  package var operation: String
  package var effect: CallEffect
  package var method: HTTPMethod
  /// Below the service's version and not encoded: `projects/acme/global/networks`, with a custom verb after a colon.
  package var path: String
  /// Names and values, not encoded.
  package var query: [(name: String, value: String)]
  /// nil sends no body. Secrets in it are sent as they are.
  package var body: Value?

  package init(
    _ service: GCPService, _ operation: String, _ effect: CallEffect, _ method: HTTPMethod, _ path: String,
    query: [(name: String, value: String)] = [], body: Value? = nil
  ) {
    self.service = service
    self.operation = operation
    self.effect = effect
    self.method = method
    self.path = path
    self.query = query
    self.body = body
  }

  /// A `GET`.
  package static func get(
    _ service: GCPService, _ operation: String, _ path: String, query: [(name: String, value: String)] = []
  ) -> GCPCall {
    GCPCall(service, operation, .read, .get, path, query: query)
  }

  /// `compute.networks.insert`.
  package var id: String { "\(service.name).\(operation)" }

  func request(_ endpoints: GCPEndpoints) -> HTTPRequest {
    var url = endpoints.url(service)
    url.path += Self.encode(path)
    for item in query { url.addQuery(item.name, item.value) }
    var request = HTTPRequest(
      method, url, repetition: effect == .once ? .never : .allowed,
      operation: HTTPOperation(service.name, operation))
    if let body {
      request.headers["Content-Type"] = "application/json"
      request.body = JSONWriter(secrets: .revealed).bytes(body)
    }
    return request
  }

  /// `:` begins a custom verb and `@` stands in accounts' names; a path may hold both as they are (RFC 3986, 3.3).
  private static func encode(_ path: String) -> String {
    PercentEncoding.encode(path, keeping: .slash).replacing("%3A", with: ":").replacing("%40", with: "@")
  }
}

/// What a service answered.
package struct GCPAnswer: Sendable {
  package var status: Int
  package var headers: HTTPHeaders
  /// Null where there is no body.
  package var value: Value
}
