import TestSupport
import Testing

@Suite("policies on the command line")
struct PolicyCommandTests {
  private static func example(_ path: String) -> String {
    let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
    return TextFile.read("\(folder)/examples/policies/\(path)") ?? ""
  }

  private static var estate: [String: String] {
    let paths = ["plumb.yaml", "manifests/network.yaml", "manifests/policies.yaml", "tests/rules.test.yaml"]
    return Dictionary(uniqueKeysWithValues: paths.map { ($0, example($0)) })
  }

  @Test("the example validates, plans with a waiver and passes its tests")
  func example() async throws {
    let plumb = BuiltBinary(Self.estate)
    expectSnapshot(
      try await plumb.transcript([
        "validate", "plan --sandbox --only aws.Vpc/* --cost", "policy test tests",
        "policy test tests/rules.test.yaml --json",
        "policy list", "policy explain world-ssh", "policy explain world-shh", "explain Policy.spec.rules.onUnknown",
      ]))
  }

  @Test("a denial exits with 5 and names rule, line and fix; the way around it is recorded")
  func denied() async throws {
    let plumb = BuiltBinary(Self.estate)
    plumb.folder.write(
      Self.example("manifests/network.yaml").replacing("10.30.0.0/20", with: "10.30.0.0/24"),
      to: "manifests/network.yaml")
    expectSnapshot(
      try await plumb.transcript([
        "validate", "validate --json", "plan --sandbox --out change.plan --only aws.Subnet/a",
        "apply change.plan --sandbox",
        "apply --sandbox --auto-approve --waive subnet-size",
        "apply --sandbox --auto-approve --waive subnet-sise --reason drill",
        "apply change.plan --sandbox --waive subnet-size --reason drill --parallelism 1",
        "inventory history aws.Subnet/a --sandbox", "plan --sandbox --policies main",
      ]))
  }

  @Test("tests that fail say what was expected and what came")
  func failingTests() async throws {
    let plumb = BuiltBinary([
      "t/wrong.yaml": """
      apiVersion: plumb.dev/v1
      kind: PolicyTest
      metadata: {name: wrong}
      spec:
        packs: [baseline]
        tests:
          - name: a bucket
            resource: aws/Bucket
            after: {bucket: x}
            expect: {bucket-public-block: allow, world-ssh: allow, nothing: deny}
          - name: a subnet
            resource: aws/Subnet
            after: {vpcId: v, cidrBlock: 10.0.0.0/24}
            expect: {subnet-public-addresses: allow}
      """, "empty/x.yaml": "a: 1\n",
      "t2/broken.yaml":
        "kind: PolicyTest\nspec:\n  pack: [a]\n  tests:\n    - {name: a, resource: b, expect: {c: perhaps}}\n",
      "t3/answers.yaml": """
      apiVersion: plumb.dev/v1
      kind: PolicyTest
      metadata: {name: answers}
      spec:
        packs: [baseline]
        tests:
          - {name: a bucket, resource: aws/Bucket, after: {bucket: x}, expect: {world-ssh: alow}}
          - {name: a network, manifest: {kind: Network}, expect: {world-ssh: allow}}
      """,
    ])
    expectSnapshot(
      try await plumb.transcript([
        "policy test t", "policy test empty", "policy test t2", "policy test t3", "policy test nowhere",
      ]))
  }
}
