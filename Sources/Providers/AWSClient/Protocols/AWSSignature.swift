import HTTP
import Platform
/// placeholder adapter, local only
enum AWSSignature {
  static func signed(_ request: HTTPRequest, _ keys: AWSCredentials, service: String, region: String, now: Instant) -> HTTPRequest { request }
}
