import ProviderKit

extension KubernetesProvider {
  /// https://kubernetes.io/docs/reference/access-authn-authz/rbac/#role-and-clusterrole. Permissions are written
  /// `group/resources:verb`, those of the core group without the group.
  package func accessPolicy(_ permissions: [String], name: String) -> AccessPolicy {
    Self.role(permissions, name: name)
  }

  static func role(_ permissions: [String], name: String) -> AccessPolicy {
    var verbs: [String: [String]] = [:]
    for permission in permissions {
      let parts = permission.split(separator: ":", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { continue }
      verbs[parts[0], default: []].append(parts[1])
    }
    var text = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: \(name)}\nrules:\n"
    // Resources of one group with the same verbs share a rule.
    let rules = Dictionary(grouping: verbs.keys) { Rule(group: Self.group($0), verbs: verbs[$0] ?? []) }
    for (rule, names) in rules.sorted(by: {
      ($0.key.group, $0.value.min() ?? "") < ($1.key.group, $1.value.min() ?? "")
    }) {
      let resources = names.map { $0.split(separator: "/").last.map(String.init) ?? $0 }.sorted()
      text += "- apiGroups: [\"\(rule.group)\"]\n"
      text += "  resources: [\(resources.joined(separator: ", "))]\n"
      text += "  verbs: [\(rule.verbs.joined(separator: ", "))]\n"
    }
    return AccessPolicy("a ClusterRole", text)
  }

  private struct Rule: Hashable {
    var group: String
    var verbs: [String]
  }

  /// The core group is the empty text.
  private static func group(_ resource: String) -> String {
    resource.contains("/") ? String(resource.prefix { $0 != "/" }) : ""
  }
}
