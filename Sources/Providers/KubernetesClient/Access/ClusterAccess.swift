import HTTP

/// Everything needed to speak to one cluster as somebody. Holds secrets: it is never written anywhere.
package struct ClusterAccess: Sendable {
  /// Who we say we are.
  package enum Identity: Sendable {
    case anonymous
    case token(String)
    /// Read again every now and then, since tokens of service accounts are renewed in their files.
    case tokenFile(String)
    case basic(user: String, password: String)
    case plugin(ExecPlugin)
  }

  package var server: HTTPURL
  package var namespace = "default"
  package var tls = TLSSettings()
  /// The proxy of the kubeconfig; nil takes those of the environment.
  package var proxy: String?
  package var identity = Identity.anonymous
  package var impersonation = Impersonation()

  package init(server: HTTPURL) { self.server = server }
}

/// Whom the server is to take us for, where our own credentials allow that.
/// https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation
package struct Impersonation: Sendable, Hashable {
  package var user: String?
  package var uid: String?
  package var groups: [String] = []
  package var extra: [String: [String]] = [:]

  package init(user: String? = nil, uid: String? = nil, groups: [String] = [], extra: [String: [String]] = [:]) {
    self.user = user
    self.uid = uid
    self.groups = groups
    self.extra = extra
  }

  package var isEmpty: Bool { user == nil && uid == nil && groups.isEmpty && extra.isEmpty }

  var headers: HTTPHeaders {
    var headers = HTTPHeaders()
    if let user { headers.append("Impersonate-User", user) }
    if let uid { headers.append("Impersonate-Uid", uid) }
    for group in groups { headers.append("Impersonate-Group", group) }
    for (key, values) in extra.sorted(by: { $0.key < $1.key }) {
      for value in values { headers.append("Impersonate-Extra-\(PercentEncoding.encode(key.lowercased()))", value) }
    }
    return headers
  }
}

/// Why a cluster cannot be reached as described; worded once, without a secret.
package struct AccessError: Error, Sendable, Hashable, CustomStringConvertible {
  package var description: String
  init(_ description: String) { self.description = description }
}
