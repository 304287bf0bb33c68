import Blueprints
import Diagnostics
import Platform
import Resources
import TestSupport
import Testing

@Suite("what the kinds stand for")
struct KindExpansionTests {
  @Test("the examples of each provider build without an error", arguments: KindEstate.providers)
  func examples(_ provider: String) throws {
    let estate = try KindEstate(example: provider)
    #expect(!estate.diagnostics.hasErrors, "\(estate.report)")
  }

  @Test("each kind on each provider", arguments: KindEstate.providers, KindEstate.kinds)
  func golden(_ provider: String, _ kind: String) throws {
    let estate = try KindEstate(example: provider)
    let own = estate.desired.resources.filter { $0.address.text.hasPrefix("\(kind)/") }
    #expect(!own.isEmpty)
    expectSnapshot(own.map { estate.text(of: $0) + "\n" }.joined(separator: "\n"), named: "\(kind)-\(provider)")
  }

  @Test("what exists already is watched, never made or changed", arguments: ["aws", "gcp"])
  func registered(_ provider: String) throws {
    let path = "\(KindEstate.project)/Tests/KindsTests/Fixtures/Registered/\(provider).yaml"
    let estate = try KindEstate(
      example: provider,
      over: ["manifests/legacy.yaml": String(decoding: try LocalFiles().read(path), as: UTF8.self)])
    #expect(!estate.diagnostics.hasErrors, "\(estate.report)")
    let own = estate.desired.resources.filter {
      $0.address.text.contains("/legacy/") && $0.type.kind != "ProjectService"
    }
    #expect(!own.isEmpty && own.allSatisfy { $0.lifecycle.managementPolicy == .observe })
    expectSnapshot(own.map { estate.text(of: $0) + "\n" }.joined(separator: "\n"), named: "registered-\(provider)")
  }

  @Test("a field reaches what it feeds and nothing else", arguments: KindEdit.all)
  func edits(_ edit: KindEdit) throws {
    let before = try KindEstate(example: edit.provider)
    let path = "\(KindEstate.project)/examples/kinds/\(edit.provider)/manifests/\(edit.kind).yaml"
    let text = String(decoding: try LocalFiles().read(path), as: UTF8.self)
    try #require(text.contains(edit.old), "\(edit.old) does not stand in \(edit.kind) any more")
    let after = try KindEstate(
      example: edit.provider, over: ["manifests/\(edit.kind).yaml": text.replacing(edit.old, with: edit.new)])
    #expect(!after.diagnostics.hasErrors, "\(after.report)")
    let old = Dictionary(uniqueKeysWithValues: before.desired.resources.map { ($0.address.text, before.text(of: $0)) })
    let new = Dictionary(uniqueKeysWithValues: after.desired.resources.map { ($0.address.text, after.text(of: $0)) })
    let touched = Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }
    #expect(touched.sorted() == edit.touches.sorted())
  }
}

/// One text of a manifest exchanged, and the addresses whose wishes may differ by it.
struct KindEdit: Sendable, CustomTestStringConvertible {
  var provider: String
  var kind: String
  var old: String
  var new: String
  var touches: [String]

  var testDescription: String { "\(kind) on \(provider): \(new)" }

  static let all: [KindEdit] = [
    KindEdit(
      provider: "aws", kind: "Network", old: "accessCidrs: [198.51.100.0/24]", new: "accessCidrs: [203.0.113.0/24]",
      touches: ["Network/prod/cluster"]),
    KindEdit(
      provider: "aws", kind: "Network", old: "retentionDays: 30", new: "retentionDays: 60",
      touches: ["Network/prod/flowLogGroup"]),
    KindEdit(
      provider: "aws", kind: "Network", old: "    - {key: b, zone: us-west-2b, cidr: 10.20.48.0/20}\n",
      new: """
            - {key: b, zone: us-west-2b, cidr: 10.20.48.0/20}
            - {key: public-c, zone: us-west-2c, cidr: 10.20.8.0/22, public: true}

        """,
      touches: [
        "Cloud/prod/storeSubnets", "Network/prod/address[us-west-2c]", "Network/prod/nat[us-west-2c]",
        "Network/prod/publicRoutes", "Network/prod/subnet[public-c]",
      ]),
    KindEdit(
      provider: "aws", kind: "Storage", old: "classification: restricted", new: "classification: internal",
      touches: ["Storage/data/bucket", "Storage/data/files"]),
    KindEdit(
      provider: "aws", kind: "Cloud", old: "cloudwatch: true", new: "cloudwatch: false",
      touches: ["Cloud/prod/nodeRole"]),
    KindEdit(
      provider: "aws", kind: "Project", old: "displayName: Recommender", new: "displayName: Ranking",
      touches: ["Project/recsys/access"]),
    KindEdit(
      provider: "aws", kind: "Principal", old: "refs/heads/main", new: "refs/heads/release",
      touches: ["Principal/ci-deployer/program"]),
    KindEdit(
      provider: "aws", kind: "RoleBinding", old: "    - {group: ml-research}\n", new: "",
      touches: ["RoleBinding/recsys-writers/grant"]),
    KindEdit(
      provider: "aws", kind: "Quota", old: "minimum: 384", new: "minimum: 512",
      touches: ["Quota/recsys/increase[L-417A185B]"]),
    KindEdit(
      provider: "aws", kind: "Organization", old: "rotationDays: 180", new: "rotationDays: 365",
      touches: ["Organization/acme/key"]),
    KindEdit(
      provider: "gcp", kind: "Network", old: "ports: [\"2049\"]", new: "ports: [\"2050\"]",
      touches: ["Network/ml/firewall"]),
    KindEdit(
      provider: "gcp", kind: "RoleBinding", old: "    - {group: ml-research@acme.test}\n", new: "",
      touches: ["RoleBinding/vision-writers/grant[ml-research@acme.test]"]),
    KindEdit(
      provider: "kubernetes", kind: "Quota", old: "cpus: 200", new: "cpus: 300", touches: ["Quota/ranking/quota"]),
    KindEdit(
      provider: "kubernetes", kind: "Project", old: "labels: {team: recsys}", new: "labels: {team: ranking}",
      touches: ["Project/ranking/namespace"]),
  ]
}
