import Applying
import Cryptography
import Inventory
import ProviderKit
import Resources
import Schemas
import Testing
import Values

/// What an update has sent may be shown in other words.
@Suite struct RecoveryEqualityTests {
  private let type = ResourceType(
    TypeName("aws/Thing"), "A thing.",
    schema: Schema([
      Field("range", .string, [], equality: .cidr, "Its range."),
      Field("names", .list(.string, .unordered), [], "Names."), Field("tags", .map(.string), [], "Tags."),
      Field("policy", .any, [], equality: .jsonPolicy, "Who may."),
      Field("password", .string, .sensitive, "A secret."), Field("seed", .string, .writeOnly, "Only sent."),
    ]), identity: Identity(idPrefix: "t-"), marker: .tags, recovery: .markerOnCreate, scope: .region)

  private func settle(_ owned: Value, _ fields: Value, unreadable: [String] = []) -> Resolution? {
    var planned = StoreBattery.record("a", owned: owned)
    planned.type = type.name
    var intent = StoreBattery.intent("o1", "a")
    intent.operation = "update"
    intent.planned = planned
    var object = Observed(type: type.name, remote: planned.remote, fields: fields)
    object.unreadable = unreadable
    return Recovery.settle(intent, .found(object), [planned.key: planned], TypeCatalog([type])).resolution
  }

  @Test("an update is done where the object means what was sent, in whatever words")
  func same() {
    let key = HashKey(Array("0123456789abcdef".utf8))
    let secret = SensitiveHash.sealed(Value.string("s3cret").markedSensitive, key: key)
    let sent: Value = [
      "range": "10.0.0.9/16", "names": ["b", "a"], "tags": ["k": "v"], "password": secret, "seed": "x",
      "policy": ["Version": "2012-10-17", "Statement": [["Effect": "Allow", "Action": "s3:*"]]],
    ]
    let shown: Value = [
      "range": "10.0.0.0/16", "names": ["a", "b"], "tags": ["k": "v", "theirs": "x"],
      "policy": ["Version": "2012-10-17", "Statement": ["Effect": "Allow", "Action": ["s3:*"]]],
    ]
    #expect(settle(sent, shown) == .done(RemoteID("vpc-a")))
    #expect(settle(["range": "10.0.0.0/16"], [:], unreadable: ["range"]) == .done(RemoteID("vpc-a")))
  }

  @Test(
    "an update is not done where one field says something else",
    arguments: [
      ["range": "10.0.0.0/17"], ["names": ["a", "c"]], ["tags": ["k": "w"]], ["tags": [:]],
      ["policy": ["Version": "2012-10-17", "Statement": []]],
    ] as [Value])
  func different(_ shown: Value) {
    let sent: Value = [
      "range": "10.0.0.0/16", "names": ["a", "b"], "tags": ["k": "v"],
      "policy": ["Version": "2012-10-17", "Statement": [["Effect": "Allow", "Action": "s3:*"]]],
    ]
    let name = shown.keys.first ?? ""
    let wanted = Value.map([(name, sent[name] ?? .null)])
    #expect(settle(wanted, wanted) == .done(RemoteID("vpc-a")))
    #expect(settle(wanted, shown) == .absent)
  }
}
