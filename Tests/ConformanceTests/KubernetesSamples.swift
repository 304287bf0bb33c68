import ProviderKit
import Resources
import Values

/// Objects of the kinds that administration is made of.
enum KubernetesSamples {
  static let all: [BatterySample] = [
    sample("v1/Namespace", namespace: nil),
    sample("v1/ServiceAccount"),
    sample("v1/ConfigMap", ["data": ["a": "1"]]),
    sample("v1/ResourceQuota", ["spec": ["hard": ["requests.cpu": "1000m", "pods": 10]]]),
    sample("v1/LimitRange", ["spec": ["limits": [["type": "Container", "max": ["cpu": "4"]]]]]),
    sample(
      "v1/PersistentVolumeClaim",
      ["spec": ["accessModes": ["ReadWriteMany"], "resources": ["requests": ["storage": "10Gi"]]]]),
    sample("networking.k8s.io/v1/NetworkPolicy", ["spec": ["podSelector": [:], "policyTypes": ["Ingress"]]]),
    sample("rbac.authorization.k8s.io/v1/Role", ["rules": rules]),
    sample("rbac.authorization.k8s.io/v1/ClusterRole", ["rules": rules], namespace: nil),
    sample("rbac.authorization.k8s.io/v1/RoleBinding", binding),
    sample("rbac.authorization.k8s.io/v1/ClusterRoleBinding", binding, namespace: nil),
    sample("scheduling.k8s.io/v1/PriorityClass", ["value": 100], namespace: nil),
  ]

  private static let rules: Value = [["apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]]]
  private static let binding: Value = [
    "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"],
    "subjects": [["kind": "Group", "apiGroup": "rbac.authorization.k8s.io", "name": "ml-research"]],
  ]

  private static func sample(_ type: String, _ rest: Value = [:], namespace: String? = "recsys") -> BatterySample {
    @Sendable func object(_ labels: Value) -> Value {
      var metadata: [(String, Value)] = [("name", "battery"), ("labels", labels)]
      if let namespace { metadata.append(("namespace", .string(namespace))) }
      return .map([("metadata", .map(metadata))] + rest.entries.map { ($0.key, $0.value) })
    }
    return BatterySample(
      TypeName("kubernetes/\(type)"), type, updated: { _ in object(["team": "recsys"]) },
      fields: { _ in object(["team": "web"]) })
  }
}
