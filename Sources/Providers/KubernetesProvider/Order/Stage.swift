/// When objects are written where nothing else orders them; deletes go the other way. The order of the sentence in
/// which people tell it: namespaces, definitions, RBAC, quotas, configuration, storage, workloads, webhooks last.
enum Stage {
  private static let stages: [(kinds: Set<String>, stage: Int)] = [
    (["Namespace"], 1),
    (["CustomResourceDefinition"], 2),
    (["ServiceAccount", "Role", "ClusterRole"], 3),
    (["RoleBinding", "ClusterRoleBinding"], 4),
    (["ResourceQuota", "LimitRange", "PriorityClass", "PodSecurityPolicy"], 5),
    (["ConfigMap", "Secret", "NetworkPolicy"], 6),
    (["StorageClass", "CSIDriver", "PersistentVolume", "PersistentVolumeClaim"], 7),
    (["Service", "IngressClass"], 8),
    (["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration", "APIService"], 12),
  ]
  /// Groups whose kinds are workloads and what stands around them.
  private static let workloads: Set = ["apps", "batch", "autoscaling", "policy", "networking.k8s.io"]

  /// Kinds that are nobody's here are objects of custom resources: after configuration, before webhooks.
  static func of(_ apiVersion: String, _ kind: String) -> Int {
    let group = apiVersion.split(separator: "/").dropLast().first.map(String.init) ?? ""
    let isBuiltIn = group.isEmpty || group.hasSuffix(".k8s.io") || workloads.contains(group)
    if isBuiltIn, let known = stages.first(where: { $0.kinds.contains(kind) }) { return known.stage }
    return workloads.contains(group) || group.isEmpty ? 10 : 9
  }
}
