import HTTP
import ProviderKit
import Values

/// What grants permissions, and can be asked which of them the caller has.
struct PermissionHolder: Hashable, Sendable {
  var service: GCPService
  /// The collection, as the discovery document names it.
  var collection: String
  /// Below the service's version: `projects/acme`, `b/acme-data`.
  var path: String
  /// For a sentence.
  var text: String

  static func project(_ id: String) -> Self {
    Self(service: .resourceManager, collection: "projects", path: "projects/\(id)", text: "project `\(id)`")
  }

  static func organization(_ number: String) -> Self {
    Self(
      service: .resourceManager, collection: "organizations", path: "organizations/\(number)",
      text: "organization `\(number)`")
  }

  static func billingAccount(_ id: String) -> Self {
    Self(
      service: .cloudBilling, collection: "billingAccounts", path: "billingAccounts/\(id)",
      text: "billing account `\(id)`")
  }

  /// The object that a permission would be used on; nil where its service cannot be asked about single objects.
  static func object(_ id: String, _ permission: String) -> Self? {
    let words = permission.split(separator: ".").map(String.init)
    guard words.count == 3 else { return nil }
    let found: (GCPService, String)? =
      switch (words[0], words[1]) {
      case ("storage", "buckets"): (.storage, "buckets")
      case ("secretmanager", "secrets"): (.secretManager, "projects.secrets")
      case ("iam", "serviceAccounts"): (.iam, "projects.serviceAccounts")
      case ("cloudkms", "cryptoKeys"): (.cloudKMS, "projects.locations.keyRings.cryptoKeys")
      case ("artifactregistry", "repositories"): (.artifactRegistry, "projects.locations.repositories")
      default: nil
      }
    return found.map { Self(service: $0.0, collection: $0.1, path: id, text: "`\(id)`") }
  }

  /// Storage asks with GET and one parameter a permission, all others with POST.
  func call(_ permissions: some Sequence<String>) -> GCPCall {
    guard service != .storage else {
      return .get(
        service, "\(collection).testIamPermissions", "\(path)/iam/testPermissions",
        query: permissions.map { ("permissions", $0) })
    }
    return GCPCall(
      service, "\(collection).testIamPermissions", .read, .post, "\(path):testIamPermissions",
      body: ["permissions": .list(permissions.map { .string($0) })])
  }
}
