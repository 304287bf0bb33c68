import Testing
import Values

/// Kinds that the server or the estate itself defines, checked where manifests are written.
@Suite("types of a cluster")
struct KubernetesTypesTests {
  private static let definition = """
    apiVersion: v1
    kind: Namespace
    metadata: {name: NS}
    ---
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata: {name: widgets.NS.acme.test}
    spec:
      group: NS.acme.test
      scope: Namespaced
      names: {plural: widgets, singular: widget, kind: Widget, listKind: WidgetList}
      versions:
      - name: v1
        served: true
        storage: true
        schema:
          openAPIV3Schema:
            type: object
            properties:
              spec:
                type: object
                required: [size]
                properties:
                  size: {type: integer}
                  color: {type: string, enum: [red, green]}
    """
  private static let widget = """
    apiVersion: NS.acme.test/v1
    kind: Widget
    metadata: {name: first, namespace: NS}
    spec: {size: 3, color: red}
    """

  @Test("a definition and an object of it are planned and applied in one go, and then there is nothing to do")
  func oneGo() async throws {
    let estate = try await KubeEstate(["definition.yaml": Self.definition, "widget.yaml": Self.widget])
    try await estate.expect("validate", code: 0)
    try await estate.expect("plan", says: "Plan: 3 to add", "kubernetes.Widget/NS/first")
    try await estate.expect("apply --auto-approve", says: "Resources: 3 added")
    let object = try await estate.object("/apis/NS.acme.test/v1/namespaces/NS/widgets/first")
    #expect(object["spec"]?["size"]?.int == 3)
    try await estate.expectNothingToDo()
    try estate.edit("widget.yaml", "size: 3", "size: 4")
    try await estate.expect("apply --auto-approve", says: "1 changed")
    try await estate.expectNothingToDo()
    try await estate.expect("destroy --auto-approve --allow-stateful *", says: "3 destroyed")
  }

  @Test("what a definition in the estate does not know is an error on the manifest's line, without a cluster")
  func unknownFields() async throws {
    let estate = try await KubeEstate(["definition.yaml": Self.definition, "widget.yaml": Self.widget])
    try estate.edit("widget.yaml", "size: 3, color: red", "size: big, colour: red")
    try await estate.expect(
      "validate", code: 1, says: "widget.yaml:4:14", "`Widget.spec.size` must be an integer", "widget.yaml:4:19",
      "no field `colour`", "did you mean `color`?")
  }

  @Test("kinds that only the cluster defines are checked once it was asked, and later without it")
  func clusterKinds() async throws {
    let owner = try await KubeEstate(["definition.yaml": Self.definition])
    try await owner.expect("apply --auto-approve", says: "2 added")
    let user = try await KubeEstate(["widget.yaml": Self.widget.replacing("NS", with: owner.prefix)])
    // The server publishes new kinds in its document a moment after it serves them.
    try await owner.untilPublished("\(owner.prefix).acme.test")
    try await user.expect("validate", code: 1, says: "has no kind `Widget`")
    try await user.expect("plan", says: "Plan: 1 to add")
    try await user.expect("validate")
    try user.edit("widget.yaml", "color: red", "color: blue")
    try await user.expect("validate", code: 1, says: "it is one of: red, green")
  }

  @Test("a version that the cluster does not serve is an error that names those it serves")
  func unserved() async throws {
    let estate = try await KubeEstate([
      "budget.yaml": """
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: web, namespace: default}
      spec: {minAvailable: 1}
      """
    ])
    try await estate.expect("plan", code: 1, says: "budget.yaml:2:7", "`policy/v1beta1`")
  }

  @Test("roles with colons in their names, and the items of a list, are resources")
  func colons() async throws {
    let estate = try await KubeEstate([
      "roles.yaml": """
      apiVersion: v1
      kind: List
      items:
      - apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: "NS:reader"}
        rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
      - apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: "NS:metrics"}
        rules: [{nonResourceURLs: [/metrics], verbs: [get]}]
      """
    ])
    try await estate.expect("apply --auto-approve", says: "2 added")
    try await estate.expectNothingToDo()
    try await estate.expect("destroy --auto-approve", says: "2 destroyed")
  }
}

extension KubeEstate {
  /// Waits until a group stands in the server's document.
  func untilPublished(_ group: String) async throws {
    for _ in 0..<100 {
      let document = try await object("/openapi/v2")
      if document["paths"]?.entries.contains(where: { $0.key.contains(group) }) ?? false { return }
    }
    Issue.record("\(group) is not published")
  }
}
