import AWSProvider
import Blueprints
import Diagnostics
import Expressions
import Manifests
import Resources
import TestSupport
import Testing
import Values

@Suite("Desired state")
struct DesiredStateTests {
  private static let network = """
    apiVersion: aws.plumb.dev/v1
    kind: Vpc
    metadata: {name: prod-net, protect: true}
    spec: {cidrBlock: 10.0.0.0/16, tags: {team: net}}
    ---
    apiVersion: aws.plumb.dev/v1
    kind: Subnet
    metadata: {name: a, ignore: [tags.owner], movedFrom: aws.Subnet/old}
    spec:
      vpcId: ${aws.Vpc["prod-net"].id}
      cidrBlock: 10.0.0.0/20
      tags: {name: "${aws.Vpc['prod-net'].cidrBlock}-a", literal: "$${x}", five: "${5}-${true}"}
    """

  @Test("a manifest becomes a resource with address, target, fields and settings")
  func resource() throws {
    let fixture = EstateFixture(Self.network)
    #expect(fixture.diagnostics.isEmpty, "\(fixture.diagnostics)")
    let vpc = try #require(fixture["aws.Vpc/prod-net"])
    #expect(vpc.type.text == "aws/Vpc")
    #expect(vpc.target.text == "main")
    #expect(vpc.fields == ["cidrBlock": "10.0.0.0/16", "tags": ["team": "net"]])
    #expect(vpc.lifecycle.protect)
    #expect(vpc.fields["cidrBlock"]?.origin?.description == "manifests/a.yaml:4:19")
    let subnet = try #require(fixture["aws.Subnet/a"])
    #expect(subnet.lifecycle.ignore.map(\.description) == ["tags.owner"])
    #expect(subnet.lifecycle.movedFrom?.text == "aws.Subnet/old")
    #expect(subnet.origin?.line == 6)
  }

  @Test("templates become values where they are constant, and slots where they read other resources")
  func templates() throws {
    let fixture = EstateFixture(Self.network)
    let subnet = try #require(fixture["aws.Subnet/a"])
    #expect(subnet.fields["tags"]?["literal"] == "${x}")
    #expect(subnet.fields["tags"]?["five"] == "5-true")
    let slot = try #require(subnet.fields["vpcId"]?.unknown)
    let deferred = fixture.desired.slots[Int(slot.index)]
    #expect(deferred.template.references.map(\.subject) == ["aws.Vpc/prod-net"])
    #expect(deferred.owner.text == "aws.Subnet/a")
    #expect(deferred.path.description == "vpcId")
    #expect(deferred.origin?.description == "manifests/a.yaml:10:10")
    #expect(fixture.desired.slots.map(\.path.description) == ["vpcId", "tags.name"])
  }

  @Test("the field that is the object's name defaults to the manifest's")
  func names() {
    let fixture = EstateFixture(
      """
      {apiVersion: aws.plumb.dev/v1, kind: Bucket, metadata: {name: plain}}
      ---
      {apiVersion: aws.plumb.dev/v1, kind: Bucket, metadata: {name: named}, spec: {bucket: other}}
      ---
      {apiVersion: aws.plumb.dev/v1, kind: InstanceProfile, metadata: {name: p}, spec: {}}
      ---
      {apiVersion: aws.plumb.dev/v1, kind: Vpc, metadata: {name: v}, spec: {cidrBlock: 10.0.0.0/16}}
      ---
      apiVersion: aws.plumb.dev/v1
      kind: SecurityGroup
      metadata: {name: g}
      spec: {vpcId: "${aws.Vpc.v.id}", description: d}
      """)
    #expect(fixture.diagnostics.isEmpty, "\(fixture.diagnostics)")
    #expect(fixture["aws.Bucket/plain"]?.fields["bucket"] == "plain")
    #expect(fixture["aws.Bucket/plain"]?.fields["bucket"]?.origin?.column == 63)
    #expect(fixture["aws.Bucket/named"]?.fields["bucket"] == "other")
    #expect(fixture["aws.InstanceProfile/p"]?.fields["instanceProfileName"] == "p")
    #expect(fixture["aws.SecurityGroup/g"]?.fields["groupName"] == "g")
    #expect(fixture["aws.Vpc/v"]?.fields == ["cidrBlock": "10.0.0.0/16"])
  }

  @Test("the estate's tags are merged in, the manifest's win, null takes one away")
  func defaultTags() {
    let estate = EstateFixture.estate.replacing(
      "{targets: {aws: main}}", with: "{targets: {aws: main}, tags: {owner: platform, cost: '5'}}")
    let fixture = EstateFixture(
      """
      apiVersion: aws.plumb.dev/v1
      kind: Vpc
      metadata: {name: a}
      spec: {cidrBlock: 10.0.0.0/16, tags: {owner: me, cost: null}}
      ---
      apiVersion: aws.plumb.dev/v1
      kind: Vpc
      metadata: {name: b}
      spec: {cidrBlock: 10.0.0.0/16}
      """, estate: estate)
    #expect(fixture.diagnostics.isEmpty, "\(fixture.diagnostics)")
    #expect(fixture["aws.Vpc/a"]?.fields["tags"] == ["owner": "me"])
    #expect(fixture["aws.Vpc/b"]?.fields["tags"] == ["owner": "platform", "cost": "5"])
    #expect(fixture["aws.Vpc/b"]?.fields["tags"]?["cost"]?.origin?.file == "plumb.yaml")
  }

  @Test("security groups may name each other and themselves, since rules are written late")
  func lateReferences() {
    let fixture = EstateFixture(
      """
      {apiVersion: aws.plumb.dev/v1, kind: Vpc, metadata: {name: v}, spec: {cidrBlock: 10.0.0.0/16}}
      ---
      apiVersion: aws.plumb.dev/v1
      kind: SecurityGroup
      metadata: {name: a}
      spec:
        vpcId: ${aws.Vpc.v.id}
        description: a
        ipPermissions:
          - ipProtocol: "-1"
            userIdGroupPairs: [{groupId: "${aws.SecurityGroup.a.id}"}, {groupId: "${aws.SecurityGroup.b.id}"}]
      ---
      apiVersion: aws.plumb.dev/v1
      kind: SecurityGroup
      metadata: {name: b}
      spec:
        vpcId: ${aws.Vpc.v.id}
        description: b
        ipPermissions: [{ipProtocol: "-1", userIdGroupPairs: [{groupId: "${aws.SecurityGroup.a.id}"}]}]
      """)
    #expect(fixture.diagnostics.isEmpty, "\(fixture.diagnostics)")
    #expect(fixture.desired.slots.count == 5)
  }

  @Test("a ring of references is shown as its path, with the place of every step")
  func cycle() throws {
    let text = MarkedText(
      """
      apiVersion: aws.plumb.dev/v1
      kind: Vpc
      metadata: {name: a}
      spec: {cidrBlock: 10.0.0.0/16, tags: {n: 1️⃣"${aws.Vpc.b.id}"}}
      ---
      apiVersion: aws.plumb.dev/v1
      kind: Vpc
      metadata: {name: b}
      spec: {cidrBlock: 10.0.0.0/16, tags: {n: 2️⃣"${aws.Vpc.c.id}"}}
      ---
      apiVersion: aws.plumb.dev/v1
      kind: Vpc
      metadata: {name: c, dependsOn: [3️⃣aws.Vpc/a]}
      spec: {cidrBlock: 10.0.0.0/16}
      """)
    let fixture = EstateFixture(text.text)
    let problem = try #require(fixture.diagnostics.first)
    #expect(fixture.diagnostics.count == 1)
    #expect(problem.code == .referenceCycle)
    #expect(problem.message.contains("→"))
    let places = Set(problem.notes.compactMap { $0.position.map { [$0.line, $0.column] } })
    #expect(places == Set((1...3).map { [text.marker($0).line, text.marker($0).column] }))
  }

  @Test("reading a manifest that is broken itself is no second problem")
  func brokenSubject() {
    let fixture = EstateFixture(
      """
      {apiVersion: aws.plumb.dev/v1, kind: Vcp, metadata: {name: v}, spec: {cidrBlock: 10.0.0.0/16}}
      ---
      {apiVersion: aws.plumb.dev/v1, kind: InternetGateway, metadata: {name: i}, spec: {vpcId: "${aws.Vcp.v.id}"}}
      """)
    #expect(fixture.diagnostics.map(\.code.number) == [1108])
  }

  @Test("suggestions name what was probably meant")
  func suggestions() {
    let fixture = EstateFixture(
      """
      {apiVersion: aws.plumb.dev/v1, kind: Vcp, metadata: {name: v, target: mian}, spec: {}}
      ---
      {apiVersion: aws.plumb.dev/v1, kind: Vpc, metadata: {name: w, target: mian}, spec: {cidrBlok: 10.0.0.0/16}}
      ---
      {apiVersion: aws.plumb.dev/v1, kind: InternetGateway, metadata: {name: i}, spec: {vpcId: "${aws.Vpc.x.id}"}}
      """)
    let hints = fixture.diagnostics.flatMap(\.hints)
    for name in ["`Vpc`", "`main`", "`cidrBlock`", "`aws.Vpc.w`"] {
      #expect(hints.contains("did you mean \(name)?"), "\(hints)")
    }
  }

  @Test("released addresses must not be written any more")
  func released() {
    let estate = EstateFixture.estate.replacing(
      "spec:\n  defaults", with: "spec:\n  released: [aws.Vpc/a, Network/old]\n  defaults")
    let fixture = EstateFixture(
      "{apiVersion: aws.plumb.dev/v1, kind: Vpc, metadata: {name: a}, spec: {cidrBlock: 10.0.0.0/16}}",
      estate: estate)
    #expect(fixture.summary == ["1116 plumb.yaml:5:14"])
    #expect(fixture.desired.released.map(\.text) == ["aws.Vpc/a", "Network/old"])
  }
}

extension String {
  fileprivate func replacing(_ old: String, with new: String) -> String {
    guard let range = firstRange(of: old) else { return self }
    return replacingCharacters(in: range, new)
  }

  private func replacingCharacters(in range: Range<String.Index>, _ new: String) -> String {
    String(self[..<range.lowerBound]) + new + String(self[range.upperBound...])
  }

  private func firstRange(of text: String) -> Range<String.Index>? {
    var index = startIndex
    while index < endIndex {
      if self[index...].hasPrefix(text) { return index..<self.index(index, offsetBy: text.count) }
      index = self.index(after: index)
    }
    return nil
  }
}
