import ProviderKit
import Resources
import SandboxProvider
import Testing
import Values

@Suite("sandbox: the battery that every provider passes")
struct BatteryTests {
  static let samples: [BatterySample] = [
    BatterySample(
      PretendCatalog.network, "net",
      updated: { _ in ["cidrBlock": "10.0.0.0/16", "tags": ["a": "2", "c": "3"]] },
      fields: { _ in ["cidrBlock": "10.0.0.0/16", "dnsSupport": false, "tags": ["a": "1", "b": "1"]] }),
    BatterySample(PretendCatalog.network, "net-2", fields: { _ in ["cidrBlock": "10.1.0.0/16"] }),
    BatterySample(PretendCatalog.network, "net-3", fields: { _ in ["cidrBlock": "10.2.0.0/16"] }),
    BatterySample(
      PretendCatalog.subnet, "sub",
      updated: { ["networkId": $0.id("net"), "cidrBlock": "10.0.1.0/24", "tags": ["x": "y"]] },
      fields: { ["networkId": $0.id("net"), "cidrBlock": "10.0.1.0/24"] }),
    BatterySample(
      PretendCatalog.group, "one", late: { ["rules": [["port": 443, "groupId": $0.id("two")]]] },
      fields: { ["name": "one", "networkId": $0.id("net")] }),
    BatterySample(
      PretendCatalog.group, "two",
      late: { ["rules": [["port": 1, "groupId": $0.id("one")], ["port": 2, "groupId": $0.id("two")]]] },
      fields: { ["name": "two", "networkId": $0.id("net")] }),
    BatterySample(
      PretendCatalog.bucket, "data",
      updated: { _ in ["bucket": "data", "password": "p2", "tags": ["a": "b"]] },
      late: { ["policy": ["Statement": [["Resource": $0.field("data", "arn")]]]] },
      fields: { _ in ["bucket": "data", "password": "p1"] }),
    BatterySample(
      PretendCatalog.table, "table",
      updated: {
        [
          "networkId": $0.id("net"), "routes": [["destination": "10.9.0.0/16", "via": $0.id("net")]],
          "subnetIds": [$0.id("sub")],
        ]
      },
      fields: { ["networkId": $0.id("net"), "routes": [["destination": "0.0.0.0/0"]], "seed": "s"] }),
  ]

  @Test("the sandbox passes, with pages of two")
  func passes() async {
    let cloud = PretendCloud(pageSize: 2)
    let battery = ProviderBattery(cloud.provider, cloud.target, Self.samples, pageSize: 2)
    #expect(await battery.failures() == [])
    #expect(cloud.log.effects.filter { $0.operation == .delete }.count == Self.samples.count)
  }

  @Test("a sandbox whose objects are slow to be ready passes too")
  func slow() async {
    var plan = FaultPlan()
    plan.readiness = .seconds(60)
    plan.latency = .milliseconds(20)
    let cloud = PretendCloud(faults: plan)
    #expect(await ProviderBattery(cloud.provider, cloud.target, Self.samples).failures() == [])
  }

  @Test("a broken provider is found out", arguments: BrokenProvider.Defect.allCases)
  func broken(_ defect: BrokenProvider.Defect) async {
    let cloud = PretendCloud()
    let provider = BrokenProvider(base: cloud.provider, defect: defect)
    let failures = await ProviderBattery(provider, cloud.target, Self.samples).failures()
    #expect(failures.contains { $0.contains(defect.complaint) }, "\(failures)")
  }

  @Test("lost responses and refusals show in the battery's failures")
  func faults() async throws {
    let cloud = PretendCloud(
      faults: try FaultPlan(
        json: #"{"rules": [{"fault": "lostResponse", "operations": ["update"], "limit": 1}]}"#))
    let failures = await ProviderBattery(cloud.provider, cloud.target, Self.samples).failures()
    #expect(failures.contains { $0.contains("update fails: the connection was closed") })
  }
}

/// A provider with one thing wrong, to see that the battery sees it.
struct BrokenProvider: Provider {
  enum Defect: String, CaseIterable, Sendable {
    case forgetsUpdates, listsTwice, keepsDeleted, losesMarkers, repeatsCreates, writesWithReader

    var complaint: String {
      switch self {
      case .forgetsUpdates: "update gives another value of tags"
      case .listsTwice: "an object stands on two pages"
      case .keepsDeleted: "it is still read after its delete"
      case .losesMarkers: "does not give the marker back"
      case .repeatsCreates: "a repeated create made"
      case .writesWithReader: "the reader can write"
      }
    }
  }

  let base: SandboxProvider
  let defect: Defect
  var name: String { base.name }
  var catalog: TypeCatalog { base.catalog }
  func check(_ target: Target) -> [TargetProblem] { [] }
  func identify(_ target: Target) async throws(ProviderError) -> TargetIdentity {
    try await base.identify(target)
  }

  func reader(_ target: Target) async throws(ProviderError) -> any ResourceReader {
    try await both(target)
  }

  func writer(_ target: Target, fence: Fence) async throws(ProviderError) -> any ResourceWriter {
    try await both(target)
  }

  private func both(_ target: Target) async throws(ProviderError) -> BrokenHalves {
    let halves = BrokenHalves(
      reader: try await base.reader(target), writer: try await base.writer(target, fence: Fence(1)),
      defect: defect)
    return halves
  }
}

struct BrokenHalves: ResourceReader, ResourceWriter {
  let reader: any ResourceReader
  let writer: any ResourceWriter
  let defect: BrokenProvider.Defect

  func list(_ type: TypeName, _ filter: ListFilter, after: PageToken?) async throws(ProviderError)
    -> ObservedPage
  {
    var page = try await reader.list(type, filter, after: after)
    if defect == .listsTwice { page.items += page.items }
    return page
  }

  func read(_ type: TypeName, _ ids: [RemoteID]) async throws(ProviderError) -> [Observed] {
    try await reader.read(type, ids).map(shown)
  }

  func find(_ type: TypeName, _ evidence: [Evidence]) async throws(ProviderError) -> [[Observed]] {
    try await reader.find(type, evidence)
  }

  func create(
    _ desired: Desired, _ marker: Marker, _ token: OperationToken, _ progress: ProgressSink
  ) async throws(ProviderError) -> Observed {
    // Nothing but the token keeps a pretend table from being made twice.
    var token = token
    if defect == .repeatsCreates, desired.type == PretendCatalog.table {
      let known = try await reader.find(desired.type, [.token(token)])[0]
      token = OperationToken(token.text + String(repeating: "+", count: known.count))
    }
    return shown(try await writer.create(desired, marker, token, progress))
  }

  func update(
    _ change: FieldChanges, of object: Observed, _ token: OperationToken, _ progress: ProgressSink
  ) async throws(ProviderError) -> Observed {
    guard defect != .forgetsUpdates else { return object }
    return try await writer.update(change, of: object, token, progress)
  }

  func delete(_ resource: Observed, _ token: OperationToken, _ progress: ProgressSink)
    async throws(ProviderError)
  {
    if defect != .keepsDeleted { try await writer.delete(resource, token, progress) }
  }

  private func shown(_ object: Observed) -> Observed {
    var object = object
    if defect == .losesMarkers { object.marker = nil }
    return object
  }
}
