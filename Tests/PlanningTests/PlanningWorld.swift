import Diagnostics
import Expressions
import Planning
import Resources
import Schemas
import Values

/// A small pretend cloud for planner tests: what is desired, recorded and observed, in a few words.
struct PlanningWorld {
  static let identity = TargetIdentity(
    target: TargetName("main"), provider: "aws", account: "111122223333", region: "eu-west-1")
  static let scope = ScopeID(estate: "est-test")

  var desired: [Desired] = []
  var slots: [Deferred] = []
  var records: [Recorded] = []
  var observation = Observation()
  var options = PlannerOptions()
  var released: [Address] = []

  static let catalog = TypeCatalog([
    type(
      "aws/Vpc",
      [
        Field("cidrBlock", .string, [.required, .immutable], equality: .cidr, "Addresses."),
        Field("enableDnsHostnames", .bool, serverDefault: false, "Names."),
        Field("tags", .map(.string), [], "Tags."),
        Field("state", .string, [.computed, .volatile], "State."),
      ], idPrefix: "vpc-"),
    type(
      "aws/Subnet",
      [
        Field("vpcId", .string, [.required, .immutable], references: "aws/Vpc", "Network."),
        Field("cidrBlock", .string, [.required, .immutable], equality: .cidr, "Addresses."),
        Field("mapPublicIpOnLaunch", .bool, serverDefault: false, "Public."),
        Field("tags", .map(.string), [], "Tags."),
      ], naturalKey: ["vpcId", "cidrBlock"], idPrefix: "subnet-"),
    type(
      "aws/SecurityGroup",
      [
        Field("vpcId", .string, [.required, .immutable], references: "aws/Vpc", "Network."),
        Field("groupName", .string, [.required, .immutable], "Name."),
        Field("ipPermissions", .list(.any, .unordered), [.exclusive, .late], "Rules."),
      ], naturalKey: ["vpcId", "groupName"], idPrefix: "sg-"),
    type(
      "aws/Bucket",
      [
        Field("bucket", .string, [.required, .immutable], "Name."),
        Field("policy", .any, [.late], equality: .jsonPolicy, "Policy."),
        Field("tags", .map(.string), [], "Tags."),
      ], naturalKey: ["bucket"], idField: "bucket", isStateful: true),
  ])

  private static func type(
    _ name: String, _ fields: [Field], naturalKey: [String] = [], idPrefix: String? = nil, idField: String? = nil,
    isStateful: Bool = false
  ) -> ResourceType {
    ResourceType(
      TypeName(name), "A \(name).", schema: Schema(fields),
      identity: Identity(naturalKey: naturalKey, idPrefix: idPrefix, idField: idField), marker: .tags,
      recovery: .markerOnCreate,
      scope: .region, isStateful: isStateful)
  }

  /// Wants `aws.Kind/name` with these fields; texts with `${…}` await other resources.
  mutating func want(_ kind: String, _ name: String, _ fields: Value, _ adjust: (inout Lifecycle) -> Void = { _ in }) {
    let address = Address(group: "aws", kind: kind, name: name)
    var lifecycle = Lifecycle()
    adjust(&lifecycle)
    var slots = slots
    let line = desired.count + 1
    let written = Value.map(
      fields.entries.map { entry in
        (entry.key, Self.deferring(entry.value, ValuePath([.key(entry.key)]), address, &slots))
      })
    self.slots = slots
    desired.append(
      Desired(
        address: address, type: TypeName("aws/\(kind)"), target: TargetName("main"), fields: written,
        lifecycle: lifecycle,
        origin: SourcePosition(file: "net.yaml", line: line, column: 1)))
  }

  private static func deferring(_ value: Value, _ path: ValuePath, _ owner: Address, _ slots: inout [Deferred]) -> Value
  {
    switch value.kind {
    case .string where Template.isTemplate(value):
      slots.append(Deferred(template: Template(source: value.spelling), owner: owner, path: path, origin: nil))
      return .unknown(Slot(index: UInt32(slots.count - 1)))
    case .list:
      return .list(value.elements.enumerated().map { deferring($1, path.appending($0), owner, &slots) })
    case .map: return .map(value.entries.map { ($0.key, deferring($0.value, path.appending($0.key), owner, &slots)) })
    case .null, .bool, .int, .double, .string, .unknown: return value
    }
  }

  /// Something that stands and is ours: recorded as `fields`, and observed with `extra` on top.
  mutating func have(
    _ kind: String, _ name: String, id: String, _ fields: Value, observed: Value? = nil, dependencies: [String] = [],
    lateDependencies: [String] = [], incarnation: Incarnation = 1, isSuperseded: Bool = false, isProtected: Bool = false
  ) {
    let record = Recorded(
      address: Address(group: "aws", kind: kind, name: name), incarnation: incarnation, type: TypeName("aws/\(kind)"),
      target: Self.identity, remote: RemoteID(id), owned: fields,
      dependencies: dependencies.map { Address("aws.\($0)") },
      lateDependencies: lateDependencies.map { Address("aws.\($0)") }, isProtected: isProtected,
      isSuperseded: isSuperseded)
    records.append(record)
    observation.recorded[record.key] = .present(
      Observed(type: record.type, remote: record.remote, fields: observed ?? fields))
  }

  /// The name that `aws.Kind/name` is to have is held by the object of `other`, which is ours.
  mutating func hold(_ kind: String, _ name: String, by other: String, id: String, _ fields: Value) {
    let holder = Address(group: "aws", kind: kind, name: other)
    observation.holders[Address(group: "aws", kind: kind, name: name)] = [
      Observed(
        type: TypeName("aws/\(kind)"), remote: RemoteID(id), fields: fields,
        marker: Marker(scope: Self.scope, address: holder, incarnation: 1))
    ]
  }

  mutating func lose(_ kind: String, _ name: String) {
    for record in records where record.address == Address(group: "aws", kind: kind, name: name) {
      observation.recorded[record.key] = .gone
    }
  }

  var input: PlannerInput {
    PlannerInput(
      desired: DesiredEstate(scope: Self.scope, resources: desired, slots: slots, released: released, digest: "d"),
      records: records, observation: observation, catalog: Self.catalog,
      identities: [TargetName("main"): Self.identity],
      options: options)
  }

  func plan() -> Plan { Planner.plan(input) }
}

extension Plan {
  /// `+ aws.Vpc/main` for every change that is one.
  var lines: [String] {
    changes.filter { $0.action != .noop }.map { "\($0.action.symbol) \($0.address)" }
  }

  /// `create aws.Vpc/main` for every step, in order.
  var order: [String] {
    steps.map { step in
      let change = changes[step.change]
      return "\(step.operation.rawValue) \(change.address.text.dropFirst(4))"
        + (step.incarnation > 1 ? "@\(step.incarnation)" : "")
    }
  }

  func change(_ address: String) -> Change? { changes.first { $0.address.text == "aws.\(address)" } }
  var codes: [Int] { diagnostics.map(\.code.number) }

  /// True where `first` is done before `second`.
  func runs(_ first: String, before second: String) -> Bool {
    guard let a = order.firstIndex(of: first), let b = order.firstIndex(of: second) else { return false }
    return a < b
  }
}
