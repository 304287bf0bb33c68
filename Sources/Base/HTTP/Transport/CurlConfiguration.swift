import Platform

/// Certificates and keys as PEM bytes, held in memory only.
package struct TLSSettings: Sendable {
  /// The authorities to trust instead of the system's.
  package var authorities: [UInt8]?
  package var clientCertificate: [UInt8]?
  package var clientKey: [UInt8]?
  /// The name to ask for and to look for in the server's certificate; nil is the URL's host.
  package var serverName: String?
  package var verification = Verification.full

  package enum Verification: Sendable {
    case full
    /// Any certificate is believed: only where a kubeconfig and its target say so.
    case none
  }

  package init(authorities: [UInt8]? = nil, clientCertificate: [UInt8]? = nil, clientKey: [UInt8]? = nil) {
    self.authorities = authorities
    self.clientCertificate = clientCertificate
    self.clientKey = clientKey
  }
}

/// Proxies as the usual environment variables name them.
package struct ProxySettings: Hashable, Sendable {
  package var http: String?
  package var https: String?
  /// Hosts to reach directly, separated by commas; `*` is all.
  package var exceptions: String?

  package init(http: String? = nil, https: String? = nil, exceptions: String? = nil) {
    self.http = http
    self.https = https
    self.exceptions = exceptions
  }

  /// Lower-case names go first; `HTTP_PROXY` in capitals is not read, since web servers let clients set it.
  package init(_ environment: Environment) {
    func first(_ names: String...) -> String? { names.lazy.compactMap { environment.nonEmpty($0) }.first }
    http = first("http_proxy", "all_proxy", "ALL_PROXY")
    https = first("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
    exceptions = first("no_proxy", "NO_PROXY")
  }
}

/// What all requests of one transport share.
package struct CurlConfiguration: Sendable {
  package var tls = TLSSettings()
  package var proxies = ProxySettings()
  /// Connections to one host at the same time; more requests wait.
  package var connectionsPerHost = 32
  /// Idle connections kept.
  package var idleConnections = 64
  package var userAgent = "plumb"

  package init(tls: TLSSettings = TLSSettings(), proxies: ProxySettings = ProxySettings()) {
    self.tls = tls
    self.proxies = proxies
  }
}

/// What a transport has done so far.
package struct TransportStatistics: Hashable, Sendable {
  /// Requests that were written to a connection, each repetition by libcurl included.
  package var requests = 0
  package var connections = 0
  package var failures = 0
  /// Bytes of bodies.
  package var sentBytes = 0
  package var receivedBytes = 0
}
