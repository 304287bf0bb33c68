import Applying
import Cryptography
import Diagnostics
import Inventory
import Planning
import Platform
import ProviderKit
import Resources
import Values

/// What a recovery wrote, and what it could not know.
package struct RecoverOutcome: Sendable {
  /// By address and incarnation.
  package var records: [Recorded]
  /// Sentences: what markers and manifests do not tell.
  package var unknown: [String]
  /// Wanted and not found: the next plan creates them.
  package var missing: [Address]
  package var diagnostics: [Diagnostic]
}

extension DiagnosticCode {
  static let inventoryNotEmpty = DiagnosticCode(5021)
  static let sameMarker = DiagnosticCode(5022)
  static let unlisted = DiagnosticCode(5023)
}

extension Engine {
  /// Writes an empty inventory anew from markers alone: records from markers and addresses, owned fields from the
  /// present manifests. With `merges` it adds what is missing from an inventory that is not empty.
  package func recover(merges: Bool, _ request: ApplyRequest) async throws(EngineFailure) -> RecoverOutcome {
    let workspace = try await loadAsking()
    return try await withLock(workspace, request) { (session) async throws(EngineFailure) in
      try await recover(merges, workspace, session, request)
    }
  }

  private func recover(
    _ merges: Bool, _ workspace: Workspace, _ session: Session, _ request: ApplyRequest
  ) async throws(EngineFailure) -> RecoverOutcome {
    let inventory = try await settle(session, workspace, request) { _ in }
    guard inventory.records.isEmpty || merges else {
      throw EngineFailure(
        .error,
        [
          .error(
            .inventoryNotEmpty, "the inventory holds \(inventory.records.count) records",
            hint: "`--merge` adds what is missing; `plumb inventory verify` compares it with what stands")
        ])
    }
    let survey = try await survey(workspace, inventory.records)
    try check(survey, workspace)
    let key: HashKey
    do throws(StoreError) { key = try world.hashKeys.findOrMake(world.random) } catch { throw EngineFailure(error) }
    var rebuilding = Rebuilding(survey, workspace, inventory, key)
    rebuilding.run()
    try await write(rebuilding.changes.map { .put($0) }, "recover", key, session, request)
    return RecoverOutcome(
      records: rebuilding.changes, unknown: rebuilding.unknown + survey.unlisted, missing: rebuilding.missing,
      diagnostics: workspace.diagnostics)
  }

  /// Nothing is written upon evidence that is two-sided or incomplete.
  private func check(_ survey: Survey, _ workspace: Workspace) throws(EngineFailure) {
    let used = Set(workspace.desired.resources.map { "\($0.target) \($0.type)" })
    var problems = survey.duplicates.map { same in
      Diagnostic.error(
        .sameMarker, "\(same.count) objects carry the marker of `\(same[0].key.address)`",
        notes: same.map { DiagnosticNote("`\($0.object.remote)` (\($0.object.type)) in \($0.target.place)") },
        hint: "delete the one that is not wanted, or remove its `\(Marker.addressKey)` tag")
    }
    problems += survey.unreadable.filter { used.contains("\($0.target) \($0.type)") }.map { target, type, why in
      .error(.unlisted, "\(type) in target `\(target)` cannot be listed, so what is ours is not known: \(why)")
    }
    guard problems.isEmpty else { throw EngineFailure(.error, problems) }
  }
}

extension Survey {
  fileprivate var unlisted: [String] {
    unreadable.map { "whether there is \($0.type) in target `\($0.target)`, which could not be listed: \($0.why)" }
  }
}

/// Makes records from what was seen. Pure.
struct Rebuilding {
  private let survey: Survey
  private let workspace: Workspace
  private let key: HashKey
  private var records: [RecordKey: Recorded]
  private var made: Set<RecordKey> = []
  private var objects: [RecordKey: Observed] = [:]
  private(set) var unknown: [String] = []
  private(set) var missing: [Address] = []

  init(_ survey: Survey, _ workspace: Workspace, _ inventory: InventorySnapshot, _ key: HashKey) {
    self.survey = survey
    self.workspace = workspace
    self.key = key
    records = Dictionary(inventory.records.map { ($0.key, $0) }, uniquingKeysWith: { _, last in last })
  }

  /// New and changed records.
  var changes: [Recorded] { made.sorted().compactMap { records[$0] } }

  mutating func run() {
    seed()
    supersede()
    fill()
    tellUnknown()
  }

  /// One record for each object that none has.
  private mutating func seed() {
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

  /// Owned fields are what the manifests write, with references resolved as a plan would.
  private mutating func fill() {
    var observation = Observation()
    for record in records.values {
      observation.recorded[record.key] = objects[record.key].map { .present($0) } ?? .unreadable("recorded before")
    }
    for sighting in survey.sightings where records[sighting.key]?.remote == sighting.object.remote {
      observation.recorded[sighting.key] = .present(sighting.object)
    }
    let plan = Planner.plan(
      PlannerInput(
        desired: workspace.desired, records: records.values.sorted { $0.key < $1.key }, observation: observation,
        catalog: workspace.catalog, identities: survey.identities, hashKey: key))
    let wanted = Dictionary(
      plan.changes.filter { $0.origin != nil || $0.after != nil }.map { ($0.address, $0) },
      uniquingKeysWith: { first, _ in first })
    let owners = Dictionary(
      records.values.map { (FieldReference(type: $0.type, id: $0.remote.text, isLate: false), $0.address) },
      uniquingKeysWith: { first, _ in first })
    for key in made.sorted() {
      guard let object = objects[key] else { continue }
      let isDesired = workspace.desired.resources.contains { $0.address == key.address }
      if isDesired, records[key]?.isSuperseded == false, let change = wanted[key.address] {
        describe(key, change)
      } else {
        identify(key, object, owners)
      }
    }
    let found = Set(records.values.map(\.address))
    missing = workspace.desired.resources.map(\.address).filter { !found.contains($0) }.sorted()
  }

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
    for resource in workspace.desired.resources {
      guard let type = workspace.catalog[resource.type], missing.contains(resource.address) else { continue }
      switch type.marker {
      case .none, .createOnlyDescription:
        unknown.append(
          "whether `\(resource.address)` is ours: objects of \(type.name) carry no marker; "
            + "`metadata.adopt` takes one over"
        )
      case .tags, .labels, .annotation, .description: continue
      }
    }
  }
}
