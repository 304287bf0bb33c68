import Blueprints
import Diagnostics
import TestSupport
import Testing

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
