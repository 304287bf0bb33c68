/// How long each part of an exchange may take.
package struct HTTPTimeouts: Hashable, Sendable {
  /// Name look-up, connection and TLS handshake.
  package var connect: Duration
  /// From the begin of sending to the first byte of the answer.
  package var firstByte: Duration
  /// Everything.
  package var total: Duration

  package init(
    connect: Duration = .seconds(10), firstByte: Duration = .seconds(60), total: Duration = .seconds(120)
  ) {
    self.connect = connect
    self.firstByte = firstByte
    self.total = total
  }
}

/// A request of HTTP with what the transport must know about it.
package struct HTTPRequest: Sendable {
  /// Whether the request may go out more than once.
  package enum Repetition: Hashable, Sendable {
    /// Sending it twice does what sending it once does: it reads, or it carries a token.
    case allowed
    /// It may have an effect each time: it goes out on a fresh connection, once, and nobody below the caller re-sends
    /// it.
    case never
  }

  package enum Reuse: Hashable, Sendable {
    case allowed
    case freshConnection
  }

  /// 256 MiB: beyond any answer of the APIs we call.
  package static let defaultResponseLimit = 256 << 20

  package var method: HTTPMethod
  package var url: HTTPURL
  package var headers: HTTPHeaders
  package var body: [UInt8]
  package var timeouts = HTTPTimeouts()
  package var repetition: Repetition
  package var reuse: Reuse
  /// False for addresses of the machine itself and its host, which no proxy can reach.
  package var usesProxy = true
  /// Bytes of the answer's body.
  package var responseLimit = defaultResponseLimit
  /// What is counted: a service and one of its operations, such as `ec2` and `DescribeVpcs`.
  package var operation: HTTPOperation?

  /// `repetition` follows the method unless given, and `reuse` follows `repetition`.
  package init(
    _ method: HTTPMethod, _ url: HTTPURL, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = [],
    repetition: Repetition? = nil, reuse: Reuse? = nil, operation: HTTPOperation? = nil
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    let repetition = repetition ?? (method.isIdempotent ? .allowed : .never)
    self.repetition = repetition
    self.reuse = reuse ?? (repetition == .never ? .freshConnection : .allowed)
    self.operation = operation
  }
}

/// A service and one of its operations, for counts and messages.
package struct HTTPOperation: Hashable, Sendable, CustomStringConvertible {
  package var service: String
  package var name: String

  package init(_ service: String, _ name: String) {
    self.service = service
    self.name = name
  }

  package var description: String { "\(service).\(name)" }
}

/// An answer, whatever its status.
package struct HTTPResponse: Sendable {
  package var status: Int
  package var headers: HTTPHeaders
  package var body: [UInt8]

  package init(status: Int, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  package var isSuccess: Bool { (200...299).contains(status) }
}
