import ProviderKit
import Resources
import SandboxProvider
import TestSupport
import Testing
import Values

@Suite("sandbox: objects")
struct ObjectTests {
  private let cloud = PretendCloud()

  @Test("a new object has an id of its type's form, defaults, and values of the service")
  func create() async throws {
    let made = try await cloud.create(
      PretendCatalog.network, "a",
      ["cidrBlock": "10.0.0.0/16", "options": ["label": "x"], "tags": ["team": "ml"]])
    #expect(made.remote.text.wholeMatch(of: /net-[0-9a-f]{17}/) != nil)
    #expect(made.isReady)
    #expect(made.marker == cloud.marker("a"))
    #expect(
      made.fields == [
        "cidrBlock": "10.0.0.0/16", "tenancy": "default", "dnsSupport": true,
        "options": ["label": "x", "size": 3], "tags": ["team": "ml"], "state": "available",
        "ownerId": "111111111111",
        "arn": .string("arn:pretend:sandbox:eu-west-1:111111111111:network/\(made.remote)"), "domain": [:],
      ])
    let read = try await cloud.read(made)
    #expect(read?.fields == made.fields)
    #expect(read?.marker == made.marker)
  }

  @Test("an id that is a written field is that field")
  func idField() async throws {
    let made = try await cloud.create(PretendCatalog.bucket, "b", ["bucket": "acme-data"])
    #expect(made.remote == RemoteID("acme-data"))
  }

  struct Wrong: Sendable {
    var name: String
    var fields: Value
    var field: String
  }

  static let wrongInputs = [
    Wrong(name: "an unknown field", fields: ["cidrBlock": "10.0.0.0/16", "colour": "red"], field: "colour"),
    Wrong(name: "a missing field", fields: ["tags": [:]], field: "cidrBlock"),
    Wrong(name: "a computed field", fields: ["cidrBlock": "10.0.0.0/16", "ownerId": "1"], field: "ownerId"),
    Wrong(name: "a wrong type", fields: ["cidrBlock": 10], field: "cidrBlock"),
    Wrong(
      name: "a type inside", fields: ["cidrBlock": "10.0.0.0/16", "options": ["size": "big"]],
      field: "options.size"),
    Wrong(
      name: "a field inside", fields: ["cidrBlock": "10.0.0.0/16", "options": ["sise": 1]],
      field: "options.sise"),
    Wrong(name: "a choice", fields: ["cidrBlock": "10.0.0.0/16", "tenancy": "shared"], field: "tenancy"),
  ]

  @Test("wrong input is refused without effect", arguments: wrongInputs)
  func refused(_ wrong: Wrong) async throws {
    let error = await failure { () async throws(ProviderError) in
      try await cloud.create(PretendCatalog.network, "a", wrong.fields)
    }
    #expect(error?.reason == .invalid(field: wrong.field), "\(wrong.name)")
    #expect(error?.effect.isNone == true)
    #expect(try await cloud.list(PretendCatalog.network).isEmpty)
  }

  @Test("a type that the provider does not have is unsupported")
  func unknownType() async throws {
    let error = await failure { () async throws(ProviderError) in
      try await cloud.list(TypeName("pretend/Nothing"))
    }
    #expect(error?.reason == .unsupported)
  }

  @Test("changes are applied at their paths and leave everything else alone")
  func update() async throws {
    let network = try await cloud.create(
      PretendCatalog.network, "a",
      ["cidrBlock": "10.0.0.0/16", "dnsSupport": false, "tags": ["a": "1", "b": "2"]])
    let changed = try await cloud.update(
      network,
      [
        change("tags.a", to: "9"), change("tags.b", to: nil, .remove), change("tags.c", to: "3"),
        change("dnsSupport", to: true, .reset), change("options.label", to: "x"),
      ])
    #expect(changed.fields["tags"] == ["a": "9", "c": "3"])
    #expect(changed.fields["dnsSupport"] == true)
    #expect(changed.fields["options"] == ["label": "x", "size": 3])
    #expect(changed.fields["arn"] == network.fields["arn"])
    #expect(try await cloud.read(network)?.fields == changed.fields)
  }

  @Test("items of keyed lists are changed one by one, and a set takes the value now known")
  func keyedUpdate() async throws {
    let network = try await cloud.create(PretendCatalog.network, "a", ["cidrBlock": "10.0.0.0/16"])
    let table = try await cloud.create(
      PretendCatalog.table, "t",
      [
        "networkId": .string(network.remote.text),
        "routes": [["destination": "0.0.0.0/0"], ["destination": "10.1.0.0/16"]],
      ])
    let via = Value.string(network.remote.text)
    let changed = try await cloud.update(
      table,
      [
        change("routes[\"0.0.0.0/0\"].via", to: nil), change("routes[\"10.1.0.0/16\"]", to: nil, .remove),
        change("routes[\"10.2.0.0/16\"]", to: ["destination": "10.2.0.0/16"]),
      ], desired: ["routes": [["destination": "0.0.0.0/0", "via": via], ["destination": "10.2.0.0/16"]]])
    #expect(
      changed.fields["routes"] == [["destination": "0.0.0.0/0", "via": via], ["destination": "10.2.0.0/16"]])
  }

  @Test("a field that cannot change is refused, and nothing of the update is done")
  func immutable() async throws {
    let network = try await cloud.create(PretendCatalog.network, "a", ["cidrBlock": "10.0.0.0/16"])
    let error = await failure { () async throws(ProviderError) in
      try await cloud.update(network, [change("tags.a", to: "1"), change("cidrBlock", to: "10.9.0.0/16")])
    }
    #expect(error?.reason == .invalid(field: "cidrBlock"))
    #expect(error?.effect.isNone == true)
    #expect(try await cloud.read(network)?.fields == network.fields)
  }

  @Test("an update of what is gone is not found; deleting it again is a success")
  func gone() async throws {
    let network = try await cloud.create(PretendCatalog.network, "a", ["cidrBlock": "10.0.0.0/16"])
    try await cloud.delete(network)
    try await cloud.delete(network)
    #expect(try await cloud.read(network) == nil)
    let error = await failure { () async throws(ProviderError) in
      try await cloud.update(network, [change("tags.a", to: "1")])
    }
    #expect(error?.reason == .notFound)
    #expect(cloud.log.effects.filter { $0.operation == .delete }.count == 1)
  }

  @Test("a secret is not kept, not even in the file, and what is only sent is not returned")
  func secrets() async throws {
    let folder = TemporaryDirectory()
    let cloud = PretendCloud(.directory(folder.file("cloud")))
    let bucket = try await cloud.create(
      PretendCatalog.bucket, "b", ["bucket": "data", "password": "hunter2-canary"])
    let tagged = try await cloud.update(
      bucket, [change("tags", to: nil)],
      desired: ["tags": ["t": Value.string("hunter3-canary").markedSensitive, "u": "v"]])
    #expect(bucket.fields["password"] == nil)
    #expect(tagged.fields["tags"] == ["u": "v"])
    for file in ["cloud/sandbox.db", "cloud/sandbox.db-wal"] {
      let bytes = TextFile.read(folder.file(file)) ?? ""
      #expect(!bytes.contains("canary"), "\(file)")
    }
    let network = try await cloud.create(PretendCatalog.network, "n", ["cidrBlock": "10.0.0.0/16"])
    let table = try await cloud.create(
      PretendCatalog.table, "t", ["networkId": .string(network.remote.text), "seed": "s"])
    #expect(table.fields["seed"] == nil)
  }

  @Test("the same seed makes the same cloud, another seed another one")
  func seeds() async throws {
    var ids: [RemoteID] = []
    for seed in [7, 7, 8] as [UInt64] {
      let cloud = PretendCloud(seed: seed)
      ids.append(try await cloud.create(PretendCatalog.network, "a", ["cidrBlock": "10.0.0.0/16"]).remote)
    }
    #expect(ids[0] == ids[1])
    #expect(ids[0] != ids[2])
  }
}
