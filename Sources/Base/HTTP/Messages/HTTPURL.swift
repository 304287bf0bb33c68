/// An absolute `http` or `https` URL (RFC 3986); path and query stay encoded as they were written.
package struct HTTPURL: Hashable, Sendable, CustomStringConvertible {
  package enum Scheme: String, Hashable, Sendable {
    case http, https

    package var defaultPort: Int {
      switch self {
      case .http: 80
      case .https: 443
      }
    }
  }

  package var scheme: Scheme
  /// Lower case; an IPv6 address stands in brackets.
  package var host: String
  /// nil is the scheme's default.
  package var port: Int?
  /// Encoded; empty or with a leading slash.
  package var path: String
  /// Encoded, without the `?`; nil where there is none.
  package var query: String?

  package init(
    scheme: Scheme = .https, host: String, port: Int? = nil, path: String = "/", query: String? = nil
  ) {
    self.scheme = scheme
    self.host = host
    self.port = port
    self.path = path
    self.query = query
  }

  /// nil for anything but an absolute URL with a host; user names are refused, a fragment is dropped.
  package init?(_ text: String) {
    guard text.utf8.allSatisfy({ $0 > 32 && $0 < 127 }), let colon = text.utf8.firstIndex(of: 58),
      let scheme = Scheme(rawValue: text[..<colon].lowercased()), text[colon...].hasPrefix("://")
    else { return nil }
    var rest = text[text.index(colon, offsetBy: 3)...]
    if let fragment = rest.firstIndex(of: "#") { rest = rest[..<fragment] }
    if let mark = rest.firstIndex(of: "?") {
      query = String(rest[rest.index(after: mark)...])
      rest = rest[..<mark]
    }
    let slash = rest.firstIndex(of: "/") ?? rest.endIndex
    guard let authority = Self.authority(rest[..<slash]) else { return nil }
    (host, port) = authority
    self.scheme = scheme
    path = String(rest[slash...])
  }

  package var description: String {
    "\(scheme.rawValue)://\(authority)\(path.isEmpty ? "/" : path)" + (query.map { "?" + $0 } ?? "")
  }

  /// The value of the `Host` field: with the port where it is not the scheme's own.
  package var authority: String {
    guard let port, port != scheme.defaultPort else { return host }
    return "\(host):\(port)"
  }

  /// Whether the host is this machine itself.
  package var isLoopback: Bool {
    host == "localhost" || host == "[::1]" || host.hasPrefix("127.") && host.allSatisfy { $0.isNumber || $0 == "." }
  }

  /// Adds an encoded `name=value` to the query.
  package mutating func addQuery(_ name: String, _ value: String) {
    let pair = "\(PercentEncoding.encode(name))=\(PercentEncoding.encode(value))"
    query = query.map { $0.isEmpty ? pair : "\($0)&\(pair)" } ?? pair
  }

  private static func authority(_ text: Substring) -> (String, Int?)? {
    var host = text
    var port: Int?
    if text.first == "[" {
      guard let end = text.firstIndex(of: "]") else { return nil }
      host = text[...end]
      let rest = text[text.index(after: end)...]
      guard rest.isEmpty || rest.first == ":" else { return nil }
      if rest.count > 1 { port = Int(rest.dropFirst()) }
      if rest.count > 1, port == nil { return nil }
    } else if let colon = text.firstIndex(of: ":") {
      host = text[..<colon]
      let digits = text[text.index(after: colon)...]
      port = Int(digits)
      if !digits.isEmpty, port == nil { return nil }
    }
    guard !host.isEmpty, !host.contains("@"), port.map({ (1...65_535).contains($0) }) ?? true else {
      return nil
    }
    return (host.lowercased(), port)
  }
}
