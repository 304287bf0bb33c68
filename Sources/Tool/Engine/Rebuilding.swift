import Cryptography
import Inventory
import Planning
import Resources
import Values

/// Makes records from what was seen. Pure.
struct Rebuilding {
  let survey: Survey
  let workspace: Workspace
  private let key: HashKey
  var records: [RecordKey: Recorded]
  /// Records that are new, or changed.
  var made: Set<RecordKey> = []
  var objects: [RecordKey: Observed] = [:]
  /// Addresses whose names were looked up, and records that were found so.
  var asked: Set<Address> = []
  var named: Set<RecordKey> = []
  var unknown: [String] = []
  private(set) var missing: [Address] = []

  init(_ survey: Survey, _ workspace: Workspace, _ inventory: InventorySnapshot, _ key: HashKey) {
    self.survey = survey
    self.workspace = workspace
    self.key = key
    records = Dictionary(inventory.records.map { ($0.key, $0) }, uniquingKeysWith: { _, last in last })
  }

  /// New and changed records.
  var changes: [Recorded] { made.sorted().compactMap { records[$0] } }

  mutating func finish() {
    fill()
    tellUnknown()
  }

  /// One record for each marked object that none has.
  mutating func seed() {
    let known = Set(records.values.map { "\($0.type) \($0.remote)" })
    for sighting in survey.sightings {
      let object = sighting.object
      guard !known.contains("\(object.type) \(object.remote)"), records[sighting.key] == nil else { continue }
      records[sighting.key] = Recorded(
        address: sighting.key.address, incarnation: sighting.key.incarnation, type: object.type,
        target: sighting.target, remote: object.remote, owned: .map([]),
        isProtected: sighting.marker.isProtected)
      objects[sighting.key] = object
      made.insert(sighting.key)
    }
    supersede()
  }

  /// Of several incarnations the highest is the current one.
  private mutating func supersede() {
    for (_, group) in Dictionary(grouping: records.values, by: \.address) where group.count > 1 {
      let newest = group.map(\.incarnation).max() ?? 1
      for record in group where record.isSuperseded != (record.incarnation < newest) {
        records[record.key]?.isSuperseded = record.incarnation < newest
        made.insert(record.key)
      }
    }
  }

  /// What a planner would have before it, were the inventory what is known of it by now.
  var input: PlannerInput {
    var observation = Observation()
    for record in records.values {
      observation.recorded[record.key] = objects[record.key].map { .present($0) } ?? .unreadable("recorded before")
    }
    for sighting in survey.sightings where records[sighting.key]?.remote == sighting.object.remote {
      observation.recorded[sighting.key] = .present(sighting.object)
    }
    return PlannerInput(
      desired: workspace.desired, records: records.values.sorted { $0.key < $1.key }, observation: observation,
      catalog: workspace.catalog, identities: survey.identities, hashKey: key)
  }

  /// Owned fields are what the manifests write, with references resolved as a plan would.
  private mutating func fill() {
    let plan = Planner.plan(input)
    let wanted = Dictionary(
      plan.changes.filter { $0.origin != nil || $0.after != nil }.map { ($0.address, $0) },
      uniquingKeysWith: { first, _ in first })
    let owners = Dictionary(
      records.values.map { (FieldReference(type: $0.type, id: $0.remote.text, isLate: false), $0.address) },
      uniquingKeysWith: { first, _ in first })
    for key in made.sorted() {
      guard let object = objects[key] else { continue }
      if isDesired(key.address), records[key]?.isSuperseded == false, let change = wanted[key.address] {
        describe(key, change)
      } else {
        identify(key, object, owners)
      }
    }
    let found = Set(records.values.map(\.address))
    missing = workspace.desired.resources.map(\.address).filter { !found.contains($0) }.sorted()
  }

  func isDesired(_ address: Address) -> Bool { workspace.desired.resources.contains { $0.address == address } }

  private mutating func describe(_ key: RecordKey, _ change: Change) {
    let fields = change.after ?? .map([])
    let known = fields.entries.filter { !$0.value.containsUnknown }
    for entry in fields.entries where entry.value.containsUnknown {
      unknown.append("what was applied to `\(entry.key)` of `\(key.address)`: it depends on what does not stand")
    }
    records[key]?.owned = SensitiveHash.sealed(.map(known.map { ($0.key, $0.value) }), key: self.key)
    records[key]?.dependencies = change.dependencies
    records[key]?.lateDependencies = change.lateDependencies
    records[key]?.managementPolicy = change.lifecycle.managementPolicy
    if named.contains(key) { records[key]?.isProtected = change.lifecycle.protect }
    if known.contains(where: { Self.hasSecret($0.value) }) {
      unknown.append("whether the secrets of `\(key.address)` are those that the manifest holds now")
    }
  }

  private static func hasSecret(_ value: Value) -> Bool {
    value.isSensitive || value.elements.contains { hasSecret($0) } || value.entries.contains { hasSecret($0.value) }
  }

  /// What no manifest has any more: its identity, its tags, and what must outlive it.
  private mutating func identify(_ key: RecordKey, _ object: Observed, _ owners: [FieldReference: Address]) {
    guard let type = workspace.catalog[object.type] else { return }
    let names = Set(type.identity.naturalKey + [type.identity.idField, "tags"].compactMap { $0 })
    records[key]?.owned = .map(
      object.fields.entries.filter { names.contains($0.key) }.map { ($0.key, $0.value) })
    let references = type.references(in: object.fields)
    func addresses(late: Bool) -> [Address] {
      Set(
        references.filter { $0.isLate == late }
          .compactMap { owners[FieldReference(type: $0.type, id: $0.id, isLate: false)] }
      ).subtracting([key.address]).sorted()
    }
    records[key]?.dependencies = addresses(late: false)
    records[key]?.lateDependencies = addresses(late: true)
    guard records[key]?.isSuperseded == false else { return }
    unknown.append(
      "what was applied to `\(key.address)` beyond its identity, and its management policy: no manifest has it, so the "
        + "next plan destroys it")
  }

  private mutating func tellUnknown() {
    if !made.isEmpty {
      unknown.append("fields that manifests dropped before and no apply has removed yet: they stay as they are")
    }
    for resource in workspace.desired.resources where missing.contains(resource.address) {
      guard let type = workspace.catalog[resource.type], !type.marker.isRewritable, !asked.contains(resource.address)
      else {
        continue
      }
      unknown.append(
        "whether `\(resource.address)` is ours: objects of \(type.name) carry no marker, and its name is not known; "
          + "`metadata.adopt` takes one over")
    }
  }
}
