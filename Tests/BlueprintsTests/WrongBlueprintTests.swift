import Blueprints
import Diagnostics
import TestSupport
import Testing

@testable import Builtins

/// Each case changes one thing of a blueprint, or of a manifest of its kind, that is right.
private struct WrongPart: Sendable {
  var name: String
  var old: String
  var new: String

  init(_ name: String, _ old: String, _ new: String) {
    self.name = name
    self.old = old
    self.new = new
  }
}

private let parts: [WrongPart] = [
  WrongPart("no kind", "defines: {apiVersion: acme.dev/v1, kind: Net}", "outputs: {a: b}"),
  WrongPart("our own group", "apiVersion: acme.dev/v1, kind: Net}", "apiVersion: plumb.dev/v1, kind: Net}"),
  WrongPart(
    "an extension of nothing", "  defines: {apiVersion: acme.dev/v1, kind: TeamSpace}\n  schema:",
    "  extends: {apiVersion: acme.dev/v1, kind: Teamspace}\n  schema:"),
  WrongPart(
    "a misspelt part", "validations:\n    - rule: size(spec.subnets)", "validation:\n    - rule: size(spec.subnets)"),
  WrongPart(
    "a type of a field that is none", "isOpen: {type: boolean, default: false}",
    "isOpen: {type: bool, default: false}"),
  WrongPart(
    "a default of another type", "isOpen: {type: boolean, default: false}", "isOpen: {type: boolean, default: 5}"),
  WrongPart(
    "a keyword that does not belong", "cidr: {type: string, format: cidr, desc", "cidr: {type: string, minimum: 5, desc"
  ),
  WrongPart("a resource type that is none", "type: aws/Vpc", "type: aws/Vcp"),
  WrongPart("a path that is none", "cidrBlock: \"${spec.cidr}\"", "cidrBlock: \"${spec.cird}\""),
  WrongPart("a field of a type that is none", "availabilityZone: \"${s.zone}\"", "zone: \"${s.zone}\""),
  WrongPart("an expression of another type", "cidrBlock: \"${spec.cidr}\"", "cidrBlock: \"${spec.isOpen}\""),
  WrongPart(
    "a resource of another type", "vpcId: \"${resources.vpc.id}\", cidrBlock",
    "vpcId: \"${resources.gateway.id}\", cidrBlock"),
  WrongPart("an output that is none", "spec.netRef.outputs.vpcId", "spec.netRef.outputs.vpc"),
  WrongPart("a condition that is none", "when: spec.isOpen", "when: spec.cidr"),
  WrongPart("a condition over what nobody knows", "when: spec.cache", "when: spec.netRef.outputs.vpcId != \"\""),
  WrongPart("a rule that is none", "rule: size(spec.subnets) <= 3", "rule: size(spec.subnets)"),
  WrongPart(
    "a broken rule", "{key: b, zone: us-west-2b, cidr: 10.0.16.0/20}", "{key: b, zone: us-west-2b, cidr: 10.0.0.0/16}"),
  WrongPart("a key twice", "key: s.key", "key: '\"x\"'"),
  WrongPart("a key that cannot be one", "key: s.key", "key: '\"[\" + s.key'"),
  WrongPart("a manifest that is not there", "netRef: {name: prod}", "netRef: {name: pord}"),
  WrongPart("a format", "cidr: 10.0.0.0/16", "cidr: 10.0.0.0"),
  WrongPart("a field of the manifest that is none", "isOpen: true", "isopen: true"),
  WrongPart("a type that the resource does not take", "10.0.64.0/24", "\"${aws.Vpc.nope.id}\""),
  WrongPart(
    "an override of nothing", "metadata: {name: vision}",
    "metadata: {name: vision, overrides: [{address: \"*/subnt[*]\", patch: [{op: remove, path: /tags}]}]}"),
  WrongPart(
    "a patch that does not apply", "metadata: {name: vision}",
    "metadata: {name: vision, overrides: [{address: \"*/bucket\", patch: [{op: remove, path: /tagz}]}]}"),
]

@Suite("Wrong blueprints, and wrong manifests of their kinds")
struct WrongBlueprintTests {
  @Test("what is right draws no remark")
  func right() {
    #expect(EstateFixture(all).diagnostics.isEmpty)
  }

  private var all: String {
    KindFixtures.network + KindFixtures.team + KindFixtures.prod + KindFixtures.vision()
  }

  @Test("every mistake is told at its line, once")
  func mistakes() {
    var text = ""
    for part in parts {
      #expect(all.contains(part.old), "\(part.name)")
      let manifests = all.replacing(part.old, with: part.new, maxReplacements: 1)
      let fixture = EstateFixture(manifests)
      #expect(!fixture.diagnostics.isEmpty, "\(part.name)")
      let renderer = DiagnosticRenderer(.plain, width: 110) { _ in Array(manifests.utf8) }
      text += "# \(part.name)\n\(renderer.text(fixture.diagnostics))\n"
    }
    expectSnapshot(text)
  }

  /// Blueprints of a kind `Thing` that only several documents, or one of several entries, can have wrong.
  private static let wholes: [(name: String, spec: String, others: [String])] = [
    ("a role twice", "resources: {aws: [\(entry), \(entry)]}", []),
    ("a variant twice", "resources: {aws: [\(entry)]}", ["resources: {aws: [\(entry)]}"]),
    ("an output twice", "resources: {aws: [\(entry)]}\n  outputs: {a: b}", ["resources: {gcp: []}\n  outputs: {a: c}"]),
    ("a name twice", "let: {a: '1'}\n  resources: {aws: [\(entry)]}", ["let: {a: '2'}\n  resources: {gcp: []}"]),
    (
      "a parameter there is not",
      "parameters: {size: {type: integer, default: 1}}\n  "
        + "resources: {aws: [{role: one, type: aws/Vpc, template: {cidrBlock: '10.0.0.0/${parameters.sise}'}}]}", []
    ),
    (
      "a loop over a number",
      "resources: {aws: [{role: one, type: aws/Vpc, forEach: {in: 'size(metadata.name)', as: [i], key: i}, "
        + "template: {cidrBlock: 10.0.0.0/16}}]}", []
    ),
    (
      "a key that is a truth",
      "resources: {aws: [{role: one, type: aws/Vpc, forEach: {in: '[1]', as: [i], key: i > 0}, "
        + "template: {cidrBlock: 10.0.0.0/16}}]}", []
    ),
    ("a type of another provider", "resources: {aws: [{role: one, type: gcp/Network, template: {}}]}", []),
    (
      "a setting of the lifecycle there is not",
      "resources: {aws: [{role: one, type: aws/Vpc, metadata: {protected: true}, template: {cidrBlock: 10.0.0.0/16}}]}",
      []
    ),
    ("a placement that is no reference", "placement: [spec.a]\n  resources: {aws: [\(entry)]}", []),
    (
      "a resource that reads itself",
      "resources: {aws: [{role: one, type: aws/Vpc, "
        + "template: {cidrBlock: 10.0.0.0/16, tags: {x: '${resources.one.id}'}}}]}", []
    ),
    (
      "a key of a template that is a list",
      "resources: {aws: [{role: one, type: aws/Vpc, "
        + "template: {cidrBlock: 10.0.0.0/16, tags: {'${dyn([1])}': x}}}]}", []
    ),
  ]

  private static let entry = "{role: one, type: aws/Vpc, template: {cidrBlock: 10.0.0.0/16}}"

  private static func blueprint(_ name: String, _ first: String, _ spec: String) -> String {
    "apiVersion: plumb.dev/v1\nkind: Blueprint\nmetadata: {name: \(name)}\nspec:\n"
      + "  \(first): {apiVersion: acme.dev/v1, kind: Thing}\n"
      + (first == "defines" && !spec.hasPrefix("schema") ? "  schema: {}\n" : "") + "  \(spec)\n---\n"
  }

  private static func shown(_ name: String, _ manifests: String) -> String {
    let fixture = EstateFixture(manifests)
    #expect(!fixture.diagnostics.isEmpty, "\(name)")
    let renderer = DiagnosticRenderer(.plain, width: 110) { _ in Array(manifests.utf8) }
    return "# \(name)\n\(renderer.text(fixture.diagnostics))\n"
  }

  @Test("what only several documents or entries can have wrong")
  func wholes() {
    let thing = "{apiVersion: acme.dev/v1, kind: Thing, metadata: {name: a, target: main}, spec: {}}\n"
    var text = ""
    for whole in Self.wholes {
      let others = whole.others.enumerated().map { Self.blueprint("more-\($0)", "extends", $1) }.joined()
      text += Self.shown(whole.name, Self.blueprint("thing", "defines", whole.spec) + others + thing)
    }
    let plain = Self.blueprint("thing", "defines", "resources: {aws: [\(Self.entry)]}")
    text += Self.shown("a kind twice", plain + Self.blueprint("again", "defines", "resources: {aws: [\(Self.entry)]}"))
    let other = plain.replacing("Thing", with: "Other").replacing("name: thing", with: "name: other")
    let either = Self.blueprint(
      "reader", "defines",
      "schema: {properties: {ref: {x-plumb-reference: [Thing, Other]}}}\n  resources: {aws: [\(Self.entry)]}"
    ).replacing("kind: Thing}", with: "kind: Reader}")
    text += Self.shown(
      "a name that two kinds have",
      plain + other + either + thing + "---\n" + thing.replacing("Thing", with: "Other") + "---\n"
        + "{apiVersion: acme.dev/v1, kind: Reader, metadata: {name: a, target: main}, spec: {ref: {name: a}}}\n")
    expectSnapshot(text)
  }

  @Test("an embedded blueprint stands in the folder of its kind")
  func folder() {
    let text = "metadata: {name: net}\nspec:\n  defines: {apiVersion: plumb.dev/v1, kind: Other}\n  schema: {}\n"
    let file = BuiltinFile(name: "Blueprints/Net/kind.yaml", bytes: Array(text.utf8))
    let catalog = KindCatalog.make([], providers: EstateFixture.providers, files: [file]).catalog
    expectSnapshot(DiagnosticRenderer { _ in file.bytes }.text(catalog.embeddedProblems))
  }

  @Test("manifests that need each other's outputs to know what exists are a ring; reading each other is none")
  func rings() {
    func kind(_ name: String, _ other: String, when: String) -> String {
      """
      apiVersion: plumb.dev/v1
      kind: Blueprint
      metadata: {name: k\(name)}
      spec:
        defines: {apiVersion: acme.dev/v1, kind: \(name)}
        schema: {required: [ref], properties: {ref: {x-plumb-reference: \(other)}}}
        resources:
          aws:
            - {role: vpc, type: aws/Vpc, when: '\(when)', template: {cidrBlock: 10.0.0.0/16}}
            - role: group
              type: aws/SecurityGroup
              template: {groupName: "\(name)", description: x, vpcId: "${spec.ref.outputs.vpc}"}
        outputs: {vpc: "${has(resources.vpc) ? resources.vpc.id : 'none'}"}
      ---
      apiVersion: acme.dev/v1
      kind: \(name)
      metadata: {name: one}
      spec: {ref: {name: one}}
      ---

      """
    }
    let fine = EstateFixture(kind("A", "B", when: "true") + kind("B", "A", when: "true"))
    #expect(fine.diagnostics.isEmpty, "\(fine.diagnostics)")
    let manifests =
      kind("A", "B", when: #"spec.ref.outputs.vpc == "x""#) + kind("B", "A", when: #"spec.ref.outputs.vpc == "x""#)
    let ring = EstateFixture(manifests)
    #expect(ring.diagnostics.contains { $0.code == DiagnosticCode(1516) })
    expectSnapshot(DiagnosticRenderer { _ in Array(manifests.utf8) }.text(ring.diagnostics), named: "ring")
  }
}
