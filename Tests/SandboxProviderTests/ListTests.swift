import Platform
import ProviderKit
import Resources
import SandboxProvider
import TestSupport
import Testing
import Values

@Suite("sandbox: lists and persistence")
struct ListTests {
  @Test("pages hold as many objects as asked for, in order, and each object once", arguments: [1, 2, 3, 7])
  func pages(_ count: Int) async throws {
    let cloud = PretendCloud(pageSize: 2)
    for index in 0..<count {
      try await cloud.create(PretendCatalog.bucket, "\(index)", ["bucket": .string("b\(index)")])
    }
    let reader = try await cloud.reader()
    let first = try await reader.list(PretendCatalog.bucket, .all, after: nil)
    #expect(first.items.count == min(2, count))
    #expect((first.next == nil) == (count <= 2))
    #expect(try await cloud.list(PretendCatalog.bucket).map(\.remote.text) == (0..<count).map { "b\($0)" })
  }

  @Test("lists keep accounts, regions and types apart")
  func apart() async throws {
    let cloud = PretendCloud()
    let west = PretendCloud.target("west", account: "111111111111", region: "us-west-2")
    try await cloud.create(PretendCatalog.network, "a", ["cidrBlock": "10.0.0.0/16"])
    try await cloud.create(PretendCatalog.network, "b", ["cidrBlock": "10.1.0.0/16"], in: west)
    #expect(try await cloud.list(PretendCatalog.network).map { $0.fields["cidrBlock"] } == ["10.0.0.0/16"])
    #expect(
      try await cloud.list(PretendCatalog.network, in: west).map { $0.fields["cidrBlock"] } == ["10.1.0.0/16"]
    )
    #expect(try await cloud.list(PretendCatalog.bucket).isEmpty)
  }

  @Test("a list of a scope holds that scope's objects")
  func scoped() async throws {
    let cloud = PretendCloud()
    try await cloud.create(PretendCatalog.network, "a", ["cidrBlock": "10.0.0.0/16"])
    #expect(try await cloud.list(PretendCatalog.network, .scope(cloud.scope)).count == 1)
    #expect(try await cloud.list(PretendCatalog.network, .scope(ScopeID(estate: "est-2"))).isEmpty)
  }

  @Test("a target's identity is its account and region, and says that it is a sandbox")
  func identity() async throws {
    let cloud = PretendCloud()
    let identity = try await cloud.provider.identify(cloud.target)
    #expect(
      identity
        == TargetIdentity(
          target: TargetName("main"), provider: "pretend", account: "111111111111", region: "eu-west-1",
          endpoint: "sandbox"))
  }

  @Test("objects, references and markers outlive the process that made them")
  func reopened() async throws {
    let folder = TemporaryDirectory()
    let location = Sandbox.Location.directory(folder.file("cloud"))
    let first = PretendCloud(location)
    let network = try await first.create(PretendCatalog.network, "n", ["cidrBlock": "10.0.0.0/16"])
    try await first.create(
      PretendCatalog.subnet, "s", ["networkId": .string(network.remote.text), "cidrBlock": "10.0.1.0/24"])
    let second = PretendCloud(location, seed: 2)
    let read = try await second.read(network)
    #expect(read?.fields == network.fields)
    #expect(read?.marker == network.marker)
    let error = await failure { () async throws(ProviderError) in try await second.delete(network) }
    #expect(error?.request.code == "DependencyViolation")
  }

  @Test("two sandboxes on one folder see each other's writes")
  func shared() async throws {
    let folder = TemporaryDirectory()
    let location = Sandbox.Location.directory(folder.file("cloud"))
    let (first, second) = (PretendCloud(location, seed: 1), PretendCloud(location, seed: 2))
    try await first.create(PretendCatalog.bucket, "a", ["bucket": "a"])
    try await second.create(PretendCatalog.bucket, "b", ["bucket": "b"])
    #expect(try await first.list(PretendCatalog.bucket).count == 2)
    let error = await failure { () async throws(ProviderError) in
      try await second.create(PretendCatalog.bucket, "c", ["bucket": "a"])
    }
    #expect(error?.reason == .conflict)
  }

  @Test("reads by id come in batches, with the missing ones absent")
  func batches() async throws {
    let cloud = PretendCloud()
    var ids: [RemoteID] = []
    for index in 0..<230 {
      ids.append(
        try await cloud.create(PretendCatalog.bucket, "\(index)", ["bucket": .string("b\(index)")]).remote)
    }
    let found = try await cloud.reader().read(PretendCatalog.bucket, ids + [RemoteID("nothing")])
    #expect(Set(found.map(\.remote)) == Set(ids))
    #expect(found.count == ids.count)
  }
}
