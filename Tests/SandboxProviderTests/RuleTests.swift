import ProviderKit
import Resources
import SandboxProvider
import TestSupport
import Testing
import Values

@Suite("sandbox: rules between objects")
struct RuleTests {
  private let cloud = PretendCloud()

  private func network() async throws -> Value {
    .string(try await cloud.create(PretendCatalog.network, "net", ["cidrBlock": "10.0.0.0/16"]).remote.text)
  }

  struct Dangling: Sendable {
    var name: String
    var extra: Value
    var field: String
  }

  static let danglingFields = [
    Dangling(name: "at the top", extra: ["networkId": "net-00000000000000000"], field: "networkId"),
    Dangling(name: "malformed", extra: ["networkId": "prod"], field: "networkId"),
    Dangling(name: "in a list", extra: ["subnetIds": ["sub-00000000000000000"]], field: "subnetIds"),
    Dangling(
      name: "in an item", extra: ["routes": [["destination": "0.0.0.0/0", "via": "net-00000000000000000"]]],
      field: "routes.via"),
  ]

  @Test("an object referred to has to exist, also inside lists", arguments: danglingFields)
  func dangling(_ wrong: Dangling) async throws {
    var fields: [(String, Value)] = [("networkId", try await network())]
    for entry in wrong.extra.entries {
      fields.removeAll { $0.0 == entry.key }
      fields.append((entry.key, entry.value))
    }
    let error = await failure { [fields] () async throws(ProviderError) in
      try await cloud.create(PretendCatalog.table, "t", .map(fields))
    }
    #expect(error?.reason == .invalid(field: wrong.field), "\(wrong.name)")
    #expect(error?.effect.isNone == true)
  }

  @Test("an object of another account does not count as existing")
  func otherAccount() async throws {
    let id = try await network()
    let other = PretendCloud.target("other", account: "222222222222")
    let error = await failure { () async throws(ProviderError) in
      try await cloud.create(PretendCatalog.group, "g", ["name": "g", "networkId": id], in: other)
    }
    #expect(error?.request.code == "InvalidNetworkID.NotFound")
  }

  @Test("an object in use is not deleted until its user is")
  func inUse() async throws {
    let id = try await network()
    let subnet = try await cloud.create(
      PretendCatalog.subnet, "s", ["networkId": id, "cidrBlock": "10.0.1.0/24"])
    let network = try #require(try await cloud.list(PretendCatalog.network).first)
    let error = await failure { () async throws(ProviderError) in try await cloud.delete(network) }
    #expect(error?.reason == .conflict)
    #expect(error?.request.code == "DependencyViolation")
    #expect(error?.message.contains(subnet.remote.text) == true)
    try await cloud.delete(subnet)
    try await cloud.delete(network)
    #expect(try await cloud.list(PretendCatalog.network).isEmpty)
  }

  @Test("groups may name each other and themselves in their late field, and are free once it is cleared")
  func mutual() async throws {
    let id = try await network()
    let first = try await cloud.create(PretendCatalog.group, "a", ["name": "a", "networkId": id])
    let second = try await cloud.create(PretendCatalog.group, "b", ["name": "b", "networkId": id])
    func rules(_ groups: [Observed]) -> Value {
      .list(groups.map { ["port": 443, "groupId": .string($0.remote.text)] })
    }
    _ = try await cloud.update(first, [change("rules", to: rules([first, second]))])
    _ = try await cloud.update(second, [change("rules", to: rules([first]))])
    let error = await failure { () async throws(ProviderError) in try await cloud.delete(first) }
    #expect(error?.request.code == "DependencyViolation")
    _ = try await cloud.update(second, [change("rules", to: nil, .remove)])
    try await cloud.delete(first)
    try await cloud.delete(second)
  }

  @Test("a natural key is unique within its scope and free again after a delete")
  func naturalKey() async throws {
    let id = try await network()
    let fields: Value = ["name": "g", "networkId": id]
    let first = try await cloud.create(PretendCatalog.group, "a", fields)
    let error = await failure { () async throws(ProviderError) in
      try await cloud.create(PretendCatalog.group, "b", fields)
    }
    #expect(error?.reason == .conflict)
    #expect(error?.effect.isNone == true)
    try await cloud.delete(first)
    try await cloud.create(PretendCatalog.group, "b", fields)
  }

  @Test("a global name is taken in every account, and nobody but its owner sees who holds it")
  func globalName() async throws {
    let other = PretendCloud.target("other", account: "222222222222", region: "us-east-1")
    try await cloud.create(PretendCatalog.bucket, "a", ["bucket": "data"])
    let error = await failure { () async throws(ProviderError) in
      try await cloud.create(PretendCatalog.bucket, "b", ["bucket": "data"], in: other)
    }
    #expect(error?.reason == .conflict)
    let found = try await cloud.reader(other).find(PretendCatalog.bucket, [.naturalKey(["bucket": "data"])])
    #expect(found[0].isEmpty)
  }

  @Test("a create is repeated by token where the type says so, and is a second object elsewhere")
  func repeated() async throws {
    let id = try await network()
    let subnet: Value = ["networkId": id, "cidrBlock": "10.0.1.0/24"]
    let first = try await cloud.create(PretendCatalog.subnet, "s", subnet, token: "t")
    #expect(try await cloud.create(PretendCatalog.subnet, "s", subnet, token: "t").remote == first.remote)
    let reader = try await cloud.reader()
    let byToken = try await reader.find(PretendCatalog.subnet, [.token(OperationToken("t"))])
    #expect(byToken.map { $0.map(\.remote) } == [[first.remote]])
    for token in ["1", "2"] {
      try await cloud.create(PretendCatalog.network, "same", ["cidrBlock": "10.0.0.0/16"], token: token)
    }
    let marked = try await reader.find(PretendCatalog.network, [.marker(cloud.marker("same"))])
    #expect(marked[0].count == 2)
  }

  @Test("evidence finds by marker and natural key, and nothing for what is not there")
  func find() async throws {
    let id = try await network()
    let group = try await cloud.create(PretendCatalog.group, "g", ["name": "g", "networkId": id])
    var other = cloud.marker("g")
    other.incarnation = 2
    let found = try await cloud.reader().find(
      PretendCatalog.group,
      [
        .marker(cloud.marker("g")), .marker(other), .naturalKey(["name": "g", "networkId": id]),
        .naturalKey(["name": "x", "networkId": id]), .token(OperationToken("g")),
      ])
    #expect(found.map { $0.map(\.remote) } == [[group.remote], [], [group.remote], [], []])
  }

  @Test("an update writes the marker it is given")
  func remark() async throws {
    _ = try await network()
    let network = try #require(try await cloud.list(PretendCatalog.network).first)
    var marker = cloud.marker("moved")
    marker.isProtected = true
    let changes = FieldChanges(changes: [], desired: [:], marker: marker)
    let changed = try await cloud.writer().update(changes, of: network, OperationToken("u"), .ignore)
    #expect(changed.marker == marker)
    #expect(
      try await cloud.reader().find(PretendCatalog.network, [.marker(marker)])[0].first?.remote
        == network.remote)
  }
}
