import HTTP
import Platform

/// Where requests go: the target's own endpoints, those of the environment, else Google's.
///
/// One endpoint for all services is asked for `/NAME` and the official path below it: `/iam/v1/projects/…`, and
/// `/compute/v1/…`, which names its service already. An endpoint of one service takes the place of its host.
package struct GCPEndpoints: Sendable {
  /// From the target: one for every service.
  private let targetEndpoint: HTTPURL?
  /// From the target, by service.
  private let targetServices: [String: HTTPURL]
  private let environment: Environment

  package static let variable = "GCP_ENDPOINT_URL"

  package init(
    endpoint: HTTPURL? = nil, services: [String: HTTPURL] = [:], environment: Environment = Environment()
  ) {
    targetEndpoint = endpoint
    targetServices = services
    self.environment = environment
  }

  /// The place below which the service's paths stand; ends with a slash.
  package func url(_ service: GCPService) -> HTTPURL {
    if var url = targetServices[service.name] ?? own(service) {
      url.path = Self.root(url) + service.root
      return url
    }
    guard var url = shared else { return HTTPURL(host: service.host, path: service.root) }
    url.path = Self.root(url) + (service.isNamedInPath ? "" : "/\(service.name)") + service.root
    return url
  }

  /// The endpoint that somebody set for all services; nil where Google's own are used.
  package var shared: HTTPURL? { targetEndpoint ?? environment.nonEmpty(Self.variable).flatMap { HTTPURL($0) } }

  /// A setting of the environment that is no URL, or that would send tokens over the network as they are.
  package var problem: String? {
    for (name, text) in environment.variables.sorted(by: { $0.key < $1.key })
    where name == Self.variable || name.hasPrefix("\(Self.variable)_") {
      if !text.isEmpty, let problem = Self.problem(text) { return "`\(name)`: \(problem)" }
    }
    return nil
  }

  /// What is wrong with an endpoint; nil where nothing is.
  static func problem(_ text: String) -> String? {
    guard let url = HTTPURL(text) else { return "`\(text)` is no URL" }
    if url.scheme == .https || url.isLoopback { return nil }
    return "`\(text)` would send tokens unencrypted; only an address of this machine may be `http`"
  }

  private func own(_ service: GCPService) -> HTTPURL? {
    environment.nonEmpty("\(Self.variable)_\(service.name.uppercased())").flatMap { HTTPURL($0) }
  }

  private static func root(_ url: HTTPURL) -> String {
    url.path.hasSuffix("/") ? String(url.path.dropLast()) : url.path
  }
}
