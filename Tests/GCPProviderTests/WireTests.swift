import GCPClient
import Resources
import Schemas
import Testing
import Values

@testable import GCPProvider

@Suite("markers on objects of Google Cloud")
struct MarkerTests {
  private func labels(_ marker: Marker) -> Value {
    .map(LabelMarker.labels(marker).map { ($0.key, Value.string($0.value)) })
  }

  @Test(
    "a marker goes through labels and descriptions and comes back",
    arguments: [
      "Network/prod/subnet[us-west-2a]", "gcp.Bucket/data_1.eu", "RoleBinding/x/grant[ana@acme.test]",
      "Principal/ci/login[repo:acme/web:ref:refs/heads/main]", "Cloud/Ä/a b[50% of it]",
      "Project/" + String(repeating: "long-name/", count: 15) + "x",
    ])
  func roundTrip(_ address: String) throws {
    let scope = ScopeID(estate: "est-7f3c9a", environment: "prod")
    let marker = Marker(scope: scope, address: Address(address), incarnation: 3, isProtected: true)
    let labels = labels(marker)
    #expect(LabelMarker.marker(labels) == marker)
    for entry in labels.entries {
      let value = try #require(entry.value.string)
      #expect(value.utf8.count <= 63 && !value.isEmpty)
      #expect(value.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "_" || $0 == "-") })
      #expect(LabelMarker.isOwn(entry.key))
    }
    let (description, found) = DescriptionMarker.split(DescriptionMarker.text("Web [tier]", marker))
    #expect(description == "Web [tier]")
    #expect(found == marker)
  }

  @Test("an address longer than all its labels is written as its hash, which is the same each time")
  func hashed() {
    let address = Address("Project/" + String(repeating: "Very/Long/", count: 60))
    let marker = Marker(scope: ScopeID(estate: "est-1", environment: nil), address: address)
    let labels = labels(marker)
    #expect(labels["plumb-address"]?.string?.hasPrefix("_h") == true)
    #expect(labels["plumb-address-2"] == nil)
    #expect(labels == self.labels(marker))
  }

  @Test("a description of somebody else's holds no marker and stays as it is")
  func foreign() {
    for text in ["Web", "Web [plumb]", "[plumb a b c d]", "a [plumb x"] {
      let (description, marker) = DescriptionMarker.split(text)
      #expect(description == text)
      #expect(marker == nil)
    }
    #expect(DescriptionMarker.split("").description == nil)
  }
}

@Suite("changes as requests of Google Cloud")
struct EditTests {
  private static let schema = Schema([
    Field("name", .string, [], "A name."), Field("labels", .map(.string), [], "Labels."),
    Field(
      "config",
      .object(Schema([Field("mode", .string, [], "A mode."), Field("size", .int, [], "A size.")])), [], "Settings."),
    Field(
      "rules",
      .list(
        .object(Schema([Field("id", .string, .required, "An id."), Field("ipProtocol", .string, [], "A protocol.")])),
        .keyed(by: "id")), [], "Rules."),
  ])
  private static let codec = FieldCodec(names: ["rules.ipProtocol": "IPProtocol"])
  private static let current: Value = [
    "name": "n", "labels": ["a": "1", "b": "2"], "config": ["mode": "x", "size": 3],
    "rules": [["id": "one", "ipProtocol": "tcp"], ["id": "two"]],
  ]

  private func change(_ path: String..., to after: Value?, _ effect: FieldChange.Effect = .set) -> FieldChange {
    FieldChange(path: ValuePath(path.map { .key($0) }), before: nil, after: after, effect: effect)
  }

  @Test("a mask names the changed leaf of an object, and maps and lists whole")
  func mask() {
    let edits = FieldEdits(
      [
        change("config", "mode", to: "y"), change("labels", "a", to: nil, .remove),
        change("rules", "two", "ipProtocol", to: "udp"), change("name", to: "kept", .release),
      ], over: Self.current, Self.schema, .mask)
    #expect(edits.mask(Self.codec) == "config.mode,labels,rules")
    #expect(
      edits.body(Self.codec, Self.schema) == [
        "config": ["mode": "y"], "labels": ["b": "2"],
        "rules": [["id": "one", "IPProtocol": "tcp"], ["id": "two", "IPProtocol": "udp"]],
      ])
  }

  @Test("a merge patch names the changed keys of a map, and nulls what goes")
  func patch() {
    let edits = FieldEdits(
      [
        change("labels", "a", to: nil, .remove), change("labels", "c", to: "3"), change("name", to: nil, .remove),
        change("rules", "one", to: nil, .remove),
      ], over: Self.current, Self.schema, .patch)
    #expect(
      edits.body(Self.codec, Self.schema) == [
        "labels": ["a": nil, "c": "3"], "name": nil, "rules": [["id": "two"]],
      ])
  }
}

@Suite("policies of Google Cloud")
struct PolicyTests {
  private static let raw: Value = [
    "etag": "ACAB", "auditConfigs": [["service": "allServices"]],
    "bindings": [
      ["role": "roles/viewer", "members": ["user:ana@acme.test", "deleted:user:bo@acme.test?uid=1"]],
      ["role": "roles/viewer", "members": ["group:a@acme.test"], "condition": ["title": "t", "expression": "true"]],
    ],
  ]

  private func grant(_ member: String, _ condition: Value? = nil) -> Grant {
    Grant(role: "roles/viewer", members: [member], condition: condition)
  }

  @Test("a grant is added and removed, and everything else stays as it came")
  func edits() {
    var policy = IAMPolicy(raw: Self.raw)
    policy.add(grant("user:cy@acme.test"))
    #expect(policy.raw["etag"] == "ACAB")
    #expect(policy.raw["auditConfigs"] == Self.raw["auditConfigs"])
    #expect(
      policy.raw["bindings"]?[0]?["members"] == [
        "user:ana@acme.test", "deleted:user:bo@acme.test?uid=1", "user:cy@acme.test",
      ])
    #expect(policy.raw["bindings"]?[1] == Self.raw["bindings"]?[1])
    policy.remove(grant("user:CY@acme.test"))
    #expect(policy.raw == Self.raw)
    policy.add(grant("USER:ana@acme.test"))
    #expect(policy.raw == Self.raw)
  }

  @Test("a condition makes a grant another one, and a binding without members goes")
  func conditions() {
    var policy = IAMPolicy(raw: Self.raw)
    policy.remove(grant("group:a@acme.test"))
    #expect(policy.raw == Self.raw)
    policy.remove(grant("group:a@acme.test", ["title": "t", "expression": "true"]))
    #expect(policy.raw["bindings"]?.count == 1)
  }
}

@Suite("names and requests of Google Cloud")
struct NameTests {
  @Test("an id gives back the fields it was made of")
  func fields() {
    let subnetwork = IdentityPath("projects/{account}/regions/{region}/subnetworks/{name}")
    #expect(subnetwork.fields(of: "projects/acme/regions/eu/subnetworks/ml") == ["region": "eu", "name": "ml"])
    #expect(subnetwork.fields(of: "projects/acme/regions/eu/networks/ml") == nil)
    let key = IdentityPath("{keyRing}/cryptoKeys/{cryptoKeyId}")
    let ring = "projects/acme/locations/eu/keyRings/ml"
    #expect(key.fields(of: "\(ring)/cryptoKeys/data") == ["keyRing": ring, "cryptoKeyId": "data"])
    let account = IdentityPath("projects/{account}/serviceAccounts/{accountId}@{account}.iam.gserviceaccount.com")
    #expect(
      account.fields(of: "projects/acme/serviceAccounts/ci@acme.iam.gserviceaccount.com") == ["accountId": "ci"])
  }

  @Test("a token is the same UUID each time, and another token another one")
  func requestID() {
    let one = OperationToken("a").requestID
    #expect(one == OperationToken("a").requestID)
    #expect(one != OperationToken("b").requestID)
    let form = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/
    #expect(one.wholeMatch(of: form) != nil)
  }

  @Test("full URLs, paths and ends of paths are one name")
  func links() {
    let field = Field("network", .string, [], equality: .link, "A network.")
    let url = Value.string("https://www.googleapis.com/compute/v1/projects/acme/global/networks/ml")
    for same: Value in ["projects/acme/global/networks/ml", "global/networks/ml", "ml"] {
      #expect(field.equal(url, same))
    }
    for other: Value in ["projects/other/global/networks/ml", "global/networks/l", "", "global/subnetworks/ml"] {
      #expect(!field.equal(url, other))
    }
  }
}
