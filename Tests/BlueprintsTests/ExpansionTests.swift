import Diagnostics
import Expressions
import Resources
import Testing
import Values

@Suite("Manifests of blueprints' kinds")
struct ExpansionTests {
  private func expand(_ manifests: String) -> EstateFixture {
    EstateFixture(KindFixtures.network + KindFixtures.team + manifests)
  }

  /// The text of what a field awaits.
  private func awaited(_ fixture: EstateFixture, _ address: String, _ path: String) -> String? {
    guard let path = ValuePath(path), let slot = fixture[address]?.fields[path]?.unknown else { return nil }
    return fixture.desired.slots[Int(slot.index)].template.source
  }

  @Test("a manifest becomes its resources, each with an address of role and key")
  func addresses() {
    let fixture = expand(KindFixtures.prod + KindFixtures.vision())
    #expect(fixture.diagnostics.isEmpty, "\(fixture.diagnostics)")
    #expect(
      fixture.desired.resources.map(\.address.text) == [
        "Net/prod/vpc", "Net/prod/subnet[a]", "Net/prod/subnet[b]", "Net/prod/gateway",
        "TeamSpace/vision/subnet[us-west-2a]", "TeamSpace/vision/subnet[us-west-2b]", "TeamSpace/vision/bucket",
      ])
    #expect(fixture["Net/prod/subnet[b]"]?.fields["availabilityZone"]?.string == "us-west-2b")
    #expect(fixture["Net/prod/subnet[b]"]?.fields["tags"]?["Name"]?.string == "net-prod-b")
    #expect(fixture["TeamSpace/vision/bucket"]?.lifecycle.protect == true)
    #expect(fixture["Net/prod/subnet[a]"]?.target.text == "main")
  }

  @Test("what reads another resource waits for it, through outputs of other manifests as well")
  func unknowns() {
    let fixture = expand(KindFixtures.prod + KindFixtures.vision())
    #expect(awaited(fixture, "Net/prod/subnet[a]", "vpcId") == "${Net[\"prod/vpc\"].id}")
    #expect(awaited(fixture, "TeamSpace/vision/subnet[us-west-2a]", "vpcId") == "${Net[\"prod/vpc\"].id}")
    #expect(awaited(fixture, "Net/prod/gateway", "tags.vpc") == "in-${Net[\"prod/vpc\"].id}")
    let subjects = fixture.desired.slots.map { $0.template.references.map(\.subject) }
    #expect(subjects.allSatisfy { $0 == ["Net/prod/vpc"] })
  }

  @Test("direct resources read outputs by name, known ones and unknown ones")
  func outputsByName() {
    let fixture = expand(
      KindFixtures.prod + """
        apiVersion: aws.plumb.dev/v1
        kind: SecurityGroup
        metadata: {name: web}
        spec:
          vpcId: '${Net["prod"].outputs.vpcId}'
          description: 'for ${Net["prod"].outputs.cidr} ${Net["prod"].outputs.label}'
          groupName: '${Net["prod"].outputs.cidr == "10.0.0.0/16" ? "wide" : "narrow"}'
          tags: {first: '${Net["prod"].outputs.subnetIds[0]}', gate: '${Net["prod"].outputs.gatewayId}'}
        """)
    #expect(fixture.diagnostics.isEmpty, "\(fixture.diagnostics)")
    #expect(awaited(fixture, "aws.SecurityGroup/web", "vpcId") == "${Net[\"prod/vpc\"].id}")
    #expect(fixture["aws.SecurityGroup/web"]?.fields["groupName"]?.string == "wide")
    #expect(awaited(fixture, "aws.SecurityGroup/web", "tags.first") == "${Net[\"prod/subnet[a]\"].id}")
    #expect(awaited(fixture, "aws.SecurityGroup/web", "tags.gate") == "${Net[\"prod/gateway\"].id}")
    let text = awaited(fixture, "aws.SecurityGroup/web", "description").map { Template(source: $0) }
    let known = text?.evaluate { $0.subject == "Net/prod/vpc" ? .string("vpc-1") : nil }
    guard case .value(let value) = known else { Issue.record("\(String(describing: known))"); return }
    #expect(value.string == "for 10.0.0.0/16 of-vpc-1")
  }

  @Test("an output that is an optional reads as what is in it, in operators as well")
  func optionalOutputs() {
    let fixture = EstateFixture(
      """
      apiVersion: plumb.dev/v1
      kind: Blueprint
      metadata: {name: maybe}
      spec:
        defines: {apiVersion: acme.dev/v1, kind: Maybe}
        schema: {properties: {on: {type: boolean, default: true}}}
        resources: {aws: [{role: vpc, type: aws/Vpc, template: {cidrBlock: 10.0.0.0/16}}]}
        outputs:
          id: '${spec.on ? optional.of(resources.vpc.id) : optional.none()}'
          late: '${resources.vpc.ownerId == "1" ? optional.of(resources.vpc.id) : optional.none()}'
          known: '${optional.of("x")}'
      ---
      {apiVersion: acme.dev/v1, kind: Maybe, metadata: {name: a}}
      ---
      apiVersion: aws.plumb.dev/v1
      kind: Vpc
      metadata: {name: b}
      spec:
        cidrBlock: 10.1.0.0/16
        tags:
          id: '${Maybe.a.outputs.id + "-1"}'
          late: '${Maybe.a.outputs.late + "-1"}'
          known: '${Maybe.a.outputs.known + "-1"}'
          text: 'is ${Maybe.a.outputs.late}'
      """)
    #expect(fixture.diagnostics.isEmpty, "\(fixture.diagnostics)")
    #expect(fixture["aws.Vpc/b"]?.fields["tags"]?["known"]?.string == "x-1")
    for (tag, wanted) in [("id", "vpc-1-1"), ("late", "vpc-1-1"), ("text", "is vpc-1")] {
      let template = awaited(fixture, "aws.Vpc/b", "tags.\(tag)").map { Template(source: $0) }
      let result = template?.evaluate { $0.path.description == "ownerId" ? "1" : "vpc-1" }
      guard case .value(let value)? = result else {
        Issue.record("\(tag): \(String(describing: result))")
        continue
      }
      #expect(value.string == wanted)
    }
  }

  @Test("a further zone moves nothing")
  func furtherZone() {
    let before = expand(KindFixtures.prod + KindFixtures.vision())
    let after = expand(
      KindFixtures.prod
        + KindFixtures.vision("{us-west-2c: 10.0.60.0/24, us-west-2a: 10.0.64.0/24, us-west-2b: 10.0.65.0/24}"))
    for resource in before.desired.resources {
      #expect(after[resource.address.text]?.fields["cidrBlock"] == resource.fields["cidrBlock"])
    }
    #expect(after.desired.resources.count == before.desired.resources.count + 1)
  }

  @Test("overrides patch the resources that their pattern names, as RFC 6902 says, and no others")
  func overrides() throws {
    let overrides = """
      metadata:
        name: prod
        overrides:
          - address: "*/subnet[*]"
            patch:
              - {op: add, path: /tags/team, value: ml}
              - {op: replace, path: /availabilityZone, value: us-west-2c}
          - address: "*/subnet[b]"
            patch:
              - {op: replace, path: /vpcId, value: vpc-0a1b2c3d4e5f60718}
              - {op: remove, path: /tags/Name}
          - address: Net/prod/vpc
            patch:
              - {op: test, path: /cidrBlock, value: 10.0.0.0/16}
              - {op: copy, from: /tags/Name, path: /tags/copy}
              - {op: move, from: /tags/Name, path: /tags/a~1b~0c}
      """
    let prod = KindFixtures.prod.replacing("metadata: {name: prod}", with: overrides)
    let fixture = EstateFixture(KindFixtures.network + prod)
    #expect(fixture.diagnostics.isEmpty, "\(fixture.diagnostics)")
    let vpc = try #require(fixture["Net/prod/vpc"]?.fields)
    #expect(vpc["tags"] == ["copy": "net-prod", "a/b~c": "net-prod"] && vpc["cidrBlock"] == "10.0.0.0/16")
    let (a, b) = (fixture["Net/prod/subnet[a]"]?.fields, fixture["Net/prod/subnet[b]"]?.fields)
    #expect([a, b].map { $0?["availabilityZone"] } == ["us-west-2c", "us-west-2c"])
    #expect(a?["tags"] == ["Name": "net-prod-a", "team": "ml"] && b?["tags"] == ["team": "ml"])
    #expect(a?["vpcId"]?.kind == .unknown && b?["vpcId"] == "vpc-0a1b2c3d4e5f60718")
    let plain = EstateFixture(KindFixtures.network + KindFixtures.prod)
    #expect(fixture["Net/prod/gateway"]?.fields.keys.sorted() == plain["Net/prod/gateway"]?.fields.keys.sorted())
    // A patch stands where it was written, so that a plan can name its line.
    #expect(b?["vpcId"]?.origin?.line ?? 0 > KindFixtures.network.split(separator: "\n").count)
  }

  @Test("rules are reported at the manifest's line, with the rule as a note")
  func rules() throws {
    let fixture = expand(KindFixtures.prod + KindFixtures.vision("{us-west-2a: 10.0.64.0/24}"))
    let problem = try #require(fixture.diagnostics.first)
    #expect(fixture.diagnostics.count == 1)
    #expect(problem.code == DiagnosticCode(1510))
    #expect(problem.message == "`TeamSpace/vision`: needs two zones, has 1")
    #expect(problem.notes.first?.position?.line != nil)
  }
}
