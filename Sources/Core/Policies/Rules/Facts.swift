import Expressions
import Planning
import Resources
import Values

/// The values that rules read, each made when it is first needed.
struct Facts {
  let input: PolicyInput
  let catalog: TypeCatalog
  let parameters: Operand
  let costs: [Address: CostLine]
  let total: CostReport?
  private let targets: [TargetName: Operand]
  private var fields: [TypeName: WantedFields] = [:]
  private var afters: [Value??]
  /// Every resource that is wanted, for `resources`.
  private var all: Operand?
  private var others: [Operand?]
  /// Positions of those that refer to an address.
  private var referrers: [Address: [Int]]?

  init(_ input: PolicyInput, _ catalog: TypeCatalog, parameters: Value, cost: CostEstimate?) {
    self.input = input
    self.catalog = catalog
    self.parameters = .value(parameters)
    total = cost?.report
    costs = cost?.lines ?? [:]
    targets = Dictionary(
      input.targets.map { ($0.name, Self.operand($0) as Operand) }, uniquingKeysWith: { first, _ in first })
    afters = Array(repeating: nil, count: input.resources.count)
    others = Array(repeating: nil, count: input.resources.count)
  }

  private static let unknown = Operand.unknown(Unknown())

  private static func operand(_ target: PolicyInput.TargetFacts) -> Operand {
    .map(
      OperandMap([
        ("name", .string(target.name.text)), ("provider", .string(target.provider)),
        ("account", target.account.map { .string($0) } ?? unknown),
        ("region", target.region.map { .string($0) } ?? unknown),
      ]))
  }

  // MARK: One resource

  /// The wanted fields as rules read them; nil where the resource goes.
  mutating func after(_ position: Int) -> Value? {
    if let known = afters[position] { return known }
    let resource = input.resources[position]
    var wanted: Value?
    if let after = resource.after { wanted = filled(after, resource.type) }
    afters[position] = .some(wanted)
    return wanted
  }

  private mutating func filled(_ value: Value, _ type: TypeName) -> Value {
    if let known = fields[type] { return known.filled(value) }
    guard let schema = catalog[type]?.schema else {
      return Value.build { WantedFields.append(value, into: &$0) }
    }
    let made = WantedFields(schema)
    fields[type] = made
    return made.filled(value)
  }

  /// What a rule over one resource reads.
  mutating func activation(_ position: Int, _ needs: RuleNeeds) -> Activation {
    let resource = input.resources[position]
    let before = resource.before.map { Operand.value(filled($0, resource.type)) } ?? .null
    var activation = Activation([
      "after": after(position).map { .value($0) } ?? .null, "address": .string(resource.address.text),
      "type": .string(resource.type.text), "parameters": parameters,
      "target": targets[resource.target] ?? Self.unknown,
      "action": action(resource),
      "before": input.stage == .validating ? Self.unknown : before, "stateful": .bool(resource.isStateful),
      "protected": .bool(resource.isProtected), "environment": .string(input.environment),
      "cost": cost(resource),
    ])
    if needs.contains(.resources) { activation["resources"] = resources() }
    if needs.contains(.referrers) { activation["referrers"] = .list(referring(to: resource.address)) }
    return activation
  }

  /// Not known before there is a plan.
  private func action(_ resource: PolicyInput.Resource) -> Operand {
    guard input.stage == .planning, let action = resource.action else { return Self.unknown }
    return .string(action.rawValue)
  }

  /// What the expressions of prices read, for the fields as they are.
  mutating func activation(pricing before: Value, _ resource: PolicyInput.Resource) -> Activation {
    Activation([
      "after": .value(filled(before, resource.type)), "address": .string(resource.address.text),
      "type": .string(resource.type.text), "target": targets[resource.target] ?? Self.unknown,
    ])
  }

  private func cost(_ resource: PolicyInput.Resource) -> Operand {
    guard let line = costs[resource.address] else { return .map(OperandMap([])) }
    var entries: [(String, Operand)] = []
    if let after = line.after { entries.append(("monthly", .double(after))) }
    let isKnown = (line.before != nil || resource.before == nil) && (line.after != nil || resource.after == nil)
    if isKnown, input.stage == .planning {
      entries.append(("delta", .double((line.after ?? 0) - (line.before ?? 0))))
    }
    return .map(OperandMap(entries))
  }

  // MARK: The whole set

  func activation(_ document: ManifestFacts) -> Activation {
    var activation = Activation(document.variables)
    activation["parameters"] = parameters
    activation["environment"] = .string(input.environment)
    return activation
  }

  /// What a rule over the estate reads.
  mutating func estate() -> Activation {
    Activation([
      "resources": resources(), "cost": estateCost, "parameters": parameters, "environment": .string(input.environment),
    ])
  }

  private var estateCost: Operand {
    guard let total else { return .unknown(Unknown()) }
    let isPlanned = input.stage == .planning
    return .map(
      OperandMap([
        ("monthly", .double(total.after)), ("delta", isPlanned ? .double(total.delta) : Self.unknown),
        ("notEstimated", .int(Int64(total.notEstimated.values.reduce(0, +)))),
      ]))
  }

  private mutating func resources() -> Operand {
    if let all { return all }
    let wanted = input.resources.indices.filter { input.resources[$0].after != nil }
    let list = Operand.list(wanted.map { other($0) })
    all = list
    return list
  }

  private mutating func referring(to address: Address) -> [Operand] {
    if referrers == nil {
      var found: [Address: [Int]] = [:]
      for (position, resource) in input.resources.enumerated() where resource.after != nil {
        for address in Set(resource.references) { found[address, default: []].append(position) }
      }
      referrers = found
    }
    return (referrers?[address] ?? []).map { other($0) }
  }

  private mutating func other(_ position: Int) -> Operand {
    if let known = others[position] { return known }
    let resource = input.resources[position]
    let made = Operand.map(
      OperandMap([
        ("address", .string(resource.address.text)), ("type", .string(resource.type.text)),
        ("target", targets[resource.target] ?? Self.unknown),
        ("after", after(position).map { .value($0) } ?? .null),
        ("references", .list(resource.references.map { .string($0.text) })),
        ("protected", .bool(resource.isProtected)), ("stateful", .bool(resource.isStateful)),
      ]))
    others[position] = made
    return made
  }
}

/// Values that cost something to make, by what a rule names.
struct RuleNeeds: OptionSet, Sendable {
  let rawValue: UInt8
  static let resources = RuleNeeds(rawValue: 1)
  static let referrers = RuleNeeds(rawValue: 2)

  init(rawValue: UInt8) { self.rawValue = rawValue }

  /// A name that stands in the text, even in another meaning, counts.
  init(_ texts: [String]) {
    self = []
    if texts.contains(where: { $0.contains("resources") }) { insert(.resources) }
    if texts.contains(where: { $0.contains("referrers") }) { insert(.referrers) }
  }
}
