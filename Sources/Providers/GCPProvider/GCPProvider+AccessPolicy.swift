import ProviderKit

extension GCPProvider {
  /// A role for `gcloud iam roles create NAME --project=PROJECT --file=FILE`.
  ///
  /// https://cloud.google.com/iam/docs/creating-custom-roles. What a role of a project cannot hold, since it is not
  /// the project's to give, stands below as a comment.
  package func accessPolicy(_ permissions: [String], name: String) -> AccessPolicy {
    let own = Set(permissions.filter { !Self.isForeign($0) } + ["resourcemanager.projects.get"]).sorted()
    let foreign = permissions.filter(Self.isForeign)
    let words = name.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }
    var text = "title: \(words.joined(separator: " "))\n"
    text += "description: What Plumb must be allowed to do, and nothing else.\nstage: GA\nincludedPermissions:\n"
    text += own.map { "- \($0)\n" }.joined()
    if !foreign.isEmpty {
      text += "# To be granted on the billing account or the organization:\n"
      text += foreign.map { "# - \($0)\n" }.joined()
    }
    return AccessPolicy("a custom role", text)
  }

  /// Whether a permission belongs to a billing account or an organization.
  static func isForeign(_ permission: String) -> Bool {
    ["billing.", "orgpolicy.", "resourcemanager.organizations.", "resourcemanager.folders."].contains {
      permission.hasPrefix($0)
    }
  }
}
