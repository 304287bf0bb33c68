import AWSProvider
import Diagnostics
import Resources
import TestSupport
import Testing

/// What a user sees of each mistake: message, line, caret, next step.
@Suite("Mistakes as they are shown")
struct ShownMistakesTests {
  /// Mistakes that take more than one manifest, or settings of their own.
  private static let others: [(name: String, manifests: String, estate: String)] = [
    (
      "a target of another provider",
      "apiVersion: aws.plumb.dev/v1\nkind: Vpc\nmetadata: {name: a, target: ml}\nspec: {cidrBlock: 10.0.0.0/16}\n",
      EstateFixture.estate + "---\napiVersion: plumb.dev/v1\nkind: Target\nmetadata: {name: ml}\n"
        + "spec: {gcp: {project: acme, region: europe-west6}}\n"
    ),
    (
      "no target at all",
      "apiVersion: aws.plumb.dev/v1\nkind: Vpc\nmetadata: {name: a}\nspec: {cidrBlock: 10.0.0.0/16}\n",
      "apiVersion: plumb.dev/v1\nkind: Estate\nmetadata: {name: test, id: est-test}\n"
    ),
    (
      "no estate", "",
      "apiVersion: plumb.dev/v1\nkind: Target\nmetadata: {name: main}\nspec: {aws: {region: us-west-2}}\n"
    ),
    (
      "a ring",
      "apiVersion: aws.plumb.dev/v1\nkind: Vpc\nmetadata: {name: a}\n"
        + "spec: {cidrBlock: 10.0.0.0/16, tags: {x: '${aws.Vpc.b.id}'}}\n---\n"
        + "apiVersion: aws.plumb.dev/v1\nkind: Vpc\nmetadata: {name: b}\n"
        + "spec: {cidrBlock: 10.0.0.0/16, tags: {x: '${aws.Vpc.a.id}'}}\n", EstateFixture.estate
    ),
    (
      "the place of a secret where everybody looks",
      "apiVersion: aws.plumb.dev/v1\nkind: Vpc\nmetadata: {name: a}\n"
        + "spec: {cidrBlock: 10.0.0.0/16, tags: {x: {valueFrom: {env: TOKEN}}}}\n", EstateFixture.estate
    ),
    (
      "an expression of a blueprint that fails",
      kind("aws", "{cidrBlock: 10.0.0.0/16, tags: {x: '${string(1 / (size(metadata.name) - 1))}'}}"),
      EstateFixture.estate
    ),
    ("no resources on the provider of the target", kind("gcp", "{}", type: "gcp/Network"), EstateFixture.estate),
    (
      "more resources than one manifest may stand for",
      kind("aws", "{cidrBlock: 10.0.0.0/16}", more: "forEach: {in: lists.range(10001), as: [n], key: string(n)}, "),
      EstateFixture.estate
    ),
  ]

  private static func kind(_ provider: String, _ template: String, type: String = "aws/Vpc", more: String = "")
    -> String
  {
    """
    apiVersion: plumb.dev/v1
    kind: Blueprint
    metadata: {name: thing}
    spec:
      defines: {apiVersion: acme.dev/v1, kind: Thing}
      schema: {}
      resources:
        \(provider):
          - {role: one, type: \(type), \(more)template: \(template)}
    ---
    {apiVersion: acme.dev/v1, kind: Thing, metadata: {name: a, target: main}}

    """
  }

  private func shown(
    _ name: String, _ manifests: String, _ estate: String = EstateFixture.estate,
    _ catalog: TypeCatalog = AWSCatalog.catalog
  ) -> String {
    let fixture = EstateFixture(manifests, estate: estate, catalog: catalog)
    #expect(!fixture.diagnostics.isEmpty, "\(name)")
    let renderer = DiagnosticRenderer { Array(($0 == "plumb.yaml" ? estate : manifests).utf8) }
    return "# \(name)\n\(renderer.text(fixture.diagnostics))\n"
  }

  @Test(
    "manifests", arguments: [("documents", wrongDocuments), ("fields", wrongFields), ("references", wrongReferences)])
  func manifests(_ name: String, _ cases: [WrongCase]) {
    expectSnapshot(cases.map { shown($0.name, MarkedText($0.text).text) }.joined(), named: name)
  }

  @Test("estates and kinds")
  func estates() {
    expectSnapshot(Self.others.map { shown($0.name, $0.manifests, $0.estate) }.joined())
  }

  private static let clouds = """
    apiVersion: plumb.dev/v1
    kind: Estate
    metadata: {name: test, id: est-test}
    spec: {defaults: {targets: {gcp: ml, kubernetes: east}}}
    ---
    apiVersion: plumb.dev/v1
    kind: Target
    metadata: {name: ml}
    spec: {gcp: {project: acme, region: europe-west6}}
    ---
    apiVersion: plumb.dev/v1
    kind: Target
    metadata: {name: east}
    spec: {kubernetes: {context: east}}

    """

  private static func quota(_ hard: String, _ metadata: String = "{name: a, namespace: b}") -> String {
    "apiVersion: v1\nkind: ResourceQuota\nmetadata: \(metadata)\nspec: {hard: \(hard)}\n"
  }

  @Test("objects of other providers")
  func others() {
    let secret = { (place: String) in
      "apiVersion: gcp.plumb.dev/v1\nkind: Secret\nmetadata: {name: a}\nspec: {secretId: a, payload: \(place)}\n"
    }
    let cases = [
      ("a quantity that is none", Self.quota("{cpu: 5 gigs}")),
      ("no namespace", Self.quota("{cpu: 5}", "{name: a}")),
      ("a namespace where there is none", "apiVersion: v1\nkind: Namespace\nmetadata: {name: a, namespace: b}\n"),
      (
        "an annotation that is none",
        Self.quota("{cpu: 5}", "{name: a, namespace: b, annotations: {plumb.dev/taget: east}}")
      ),
      ("a secret at two places", secret("{valueFrom: {env: A, file: b}}")),
      ("a secret at no known place", secret("{valueFrom: {evn: A}}")),
      ("a secret in the manifest", secret("hunter2")),
    ]
    expectSnapshot(cases.map { shown($0.0, $0.1, Self.clouds, EstateFixture.everyType) }.joined())
  }

  @Test("settings of the lifecycle, alone and among others")
  func lifecycle() {
    func vpc(_ name: String, _ metadata: String = "") -> String {
      "apiVersion: aws.plumb.dev/v1\nkind: Vpc\nmetadata: {name: \(name)\(metadata)}\n"
        + "spec: {cidrBlock: 10.0.0.0/16}\n---\n"
    }
    func released(_ address: String) -> String {
      EstateFixture.estate.replacing("spec:\n  defaults", with: "spec:\n  released: [\(address)]\n  defaults")
    }
    let estate = EstateFixture.estate
    let cases = [
      ("adopted by nothing", vpc("a", ", adopt: {}"), estate),
      ("adopted by an empty id", vpc("a", ", adopt: {id: ''}"), estate),
      ("ignoring no path", vpc("a", ", ignore: ['a[']"), estate),
      ("moved from itself", vpc("a", ", movedFrom: aws.Vpc/a"), estate),
      (
        "two that were moved from one", vpc("a", ", movedFrom: aws.Vpc/old") + vpc("b", ", movedFrom: aws.Vpc/old"),
        estate
      ),
      ("released and still there", vpc("a"), released("aws.Vpc/a")),
      ("released by no address", vpc("a"), released("old")),
      (
        "a default of another provider", vpc("a"),
        estate.replacing("aws: main}", with: "aws: main, gcp: main}")
      ),
    ]
    expectSnapshot(cases.map { shown($0.0, $0.1, $0.2) }.joined())
  }
}
