/// An exchange without an answer.
package struct HTTPError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Reason: Hashable, Sendable {
    /// A request that cannot be written: its URL or a header field.
    case invalidRequest
    /// A wrapper refused the request; nothing left the process.
    case refused
    case unresolvedHost
    case connectionFailed
    /// The TLS handshake: an untrusted or wrong certificate, no common version.
    case secureConnectionFailed
    /// The connection ended before the whole answer came.
    case connectionLost
    case timeout(Phase)
    /// The answer is larger than the request's limit.
    case tooLarge
    case malformedResponse
    case cancelled
    /// libcurl cannot be loaded.
    case libraryMissing
  }

  /// Where the exchange was.
  package enum Phase: String, Hashable, Sendable {
    case connect, firstByte = "first byte", answer
  }

  /// What the server may have done.
  package enum Effect: Hashable, Sendable {
    /// Not a byte of the request was written.
    case notSent
    /// The request, or a part of it, was written: it may have taken effect.
    case sent
  }

  package var reason: Reason
  package var phase: Phase
  package var effect: Effect
  /// In words, without secrets: names hosts and ports, never a query or a header.
  package var text: String

  package init(_ reason: Reason, phase: Phase, effect: Effect, text: String) {
    self.reason = reason
    self.phase = phase
    self.effect = effect
    self.text = text
  }

  package var description: String { text }

  static func notSent(_ reason: Reason, _ text: String) -> HTTPError {
    HTTPError(reason, phase: .connect, effect: .notSent, text: text)
  }
}
