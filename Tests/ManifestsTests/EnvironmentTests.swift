import Diagnostics
import Manifests
import Platform
import TestSupport
import Testing
import Values

@Suite("Environments and overlays")
struct EnvironmentTests {
  private static let net = EstateFiles.manifest(
    "Net", "main",
    "\n  cidr: 10.0.0.0/16\n  zones: [a, b]\n  tags: {owner: me, tier: low}\n  subnets:\n"
      + "    - {key: a, cidr: 10.0.1.0/24, tags: {x: '1'}}\n    - {key: b, cidr: 10.0.2.0/24}")

  private func load(overlays: String, _ manifests: String = net) -> LoadedEstate {
    EstateFiles.load(
      [
        "plumb.yaml": EstateFiles.head, "manifests/net.yaml": manifests,
        "environments/prod.yaml": EstateFiles.environment + "spec:\n  overlays:\n" + overlays,
      ], "prod")
  }

  private func spec(_ loaded: LoadedEstate) -> Value { loaded.documents.first?.spec ?? .null }

  @Test("maps merge, keyed lists merge by key, other lists replace, null removes")
  func merging() {
    let loaded = load(
      overlays: "    - match: {kind: aws.Net, name: main}\n      merge:\n        spec:\n          cidr: null\n"
        + "          zones: [c]\n          tags: {tier: high, new: '1'}\n          subnets:\n"
        + "            - {key: a, tags: {y: '2'}}\n            - {key: c, cidr: 10.0.3.0/24}\n")
    #expect(loaded.diagnostics.isEmpty, "\(loaded.diagnostics)")
    let expected: Value = [
      "zones": ["c"], "tags": ["owner": "me", "tier": "high", "new": "1"],
      "subnets": [
        ["key": "a", "cidr": "10.0.1.0/24", "tags": ["x": "1", "y": "2"]], ["key": "b", "cidr": "10.0.2.0/24"],
        ["key": "c", "cidr": "10.0.3.0/24"],
      ],
    ]
    #expect(spec(loaded) == expected, "\(spec(loaded))")
  }

  @Test("a map over a keyed list names its items, and null removes one")
  func keyedByMap() {
    let loaded = load(
      overlays: "    - match: {kind: aws.Net}\n"
        + "      merge: {spec: {subnets: {a: null, b: {cidr: 10.0.9.0/24}, d: {cidr: 10.0.4.0/24}}}}\n")
    #expect(loaded.diagnostics.isEmpty, "\(loaded.diagnostics)")
    #expect(
      spec(loaded)["subnets"] == [
        ["key": "b", "cidr": "10.0.9.0/24"], ["key": "d", "cidr": "10.0.4.0/24"],
      ])
  }

  @Test(
    "keyed lists of a kind that the estate itself defines merge by key too", arguments: ["plumb", "manifests/kind"])
  func ownKinds(file: String) {
    let blueprint = """
      ---
      apiVersion: plumb.dev/v1
      kind: Blueprint
      metadata: {name: net}
      spec:
        defines: {apiVersion: acme.dev/v1, kind: Net}
        schema:
          properties:
            subnets:
              type: array
              x-kubernetes-list-type: map
              x-kubernetes-list-map-keys: [key]
              items: {properties: {key: {type: string, pattern: "^[a-z]$"}, cidr: {type: string}}}

      """
    let net =
      "apiVersion: acme.dev/v1\nkind: Net\nmetadata: {name: main}\nspec: {subnets: [{key: a, cidr: x}, {key: b}]}\n"
    let overlay = "spec:\n  overlays:\n    - match: {kind: Net}\n      merge: {spec: {subnets: [{key: b, cidr: z}]}}\n"
    var files = ["plumb.yaml": EstateFiles.head, "manifests/net.yaml": net]
    files["environments/prod.yaml"] = EstateFiles.environment + overlay
    files["\(file).yaml", default: ""] += blueprint
    let loaded = EstateFiles.load(files, "prod")
    #expect(loaded.diagnostics.isEmpty, "\(loaded.diagnostics)")
    let found = loaded.documents.first { $0.kind == "Net" }?.spec?["subnets"]
    #expect(found == [["key": "a", "cidr": "x"], ["key": "b", "cidr": "z"]])
  }

  @Test("every value keeps the file and line that it was written in")
  func provenance() {
    let loaded = load(
      overlays: "    - match: {kind: aws.Net, name: main}\n      merge:\n        spec:\n          tags: {tier: high}\n"
        + "          subnets:\n            - {key: b, cidr: 10.0.9.0/24}\n")
    let spec = spec(loaded)
    #expect(spec["cidr"]?.origin?.description == "manifests/net.yaml:5:9")
    #expect(spec["tags"]?["owner"]?.origin?.file == "manifests/net.yaml")
    #expect(spec["tags"]?["tier"]?.origin?.description == "environments/prod.yaml:9:24")
    #expect(spec["tags"]?.entries.first { $0.key == "tier" }?.keyOrigin?.description == "environments/prod.yaml:9:18")
    #expect(spec["tags"]?.entries.first { $0.key == "owner" }?.keyOrigin?.description == "manifests/net.yaml:7:10")
    #expect(spec["subnets"]?[1]?["cidr"]?.origin?.description == "environments/prod.yaml:11:30")
    #expect(spec["subnets"]?[0]?["cidr"]?.origin?.file == "manifests/net.yaml")
  }

  @Test("kind and name are patterns, overlays follow each other, and targets have them too")
  func patterns() {
    let target =
      "---\napiVersion: plumb.dev/v1\nkind: Target\nmetadata: {name: main}\nspec: {aws: {accountId: '1', region: a}}\n"
    let loaded = load(
      overlays: "    - {match: {kind: 'aws.*', name: 'm*'}, merge: {metadata: {protect: true}}}\n"
        + "    - {match: {kind: aws.Net}, merge: {spec: {cidr: 10.2.0.0/16}}}\n"
        + "    - {match: {kind: Target, name: main}, merge: {spec: {aws: {accountId: '2'}}}}\n",
      Self.net + "---\n" + EstateFiles.manifest("Vpc", "other", "{cidr: 10.9.0.0/16}") + target)
    #expect(loaded.diagnostics.isEmpty, "\(loaded.diagnostics)")
    #expect(loaded.documents.map { $0.spec?["cidr"] } == ["10.2.0.0/16", "10.9.0.0/16"])
    #expect(loaded.documents.map { $0.metadata?["protect"]?.bool } == [true, nil])
    #expect(loaded.estate.targets.first?.settings["aws"] == ["accountId": "2", "region": "a"])
  }

  @Test("an environment has manifests of its own: in its file, and where its patterns find them")
  func ownManifests() {
    let loaded = EstateFiles.load(
      [
        "plumb.yaml": EstateFiles.head + "spec: {include: ['**/*.yaml']}\n", "a.yaml": Self.net,
        "environments/prod.yaml": EstateFiles.environment + "spec: {include: ['environments/prod/*.yaml']}\n---\n"
          + EstateFiles.manifest("Vpc", "in-file", "{}"),
        "environments/prod/b.yaml": EstateFiles.manifest("Vpc", "in-folder", "{}"),
        "environments/dev.yaml": "x", "environments/dev/b.yaml": "x",
      ], "prod")
    #expect(loaded.diagnostics.isEmpty, "\(loaded.diagnostics)")
    #expect(loaded.documents.map(\.name).sorted() == ["in-file", "in-folder", "main"])
    #expect(loaded.files == ["plumb.yaml", "environments/prod.yaml", "a.yaml", "environments/prod/b.yaml"])
    #expect(loaded.environment?.name == "prod")
  }

  @Test("the digest of a plan's manifests counts the environment")
  func digest() {
    let files = [
      "plumb.yaml": EstateFiles.head, "environments/prod.yaml": EstateFiles.environment,
      "environments/dev.yaml": EstateFiles.environment.replacingOccurrence("prod", "dev"),
    ]
    #expect(EstateFiles.load(files, "prod").digest != EstateFiles.load(files, "dev").digest)
  }

  @Test("an environment must be chosen where there are some, and nowhere else")
  func selection() {
    let some = ["plumb.yaml": EstateFiles.head, "environments/prod.yaml": EstateFiles.environment]
    #expect(EstateFiles.load(some, nil).diagnostics.map(\.code) == [.environmentSelection])
    #expect(EstateFiles.load(some, "prd").diagnostics.first?.hints == ["did you mean `prod`?"])
    #expect(EstateFiles.load(some, "prod").diagnostics.isEmpty)
    let none = ["plumb.yaml": EstateFiles.head, "environments/notes.txt": ""]
    #expect(EstateFiles.load(none, nil).diagnostics.isEmpty)
    #expect(EstateFiles.load(none, "prod").diagnostics.map(\.code) == [.environmentSelection])
  }

  @Test("what is wrong with an environment stands where it is written")
  func wrong() {
    let loaded = EstateFiles.load(
      [
        "plumb.yaml": EstateFiles.head, "manifests/net.yaml": Self.net + "---\n" + EstateFiles.environment,
        "environments/prod.yaml": EstateFiles.environment.replacingOccurrence("prod", "production")
          + "spec:\n  extra: 1\n  include: [../x]\n  overlays:\n    - {match: {kind: Net}, merge: {spec: {}}}\n"
          + "    - {match: {kind: aws.Net, name: mian}, merge: {spec: {}}}\n"
          + "    - {match: {kind: aws.Net}, merge: {kind: Other}}\n"
          + "    - {match: {kind: aws.Net}, merge: {metadata: {name: other}}}\n"
          + "    - {match: {kind: aws.Net}}\n"
          + "    - {match: {kind: Estate}, merge: {metadata: {labels: {}}, spec: {variables: {}}}}\n"
          + "---\n" + EstateFiles.environment,
        "environments/prod.yml": "", "environments/a b.yaml": "",
      ], "prod")
    expectSnapshot(EstateFiles.text(loaded))
  }
}

extension String {
  /// The text with the first occurrence of a word replaced.
  func replacingOccurrence(_ word: String, _ other: String) -> String {
    guard let range = ranges(of: word).first else { return self }
    return replacingCharacters(in: range, with: other)
  }

  private func replacingCharacters(in range: Range<String.Index>, with other: String) -> String {
    String(self[..<range.lowerBound]) + other + String(self[range.upperBound...])
  }
}
