import AWSProvider
import Resources
import Testing
import Values

@testable import Engine

@Suite("which fields a plan reads, where they cost requests of their own")
struct ApartFieldsTests {
  private static let manifests = """
    apiVersion: plumb.dev/v1
    kind: Estate
    metadata: {name: test, id: est-test00}
    spec: {include: ["*.yaml"], defaults: {targets: {aws: main}}}
    ---
    apiVersion: plumb.dev/v1
    kind: Target
    metadata: {name: main}
    spec: {aws: {accountId: "123456789012", region: us-west-2}}
    """

  private static func direct(_ kind: String, _ spec: String) -> String {
    "apiVersion: aws.plumb.dev/v1\nkind: \(kind)\nmetadata: {name: main}\nspec: {\(spec)}\n---\n"
  }

  /// What the lists are asked for, by kind.
  private func asked(_ documents: String..., recorded: [Recorded] = []) throws -> [String: Set<String>] {
    let engine = EngineWorld(files: ["plumb.yaml": Self.manifests, "all.yaml": documents.joined()]).engine
    let workspace = try engine.load()
    try #require(workspace.diagnostics == [])
    let desired = workspace.desired
    var groups = engine.groups(desired, recorded)
    engine.select(&groups, desired.resources, desired.slots, workspace.catalog)
    return Dictionary(uniqueKeysWithValues: groups.map { ($0.type.kind, $0.apart?.wanted ?? ["everything"]) })
  }

  @Test("what manifests write is read, and nothing else")
  func written() throws {
    let bucket = Self.direct("Bucket", "bucket: data-1, versioning: {status: Enabled}, policy: {Statement: []}")
    #expect(
      try asked(bucket, Self.direct("Vpc", "cidrBlock: 10.0.0.0/16"))
        == ["Bucket": ["versioning", "policy"], "Vpc": []])
  }

  @Test("what is recorded as ours is read, so that a field that was dropped is seen")
  func recorded() throws {
    let record = Recorded(
      address: Address("aws.Bucket/main"), type: TypeName("aws/Bucket"),
      target: TargetIdentity(
        target: TargetName("main"), provider: "aws", account: "123456789012", region: "us-west-2"),
      remote: RemoteID("data-1"), owned: ["bucket": "data-1", "encryption": ["sseAlgorithm": "aws:kms"]])
    #expect(try asked(Self.direct("Bucket", "bucket: data-1"), recorded: [record]) == ["Bucket": ["encryption"]])
    #expect(try asked(recorded: [record]) == ["Bucket": ["encryption"]])
  }

  @Test("what an expression names is read")
  func named() throws {
    let vpc = Self.direct("Vpc", "cidrBlock: 10.0.0.0/16, enableDnsHostnames: true")
    let subnet = Self.direct(
      "Subnet",
      #"vpcId: "${aws.Vpc.main.id}", cidrBlock: 10.0.0.0/20, mapPublicIpOnLaunch: "${aws.Vpc.main.enableDnsSupport}""#
    )
    #expect(try asked(vpc, subnet) == ["Vpc": ["enableDnsHostnames", "enableDnsSupport"], "Subnet": []])
  }
}
