import HTTP

/// Clusters, users and the contexts that join them, from one file or several.
/// https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
package struct Kubeconfig: Sendable {
  /// PEM bytes, here or in a file.
  enum Material: Sendable {
    case bytes([UInt8])
    case file(String)
  }

  struct Cluster: Sendable {
    var server = ""
    var tlsServerName: String?
    var skipsVerification = false
    var authorities: Material?
    var proxy: String?
    /// The entry's `extensions` for plugins.
    var pluginConfiguration: String?
  }

  struct User: Sendable {
    var clientCertificate: Material?
    var clientKey: Material?
    var token: String?
    var tokenFile: String?
    var username: String?
    var password: String?
    var plugin: ExecPlugin?
    /// The name of a built-in plugin of old kubectl versions, which nobody has any more.
    var legacyProvider: String?
    var impersonation = Impersonation()
  }

  struct Context: Sendable {
    var cluster = ""
    var user = ""
    var namespace: String?
  }

  var clusters: [String: Cluster] = [:]
  var users: [String: User] = [:]
  var contexts: [String: Context] = [:]
  package internal(set) var currentContext: String?
  /// The files it came from, for messages.
  package internal(set) var files: [String] = []

  package var contextNames: [String] { contexts.keys.sorted() }

  /// Adds what `other` names and this does not: the first file that has a name decides on all of the entry.
  mutating func merge(_ other: Kubeconfig) {
    clusters.merge(other.clusters) { mine, _ in mine }
    users.merge(other.users) { mine, _ in mine }
    contexts.merge(other.contexts) { mine, _ in mine }
    currentContext = currentContext ?? other.currentContext
    files += other.files
  }
}
