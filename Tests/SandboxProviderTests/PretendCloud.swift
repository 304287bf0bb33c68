import Platform
import ProviderKit
import Resources
import SandboxProvider
import Schemas
import TestSupport
import Values

/// A small catalog that has every mark the sandbox obeys.
enum PretendCatalog {
  static let network = TypeName("pretend/Network")
  static let subnet = TypeName("pretend/Subnet")
  static let group = TypeName("pretend/Group")
  static let bucket = TypeName("pretend/Bucket")
  static let table = TypeName("pretend/Table")

  static let catalog = TypeCatalog([networkType, subnetType, groupType, bucketType, tableType])

  private static let tags = Field("tags", .map(.string), [], "Tags.")

  private static let networkType = ResourceType(
    network, "A network.",
    schema: Schema([
      Field("cidrBlock", .string, [.required, .immutable], equality: .cidr, "Its addresses."),
      Field(
        "tenancy", .string, .immutable, serverDefault: "default", allowed: ["default", "dedicated"],
        "Hardware."),
      Field("dnsSupport", .bool, serverDefault: true, "Whether names are answered."),
      Field(
        "options",
        .object(
          Schema([
            Field("size", .int, serverDefault: 3, "A size."), Field("label", .string, [], "A label."),
          ])),
        [],
        "Options."),
      tags,
      Field("state", .string, .computed, "The state."),
      Field("ownerId", .string, .computed, "The account."),
      Field("arn", .string, .computed, "The name."),
      Field("domain", .object(Schema([])), .computed, "A domain."),
    ]),
    identity: Identity(consistencyWindow: .seconds(60), idPrefix: "net-"), marker: .tags,
    recovery: .markerOnCreate,
    scope: .region)

  private static let subnetType = ResourceType(
    subnet, "A part of a network.",
    schema: Schema([
      Field("networkId", .string, [.required, .immutable], references: "pretend/Network", "Its network."),
      Field("cidrBlock", .string, [.required, .immutable], equality: .cidr, "Its addresses."),
      Field("availabilityZone", .string, [.optionalComputed, .immutable], "Its zone."),
      tags,
    ]),
    identity: Identity(naturalKey: ["networkId", "cidrBlock"], idPrefix: "sub-"), marker: .tags,
    recovery: .token,
    scope: .region)

  private static let rule = Schema([
    Field("port", .int, .required, "A port."),
    Field("groupId", .string, references: "pretend/Group", "Another group."),
  ])

  private static let groupType = ResourceType(
    group, "A firewall.",
    schema: Schema([
      Field("name", .string, [.required, .immutable], "Its name."),
      Field("networkId", .string, [.required, .immutable], references: "pretend/Network", "Its network."),
      Field("rules", .list(.object(rule), .unordered), [.exclusive, .late], "Its rules."),
      tags,
    ]),
    identity: Identity(naturalKey: ["networkId", "name"], idPrefix: "grp-"), marker: .tags,
    recovery: .naturalKey,
    scope: .region)

  private static let bucketType = ResourceType(
    bucket, "Holds objects.",
    schema: Schema([
      Field("bucket", .string, [.required, .immutable], "Its name."),
      Field("password", .string, .sensitive, "A secret."),
      Field("policy", .any, .late, equality: .jsonPolicy, "A policy."),
      tags,
      Field("arn", .string, .computed, "The name."),
    ]),
    identity: Identity(naturalKey: ["bucket"], uniqueness: .global, idField: "bucket"), marker: .tags,
    recovery: .naturalKey, scope: .region, isStateful: true)

  private static let route = Schema([
    Field("destination", .string, .required, "Where to."),
    Field("via", .string, references: "pretend/Network", "Through."),
  ])

  private static let tableType = ResourceType(
    table, "Routes.",
    schema: Schema([
      Field("networkId", .string, [.required, .immutable], references: "pretend/Network", "Its network."),
      Field("routes", .list(.object(route), .keyed(by: "destination")), .exclusive, "Routes."),
      Field(
        "subnetIds", .list(.string, .unordered), .exclusive, references: "pretend/Subnet", "Its subnets."),
      Field("seed", .string, .writeOnly, "Only sent."),
    ]),
    identity: Identity(idPrefix: "tab-"), marker: .description, recovery: .token, scope: .region)
}

/// One sandbox with a target, and short ways to call it.
struct PretendCloud {
  let time = SimulatedTime(skipsSleep: true)
  let log = CallLog()
  let sandbox: Sandbox
  let provider: SandboxProvider
  let target: Target
  let scope = ScopeID(estate: "est-1", environment: "prod")

  init(
    _ location: Sandbox.Location = .memory, faults: FaultPlan = FaultPlan(), seed: UInt64 = 1,
    pageSize: Int = 1_000,
    crash: @escaping @Sendable () -> Void = {}
  ) {
    sandbox = Sandbox(
      location, time: time, random: SeededRandom(seed: seed), faults: faults, log: log, crash: crash)
    provider = sandbox.provider(standingFor: "pretend", catalog: PretendCatalog.catalog, pageSize: pageSize)
    target = Self.target("main", account: "111111111111")
  }

  static func target(_ name: String, account: String, region: String = "eu-west-1") -> Target {
    Target(
      name: TargetName(name), provider: "pretend",
      settings: ["pretend": ["accountId": .string(account), "region": .string(region)]])
  }

  func reader(_ target: Target? = nil) async throws(ProviderError) -> any ResourceReader {
    try await provider.reader(target ?? self.target)
  }

  func writer(_ target: Target? = nil) async throws(ProviderError) -> any ResourceWriter {
    try await provider.writer(target ?? self.target, fence: Fence(1))
  }

  func marker(_ name: String) -> Marker { Marker(scope: scope, address: Address("pretend.Thing/\(name)")) }

  @discardableResult
  func create(
    _ type: TypeName, _ name: String, _ fields: Value, token: String? = nil, in target: Target? = nil
  ) async throws(ProviderError) -> Observed {
    let target = target ?? self.target
    let desired = Desired(
      address: Address("pretend.Thing/\(name)"), type: type, target: target.name, fields: fields)
    return try await writer(target).create(desired, marker(name), OperationToken(token ?? name), .ignore)
  }

  func update(_ object: Observed, _ changes: [FieldChange], desired: Value = [:]) async throws(ProviderError)
    -> Observed
  {
    try await writer().update(
      FieldChanges(changes: changes, desired: desired, marker: nil), of: object, OperationToken("u"), .ignore)
  }

  func delete(_ object: Observed) async throws(ProviderError) {
    try await writer().delete(object, OperationToken("d"), .ignore)
  }

  func read(_ object: Observed) async throws(ProviderError) -> Observed? {
    try await reader().read(object.type, [object.remote]).first
  }

  func list(_ type: TypeName, _ filter: ListFilter = .all, in target: Target? = nil)
    async throws(ProviderError) -> [Observed]
  {
    let reader = try await reader(target)
    var items: [Observed] = []
    var next: PageToken?
    repeat {
      let page = try await reader.list(type, filter, after: next)
      items += page.items
      next = page.next
    } while next != nil
    return items
  }
}

/// The error that the body throws, nil where it throws none.
func failure<R>(_ body: () async throws(ProviderError) -> R) async -> ProviderError? {
  do throws(ProviderError) {
    _ = try await body()
    return nil
  } catch {
    return error
  }
}

extension ProviderError.Effect {
  var isNone: Bool { if case .none = self { true } else { false } }
  var isUnknown: Bool { if case .unknown = self { true } else { false } }
  var partial: Observed? { if case .partial(let observed) = self { observed } else { nil } }
}

func change(
  _ path: String, to value: Value?, _ effect: FieldChange.Effect = .set
) -> FieldChange {
  FieldChange(path: ValuePath(path) ?? .root, before: nil, after: value, effect: effect)
}
