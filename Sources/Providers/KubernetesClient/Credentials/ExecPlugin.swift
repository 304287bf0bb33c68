/// A program that gives credentials.
/// https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
package struct ExecPlugin: Sendable {
  enum Version: String, Sendable, CaseIterable {
    case v1 = "client.authentication.k8s.io/v1"
    case v1beta1 = "client.authentication.k8s.io/v1beta1"
  }

  /// Whether it may ask the user.
  enum Interaction: String, Sendable {
    case never = "Never"
    case ifAvailable = "IfAvailable"
    case always = "Always"
  }

  struct Variable: Sendable {
    var name: String
    var value: String
  }

  /// What it may be told of the cluster.
  struct Cluster: Sendable {
    var server: String
    var tlsServerName: String?
    var skipsVerification: Bool
    var proxy: String?
    /// JSON, from the `extensions` of the cluster's entry.
    var configuration: String?
  }

  /// A path, or a name for `PATH`.
  var command: String
  var arguments: [String]
  var variables: [Variable]
  var version: Version
  var interaction: Interaction
  /// What to tell the user where the program is not there.
  var installHint: String?
  var wantsCluster: Bool
  var cluster: Cluster?
}
