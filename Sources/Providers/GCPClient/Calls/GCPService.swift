/// A service of Google Cloud in one version of its REST API, as its discovery document names it.
package struct GCPService: Hashable, Sendable {
  /// `compute`: its host is `compute.googleapis.com`.
  package var name: String
  /// `v1`.
  package var version: String
  /// Whether paths begin with the service's name, as those of the oldest services do: `/compute/v1/projects/…`.
  package var isNamedInPath: Bool

  package init(_ name: String, _ version: String = "v1", isNamedInPath: Bool = false) {
    self.name = name
    self.version = version
    self.isNamedInPath = isNamedInPath
  }

  package static let compute = GCPService("compute", isNamedInPath: true)
  package static let storage = GCPService("storage", isNamedInPath: true)
  package static let artifactRegistry = GCPService("artifactregistry")
  package static let billingBudgets = GCPService("billingbudgets")
  package static let cloudBilling = GCPService("cloudbilling")
  package static let cloudKMS = GCPService("cloudkms")
  package static let cloudQuotas = GCPService("cloudquotas")
  package static let container = GCPService("container")
  package static let filestore = GCPService("file")
  package static let iam = GCPService("iam")
  package static let iamCredentials = GCPService("iamcredentials")
  package static let logging = GCPService("logging", "v2")
  package static let memorystore = GCPService("memorystore")
  package static let monitoring = GCPService("monitoring", "v3")
  package static let dashboards = GCPService("monitoring", "v1")
  package static let organizationPolicy = GCPService("orgpolicy", "v2")
  package static let redis = GCPService("redis")
  package static let resourceManager = GCPService("cloudresourcemanager", "v3")
  package static let resourceManagerV1 = GCPService("cloudresourcemanager", "v1")
  package static let secretManager = GCPService("secretmanager")
  package static let serviceUsage = GCPService("serviceusage")
  package static let securityTokens = GCPService("sts")

  /// `compute.googleapis.com`: in hosts, and as the name by which a project enables the service.
  package var host: String { "\(name).googleapis.com" }

  /// `/compute/v1/` or `/v1/`.
  package var root: String { isNamedInPath ? "/\(name)/\(version)/" : "/\(version)/" }
}
