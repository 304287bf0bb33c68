import Diagnostics
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

  private func shown(_ name: String, _ manifests: String, _ estate: String = EstateFixture.estate) -> String {
    let fixture = EstateFixture(manifests, estate: estate)
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
}
