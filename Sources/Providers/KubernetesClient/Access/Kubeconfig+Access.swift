import HTTP
import Platform

extension Kubeconfig {
  /// The settings behind a context; nil is the current one.
  ///
  /// - Parameter allowsInsecure: whether the caller, too, asks to believe any certificate; the kubeconfig alone is not
  ///   enough.
  package func access(context wanted: String?, allowsInsecure: Bool, _ files: any FileSystem) throws(AccessError)
    -> ClusterAccess
  {
    guard let name = wanted ?? currentContext else {
      throw AccessError("\(place) has no current context: name one in the target")
    }
    guard let context = contexts[name] else {
      let known = contextNames.isEmpty ? "it has none" : "it has \(Self.list(contextNames))"
      throw AccessError("\(place) has no context `\(name)`; \(known)")
    }
    guard let cluster = clusters[context.cluster] else {
      throw AccessError("context `\(name)` of \(place) names cluster `\(context.cluster)`, which is not there")
    }
    guard let user = context.user.isEmpty ? User() : users[context.user] else {
      throw AccessError("context `\(name)` of \(place) names user `\(context.user)`, which is not there")
    }
    guard let server = HTTPURL(cluster.server) else {
      throw AccessError("cluster `\(context.cluster)` of \(place) has no server URL of the form https://host:port")
    }
    var access = ClusterAccess(server: server)
    access.namespace = context.namespace ?? "default"
    access.proxy = cluster.proxy
    access.tls = try tls(cluster, user, context, allowsInsecure, files)
    access.identity = try identity(user, context, cluster)
    access.impersonation = user.impersonation
    return access
  }

  private func tls(
    _ cluster: Cluster, _ user: User, _ context: Context, _ allowsInsecure: Bool, _ files: any FileSystem
  ) throws(AccessError) -> TLSSettings {
    var tls = TLSSettings()
    tls.authorities = try bytes(cluster.authorities, "certificate-authority of cluster `\(context.cluster)`", files)
    tls.serverName = cluster.tlsServerName
    if cluster.skipsVerification {
      guard allowsInsecure else {
        throw AccessError(
          "cluster `\(context.cluster)` of \(place) says insecure-skip-tls-verify: anybody on the way could read and "
            + "change everything; give it `certificate-authority-data`, or say `insecureSkipTLSVerify: true` in the "
            + "target, too")
      }
      tls.verification = .none
    }
    tls.clientCertificate = try bytes(
      user.clientCertificate, "client-certificate of user `\(context.user)`", files)
    tls.clientKey = try bytes(user.clientKey, "client-key of user `\(context.user)`", files)
    guard (tls.clientCertificate == nil) == (tls.clientKey == nil) else {
      throw AccessError("user `\(context.user)` of \(place) has only one of client certificate and key")
    }
    return tls
  }

  private func identity(_ user: User, _ context: Context, _ cluster: Cluster) throws(AccessError)
    -> ClusterAccess.Identity
  {
    if let file = user.tokenFile { return .tokenFile(file) }
    if let token = user.token { return .token(token) }
    if let name = user.username { return .basic(user: name, password: user.password ?? "") }
    if var plugin = user.plugin {
      plugin.cluster = ExecPlugin.Cluster(
        server: cluster.server, tlsServerName: cluster.tlsServerName, skipsVerification: cluster.skipsVerification,
        proxy: cluster.proxy, configuration: cluster.pluginConfiguration)
      return .plugin(plugin)
    }
    if let legacy = user.legacyProvider {
      throw AccessError(
        "user `\(context.user)` of \(place) uses auth-provider `\(legacy)`, which Kubernetes removed in 1.26: use an "
          + "exec plugin")
    }
    return .anonymous
  }

  private func bytes(_ material: Material?, _ what: String, _ files: any FileSystem) throws(AccessError) -> [UInt8]? {
    switch material {
    case nil: return nil
    case .bytes(let bytes): return bytes
    case .file(let path):
      do throws(FileError) { return try files.read(path, limit: KubeconfigLoader.fileLimit) } catch {
        throw AccessError("\(error.description) (\(what))")
      }
    }
  }

  private var place: String {
    files.count == 1 ? "kubeconfig `\(files[0])`" : "the kubeconfig of \(files.count) files"
  }

  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(12).map { "`\($0)`" }.joined(separator: ", ")
    return names.count > 12 ? "\(shown) and \(names.count - 12) more" : shown
  }
}
