import HTTP
import ProviderKit
import Values

/// One operation to be asked of a service, before it is a request.
package struct AWSCall: Sendable {
  package typealias Effect = CallEffect

  package var service: AWSService
  package var operation: String
  package var effect: Effect
  /// Parameters of the form protocols, in the API's own words; lists are numbered by the engine.
  package var parameters: Value
  /// What services with methods and paths need instead.
  package var rest: RESTParts?

  package init(_ service: AWSService, _ operation: String, _ effect: Effect, _ parameters: Value) {
    self.service = service
    self.operation = operation
    self.effect = effect
    self.parameters = parameters
  }

  package init(_ service: AWSService, _ operation: String, _ effect: Effect, rest: RESTParts) {
    self.init(service, operation, effect, .null)
    self.rest = rest
  }

  /// `ec2:CreateVpc`.
  package var permission: String { "\(service.name):\(operation)" }
}

/// The parts of a request with a method and a path.
package struct RESTParts: Sendable {
  package var method: HTTPMethod
  /// The name that stands in the host, or first in the path; nil for calls on the service itself.
  package var bucket: String?
  /// The object's key in the bucket, not encoded; nil for calls on the bucket itself.
  package var key: String?
  /// Names and values, not encoded; an empty value stands for a bare name such as `versioning`.
  package var query: [(name: String, value: String)]
  package var body: [UInt8]
  /// The service wants a digest of the body beside the signature.
  package var needsDigest: Bool
  /// Further header fields, signed with the rest.
  package var headers: [(name: String, value: String)] = []

  package init(
    _ method: HTTPMethod, bucket: String? = nil, key: String? = nil, query: [(name: String, value: String)] = [],
    body: [UInt8] = [],
    needsDigest: Bool = false
  ) {
    self.method = method
    self.bucket = bucket
    self.key = key
    self.query = query
    self.body = body
    self.needsDigest = needsDigest
  }
}

/// What a service answered.
package struct AWSAnswer: Sendable {
  package var status: Int
  package var headers: HTTPHeaders
  /// What the root element holds; null where the body is empty.
  package var value: Value
  /// The body as it came: some operations answer with JSON.
  package var body: [UInt8]
}
