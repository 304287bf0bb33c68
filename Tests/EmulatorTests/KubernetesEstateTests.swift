import HTTP
import KubernetesClient
import Testing
import Values

/// Estates of native manifests, planned and applied by the built program on a real API server.
@Suite("Kubernetes")
struct KubernetesEstateTests {
  private static let web = """
    apiVersion: v1
    kind: Namespace
    metadata: {name: NS}
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: settings, namespace: NS, labels: {tier: web}}
    data: {mode: fast, level: "3"}
    ---
    apiVersion: v1
    kind: ServiceAccount
    metadata: {name: web, namespace: NS}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web, namespace: NS}
    spec:
      replicas: 2
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec:
          serviceAccountName: web
          containers:
          - name: app
            image: "registry.test/app:1"
            ports: [{containerPort: 8080}]
            resources: {limits: {cpu: 1000m, memory: 1Gi}, requests: {cpu: 0.5}}
            envFrom: [{configMapRef: {name: settings}}]
          volumes: [{name: scratch, emptyDir: {}}]
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: web, namespace: NS}
    spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
    """

  @Test("is applied, and a second plan asks for lists alone and finds nothing to do")
  func applies() async throws {
    let estate = try await KubeEstate(["web.yaml": Self.web])
    try await estate.expect("plan", says: "Plan: 5 to add, 0 to change, 0 to destroy.")
    try await estate.expect("apply --auto-approve", says: "Resources: 5 added")
    let map = try await estate.object("/api/v1/namespaces/NS/configmaps/settings")
    #expect(map["metadata"]?["labels"]?["plumb.dev/scope"]?.string == "est-k\(estate.number)")
    let address = map["metadata"]?["annotations"]?["plumb.dev/address"]?.string
    #expect(address == "kubernetes.ConfigMap/\(estate.prefix)/settings")

    let mark = try estate.requests().count
    try await estate.expectNothingToDo()
    let asked = try estate.requests().dropFirst(mark).filter { !$0.contains("namespaces/kube-system") }
    #expect(asked.allSatisfy { $0.hasPrefix("list ") }, "\(asked)")
    #expect(asked.count == 5, "\(asked)")
  }

  @Test("three ways: what is written changes, what is dropped goes, what others own stays")
  func edits() async throws {
    let estate = try await KubeEstate(["web.yaml": Self.web])
    try await estate.expect("apply --auto-approve", says: "5 added")
    // Somebody adds a key of their own, and owns one of ours, too.
    let path = "/api/v1/namespaces/NS/configmaps/settings"
    let theirs = try await estate.send(
      .patch, "\(path)?fieldManager=tuner",
      ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "settings"], "data": ["own": "1", "level": "3"]],
      as: .apply)
    try #require(theirs.isSuccess)
    try await estate.expectNothingToDo()
    // One value changes, one label and one value that another manager owns, too, are dropped.
    try estate.edit("web.yaml", ", labels: {tier: web}", "")
    try estate.edit("web.yaml", "{mode: fast, level: \"3\"}", "{mode: slow}")
    try estate.edit("web.yaml", "app:1", "app:2")
    let plan = try await estate.expect(
      "plan", says: "0 to add, 2 to change", "data.mode: \"fast\" -> \"slow\"", "metadata.labels",
      "spec.template.spec.containers.app.image")
    #expect(!plan.contains("data.level"), "the value that `tuner` owns, too, does not go: \(plan)")
    try await estate.expect("apply --auto-approve", says: "2 changed")
    let now = try await estate.object(path)
    #expect(now["data"] == ["mode": "slow", "own": "1", "level": "3"])
    #expect(now["metadata"]?["labels"]?["tier"] == nil)
    try await estate.expectNothingToDo()
  }

  @Test("a field that another manager has taken is a line of the plan that names it, until it is taken over")
  func conflicts() async throws {
    let estate = try await KubeEstate(["web.yaml": Self.web])
    try await estate.expect("apply --auto-approve", says: "5 added")
    let path = "/api/v1/namespaces/NS/configmaps/settings"
    try await estate.send(
      .patch, "\(path)?fieldManager=kubectl-edit", ["data": ["mode": "broken"]], as: .mergePatch)
    try await estate.expect(
      "plan", code: 1, says: "`data.mode` is owned by `kubectl-edit` at 20", "manifests/web.yaml:8:", "plumb.dev/force")
    try await estate.expect(
      "drift", code: 3, says: "data.mode: \"fast\" -> \"broken\"", "changed by `kubectl-edit` at 20")
    try await estate.expect("apply --auto-approve", code: 1, says: "`kubectl-edit`")
    #expect(try await estate.object(path)["data"]?["mode"]?.string == "broken")
    try estate.edit("web.yaml", "labels: {tier: web}", "labels: {tier: web}, annotations: {plumb.dev/force: \"true\"}")
    try await estate.expect(
      "plan", says: "`data.mode` is taken over from `kubectl-edit`", "data.mode: \"broken\" -> \"fast\"")
    try await estate.expect("apply --auto-approve", says: "1 changed")
    #expect(try await estate.object(path)["data"]?["mode"]?.string == "fast")
    try await estate.expectNothingToDo()
  }

  @Test("an object that nobody of us made is a plan error until it is adopted")
  func adopts() async throws {
    let estate = try await KubeEstate()
    try await estate.send(.post, "/api/v1/namespaces", ["metadata": ["name": .string(estate.prefix)]])
    try await estate.send(
      .post, "/api/v1/namespaces/NS/configmaps", ["metadata": ["name": "legacy"], "data": ["a": "1"]])
    estate.write(
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: legacy, namespace: NS}
      data: {a: "1"}
      """, to: "legacy.yaml")
    try await estate.expect("plan", code: 1, says: "`NS/legacy`", "nobody's that Plumb knows")
    try estate.edit("legacy.yaml", "namespace: NS}", "namespace: NS, annotations: {plumb.dev/adopt: \"true\"}}")
    try await estate.expect("apply --auto-approve", says: "legacy")
    #expect(
      try await estate.object("/api/v1/namespaces/NS/configmaps/legacy")["metadata"]?["labels"]?["plumb.dev/scope"]
        != nil)
    try await estate.expectNothingToDo()
  }

  @Test("a field that is left to others is written once, and stays as it stands when others of its fields change")
  func ignores() async throws {
    let estate = try await KubeEstate(["web.yaml": Self.web])
    try estate.edit(
      "web.yaml", "metadata: {name: web, namespace: NS}\nspec:\n  replicas: 2",
      "metadata: {name: web, namespace: NS, annotations: {plumb.dev/ignore: spec.replicas}}\nspec:\n  replicas: 2")
    try await estate.expect("apply --auto-approve", says: "5 added")
    let path = "/apis/apps/v1/namespaces/NS/deployments/web"
    #expect(try await estate.object(path)["spec"]?["replicas"]?.int == 2)
    // Ours alone still: another field changes, and the manifest's own figure is not taken over.
    try estate.edit("web.yaml", "replicas: 2", "replicas: 7")
    try await estate.expectNothingToDo()
    try estate.edit("web.yaml", "app:1", "app:2")
    try await estate.expect("apply --auto-approve", says: "1 changed")
    #expect(try await estate.object(path)["spec"]?["replicas"]?.int == 2)
    // An autoscaler takes it over.
    try await estate.send(.patch, "\(path)?fieldManager=autoscaler", ["spec": ["replicas": 5]], as: .mergePatch)
    try await estate.expectNothingToDo()
    try estate.edit("web.yaml", "app:2", "app:3")
    let plan = try await estate.expect("plan", says: "1 to change", "spec.template.spec.containers.app.image")
    #expect(!plan.contains("replicas"))
    try await estate.expect("apply --auto-approve", says: "1 changed")
    #expect(try await estate.object(path)["spec"]?["replicas"]?.int == 5)
    try await estate.expectNothingToDo()
  }

  @Test("what admission and the schema refuse is a plan error on the manifest's line")
  func refusals() async throws {
    let estate = try await KubeEstate(["web.yaml": Self.web])
    try await estate.expect("apply --auto-approve", says: "5 added")
    estate.write(
      """
      apiVersion: v1
      kind: Service
      metadata: {name: other, namespace: NS}
      spec: {ports: [{port: 99999}]}
      """, to: "other.yaml")
    try await estate.expect("plan", code: 1, says: "would be refused", "manifests/other.yaml:4:")
    try estate.edit("other.yaml", "ports: [{port: 99999}]", "prots: []")
    try await estate.expect("plan", code: 1, says: "prots", "manifests/other.yaml:4:8")
  }

  @Test("a field that only a new object can have replaces it")
  func replaces() async throws {
    let estate = try await KubeEstate(["web.yaml": Self.web])
    estate.write(
      """
      apiVersion: rbac.authorization.k8s.io/v1
      kind: RoleBinding
      metadata: {name: binding, namespace: NS}
      roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
      subjects: [{kind: ServiceAccount, name: web, namespace: NS}]
      """, to: "binding.yaml")
    try await estate.expect("apply --auto-approve", says: "6 added")
    try estate.edit("binding.yaml", "name: view", "name: edit")
    try await estate.expect("plan", says: "must be replaced", "forces replacement")
    try await estate.expect("apply --auto-approve", says: "1 added, 0 changed, 1 destroyed")
    try await estate.expectNothingToDo()
  }

  @Test("deletes go the other way round, what stands in a namespace before it")
  func deletes() async throws {
    let estate = try await KubeEstate(["web.yaml": Self.web])
    try await estate.expect("apply --auto-approve", says: "5 added")
    let mark = try estate.requests().count
    try await estate.expect("destroy --auto-approve --allow-stateful *", says: "5 destroyed")
    let deletes = try estate.requests().dropFirst(mark).filter { $0.hasPrefix("delete ") }
    #expect(deletes.count == 5)
    #expect(deletes.last?.hasSuffix("/api/v1/namespaces/\(estate.prefix)") == true, "\(deletes)")
    let workload = try #require(deletes.firstIndex { $0.contains("/deployments/") })
    let settings = try #require(deletes.firstIndex { $0.contains("/configmaps/") })
    #expect(workload < settings, "\(deletes)")
    #expect(try await !estate.exists("/api/v1/namespaces/NS"))
    try await estate.expect("plan", says: "5 to add")
  }

  @Test("a namespace with objects that nobody of us made is not deleted unless its manifest says so")
  func strangers() async throws {
    let estate = try await KubeEstate([
      "web.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: NS}\n"
    ])
    try await estate.expect("apply --auto-approve", says: "1 added")
    try await estate.send(.post, "/api/v1/namespaces/NS/configmaps", ["metadata": ["name": "precious"]])
    try await estate.expect(
      "plan --destroy --allow-stateful *",
      says: "the namespace `NS` holds 1 object that nobody of us made: `ConfigMap/precious`",
      "plumb.dev/deletion: contents")
    try await estate.expect(
      "destroy --auto-approve --allow-stateful *", code: 1, says: "nobody of us made", "ConfigMap/precious")
    #expect(try await estate.exists("/api/v1/namespaces/NS/configmaps/precious"))
    try estate.edit("web.yaml", "{name: NS}", "{name: NS, annotations: {plumb.dev/deletion: contents}}")
    try await estate.expect("apply --auto-approve", says: "1 changed")
    try await estate.expect("destroy --auto-approve --allow-stateful *", says: "1 destroyed")
    #expect(try await !estate.exists("/api/v1/namespaces/NS"))
  }

  @Test("credentials that see one namespace and may not do dry runs: lists of namespaces, a merge of our own, said so")
  func limitedReader() async throws {
    let estate = try await KubeEstate(["web.yaml": Self.web])
    try await estate.expect("apply --auto-approve", says: "5 added")
    let reader = "reader-\(estate.number)"
    estate.write(
      """
      apiVersion: rbac.authorization.k8s.io/v1
      kind: Role
      metadata: {name: plan, namespace: NS}
      rules: [{apiGroups: ["*"], resources: ["*"], verbs: [get, list]}]
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: RoleBinding
      metadata: {name: plan, namespace: NS}
      roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: plan}
      subjects: [{kind: User, name: \(reader), apiGroup: rbac.authorization.k8s.io}]
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata: {name: NS-plan}
      rules: [{apiGroups: [""], resources: [namespaces], verbs: [get, list]}]
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRoleBinding
      metadata: {name: NS-plan}
      roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: NS-plan}
      subjects: [{kind: User, name: \(reader), apiGroup: rbac.authorization.k8s.io}]
      """, to: "access.yaml")
    try await estate.expect("apply --auto-approve", says: "4 added")
    try await estate.expectNothingToDo()
    // Cluster roles are not to be read by these credentials: what is of the namespace is planned all the same.
    try estate.edit("target.yaml", "{context: main}", "{context: main}\n  credentials: {read: {context: reader}}")
    try estate.edit("web.yaml", "mode: fast", "mode: slow")
    let plan = try await estate.expect(
      "plan --only kubernetes.ConfigMap/NS/settings".replacing("NS", with: estate.prefix), code: 4,
      says: "data.mode: \"fast\" -> \"slow\"", "merged by Plumb, without a dry run", "403")
    #expect(plan.contains("1 to change"))
    #expect(
      try estate.requests(of: reader).contains { $0.hasPrefix("list /api/v1/namespaces/\(estate.prefix)/configmaps") })
    #expect(
      try estate.requests(of: reader).allSatisfy {
        $0.hasPrefix("list ") || $0.hasPrefix("get ") || $0.contains("dryRun=All")
      })
  }
}
