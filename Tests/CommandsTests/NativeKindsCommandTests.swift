import TestSupport
import Testing

/// Kinds that the program does not know by itself: those that an estate's manifests define for its clusters.
@Suite("native kinds and those of definitions, through the built program")
struct NativeKindsCommandTests {
  private static let files = [
    "plumb.yaml": """
    apiVersion: plumb.dev/v1
    kind: Estate
    metadata: {name: demo, id: est-abc123}
    spec: {defaults: {targets: {kubernetes: east}}}
    ---
    apiVersion: plumb.dev/v1
    kind: Target
    metadata: {name: east}
    spec: {kubernetes: {context: east}}

    """,
    "manifests/web.yaml": """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web, namespace: shop}
    spec:
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec:
          containers:
            - {name: app, image: "shop:1", env: [{name: TIER, value: dev}]}
            - {name: proxy, image: "proxy:1"}

    """,
    "manifests/widgets.yaml": """
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata: {name: widgets.acme.test}
    spec:
      group: acme.test
      scope: Namespaced
      names: {kind: Widget, plural: widgets}
      versions:
        - name: v1
          served: true
          storage: true
          schema:
            openAPIV3Schema:
              type: object
              description: Something with parts.
              properties:
                spec:
                  type: object
                  description: What is wanted.
                  required: [parts]
                  properties:
                    parts:
                      type: array
                      description: All parts.
                      x-kubernetes-list-type: map
                      x-kubernetes-list-map-keys: [name]
                      items:
                        type: object
                        required: [name]
                        properties:
                          name: {type: string, description: Its name.}
                          size: {type: integer, description: How large it is.}
    ---
    apiVersion: acme.test/v1
    kind: Widget
    metadata: {name: one, namespace: shop}
    spec: {parts: [{name: a, size: 1}, {name: b, size: 2}]}

    """,
    "environments/prod.yaml": """
    apiVersion: plumb.dev/v1
    kind: Environment
    metadata: {name: prod}
    spec:
      overlays:
        - match: {kind: kubernetes.Deployment, name: web}
          merge:
            spec: {template: {spec: {containers: {app: {image: "shop:2", env: [{name: TIER, value: prod}]}}}}}
        - match: {kind: kubernetes.Widget, name: one}
          merge: {spec: {parts: {a: {size: 5}, b: null, c: {size: 3}}}}

    """,
  ]

  @Test("overlays merge keyed lists by key within native objects, and within kinds that the estate defines")
  func overlays() async throws {
    let plumb = BuiltBinary(Self.files)
    expectSnapshot(
      try await plumb.transcript([
        "validate", "plan --env prod --sandbox", "explain kubernetes.Widget/shop/one --env prod --sandbox",
        "apply --env prod --sandbox --auto-approve", "plan --env prod --sandbox",
      ]))
    // What was made stays known after its definition and itself have left the manifests together.
    plumb.folder.write("", to: "manifests/widgets.yaml")
    plumb.folder.write(
      "apiVersion: plumb.dev/v1\nkind: Environment\nmetadata: {name: prod}\n", to: "environments/prod.yaml")
    let last = try await plumb.run("apply --env prod --sandbox --auto-approve --allow-stateful *")
    #expect(last.text.contains("0 added, 1 changed, 2 destroyed."), "\(last.text)\(last.errorText)")
  }

  @Test("explain and schema know a kind that the estate defines, and native kinds as they are written")
  func learning() async throws {
    let plumb = BuiltBinary(Self.files)
    expectSnapshot(
      try await plumb.transcript([
        "explain kubernetes.Widget", "explain Widget.spec.parts", "explain Widget.spec.part", "explain Secret",
        "explain kubernetes.Namespace", "schema --output s",
      ]) + (TextFile.read(plumb.folder.file("s/types/kubernetes/acme.test.v1.Widget.json")) ?? "no schema"))
    let everything = TextFile.read(plumb.folder.file("s/manifest.schema.json")) ?? ""
    #expect(everything.contains("\"$ref\": \"types/kubernetes/acme.test.v1.Widget.json\""))
    let elsewhere = BuiltBinary()
    let unknown = try await elsewhere.run("explain kubernetes.Widget")
    #expect(unknown.code == 1 && unknown.errorText.contains("there is no kind `kubernetes.Widget`"))
  }
}
