import HTTP
import Platform

/// Where requests go: the target's own endpoints, those of the environment and profile, else AWS's.
package struct AWSEndpoints: Sendable {
  /// From the target: one for every service.
  private let targetEndpoint: HTTPURL?
  /// From the target, by service.
  private let targetServices: [String: HTTPURL]
  private let environment: Environment
  private let profileEndpoint: String?

  package init(
    endpoint: HTTPURL? = nil, services: [String: HTTPURL] = [:], environment: Environment = Environment(),
    profileEndpoint: String? = nil
  ) {
    targetEndpoint = endpoint
    targetServices = services
    self.environment = environment
    self.profileEndpoint = profileEndpoint
  }

  /// The endpoint that somebody set for the service; nil where AWS's own is used.
  package func override(_ service: AWSService) -> HTTPURL? {
    if let url = targetServices[service.name] ?? targetEndpoint { return url }
    guard environment.nonEmpty("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")?.lowercased() != "true" else {
      return nil
    }
    let text =
      environment.nonEmpty(service.endpointVariable) ?? environment.nonEmpty("AWS_ENDPOINT_URL")
      ?? profileEndpoint
    return text.flatMap { HTTPURL($0) }
  }

  /// The base URL for a service in a region.
  package func url(_ service: AWSService, region: String) -> HTTPURL {
    if let url = override(service) { return url }
    let suffix = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
    return HTTPURL(
      host: service.isGlobal ? "\(service.host).\(suffix)" : "\(service.host).\(region).\(suffix)")
  }

  /// The region that signatures for a service name: a global service's own.
  package func signingRegion(_ service: AWSService, region: String) -> String {
    guard service.isGlobal else { return region }
    if region.hasPrefix("cn-") { return "cn-north-1" }
    return region.hasPrefix("us-gov-") ? "us-gov-west-1" : "us-east-1"
  }
}
