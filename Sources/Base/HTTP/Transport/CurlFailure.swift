import CCurl

extension HTTPError {
  /// libcurl's result and what the job saw, as an error: not sent where writing the request never began.
  init(_ code: CURLcode, _ job: CurlJob) {
    let effect: Effect = job.sendCount == 0 ? .notSent : .sent
    let phase: Phase = job.sendCount == 0 ? .connect : job.hasAnswer ? .answer : .firstByte
    let reason: Reason = job.isTooLarge ? .tooLarge : Self.reason(code, phase, job)
    let host = job.request.url.authority
    let limit = job.request.responseLimit
    let detail: String =
      switch reason {
      case .tooLarge: "the answer is larger than \(limit) bytes"
      case .timeout(let phase):
        "timed out waiting for the \(phase == .connect ? "connection" : phase.rawValue)"
      case .connectionLost: "the connection ended before the answer was complete"
      case .invalidRequest, .refused, .unresolvedHost, .connectionFailed, .secureConnectionFailed,
        .malformedResponse,
        .cancelled, .libraryMissing:
        String(cString: plumb_curl_error_text(code))
      }
    self.init(reason, phase: phase, effect: effect, text: "\(host): \(detail)")
  }

  static func cancelled(_ job: CurlJob) -> HTTPError {
    HTTPError(
      .cancelled, phase: job.sendCount == 0 ? .connect : .answer,
      effect: job.sendCount == 0 ? .notSent : .sent,
      text: "cancelled")
  }

  private static func reason(_ code: CURLcode, _ phase: Phase, _ job: CurlJob) -> Reason {
    switch code {
    case CURLE_OPERATION_TIMEDOUT: .timeout(phase)
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .unresolvedHost
    case CURLE_COULDNT_CONNECT, CURLE_PROXY: .connectionFailed
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM,
      CURLE_SSL_CACERT_BADFILE,
      CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CLIENTCERT, CURLE_SSL_PINNEDPUBKEYNOTMATCH:
      .secureConnectionFailed
    case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_FUNCTION_ARGUMENT: .invalidRequest
    case CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING: .malformedResponse
    default: phase == .connect ? .connectionFailed : .connectionLost
    }
  }
}
