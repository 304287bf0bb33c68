import ProviderKit
import Testing

@testable import KubernetesProvider

@Suite("what a cluster must allow")
struct AccessPolicyTests {
  @Test("resources of one group with the same verbs share a rule; the core group is the empty text")
  func role() {
    let policy = KubernetesProvider.role(
      [
        "configmaps:get", "configmaps:list", "namespaces:get", "namespaces:list",
        "rbac.authorization.k8s.io/clusterroles:get", "rbac.authorization.k8s.io/clusterroles:patch",
      ], name: "plumb-apply")
    #expect(
      policy.text == """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: plumb-apply}
        rules:
        - apiGroups: [""]
          resources: [configmaps, namespaces]
          verbs: [get, list]
        - apiGroups: ["rbac.authorization.k8s.io"]
          resources: [clusterroles]
          verbs: [get, patch]

        """)
  }
}
