import Expressions
import Resources
import Schemas
import Values

extension DriftBuilder {
  /// What a plan would do if everything stood as it was left: that much is the manifests' doing alone.
  func planPending() -> [Change] {
    var assumed = input
    assumed.options = PlannerOptions()
    // What services said was of the objects as they stand.
    assumed.proposals = [:]
    for record in input.records { assume(record, &assumed.observation) }
    return Planner.plan(assumed).changes
  }

  mutating func tell(_ changes: [Change]) {
    let gone = Set(
      input.records.filter { if case .gone? = input.observation.recorded[$0.key] { true } else { false } }
        .map(\.address))
    for change in changes where change.action != .noop {
      guard unsettled[change.address] == nil, selects(change.address, change.target) else { continue }
      if let pending = pending(change, gone) { report.pending.append(pending) }
    }
  }

  private func assume(_ record: Recorded, _ observation: inout Observation) {
    guard record.isComplete, !record.isSuperseded, let type = input.catalog[record.type] else { return }
    let owned = Self.comparable(record.owned, type).fields
    switch observation.recorded[record.key] {
    case .present(var observed):
      observed.fields = Self.overlay(owned, over: observed.fields, type)
      observed.unreadable = []
      observation.recorded[record.key] = .present(observed)
    case .gone:
      observation.recorded[record.key] = .present(
        Observed(type: record.type, remote: record.remote, fields: owned))
    case .unreadable, nil: return
    }
  }

  /// What stands, with everything of ours as it was left.
  static func overlay(_ owned: Value, over observed: Value, _ type: ResourceType) -> Value {
    var entries: [(String, Value)] = observed.entries.map { entry in
      guard let ours = owned[entry.key] else { return (entry.key, entry.value) }
      return (entry.key, merged(ours, entry.value, type.schema[entry.key]))
    }
    entries += owned.entries.filter { observed[$0.key] == nil }.map { ($0.key, $0.value) }
    return .map(entries)
  }

  private static func merged(_ ours: Value, _ present: Value, _ field: Field?) -> Value {
    guard let field, !field.marks.contains(.exclusive), field.equality == .exact, case .map = field.type,
      ours.kind == .map, present.kind == .map
    else { return ours }
    let extras = present.entries.filter { ours[$0.key] == nil }
    return .map(ours.entries.map { ($0.key, $0.value) } + extras.map { ($0.key, $0.value) })
  }

  private func pending(_ change: Change, _ gone: Set<Address>) -> DriftReport.Pending? {
    let record = input.records.first { $0.address == change.address && !$0.isSuperseded }
    let isOpen = isOpen(change, record)
    let fields = change.fields.filter { isOpen($0.path) && !follows($0.path, of: change.address, gone) }
    if change.action == .update || change.action.isDestructive, fields.isEmpty, !change.fields.isEmpty { return nil }
    return DriftReport.Pending(
      address: change.address, type: change.type, action: change.action, paths: fields.map(\.path),
      remark: record.map { $0.isComplete ? nil : "an earlier apply did not finish it" } ?? change.causes.first?.text,
      origin: change.origin)
  }

  private func isOpen(_ change: Change, _ record: Recorded?) -> (ValuePath) -> Bool {
    guard let record, let type = input.catalog[record.type],
      case .present(let observed)? = input.observation.recorded[record.key]
    else { return { _ in true } }
    let isOpen = openPaths(record, observed, type)
    return { $0 == .protection || isOpen($0, true) }
  }

  /// True for a value taken from an object that is gone: nobody can tell what it would have been.
  private func follows(_ path: ValuePath, of address: Address, _ gone: Set<Address>) -> Bool {
    guard !gone.isEmpty, let name = path.field, let written = desired[address]?.fields[name] else { return false }
    return written.unknownSlots.contains { slot in
      input.desired.slots[Int(slot.index)].template.references.contains { gone.contains(Address($0.subject)) }
    }
  }
}

// MARK: What stands beside us

extension DriftBuilder {
  mutating func findUnmanaged() {
    var owners: [TargetName: [FieldReference: Address]] = [:]
    var ours: Set<String> = [], types: Set<String> = []
    for record in input.records {
      types.insert("\(record.type) \(record.target.target)")
      ours.insert("\(record.type) \(record.remote)")
      let reference = FieldReference(type: record.type, id: record.remote.text, isLate: false)
      owners[record.target.target, default: [:]][reference] = record.address
    }
    for scan in scans {
      if let why = scan.unreadable {
        cover(scan.type, scan.target) { $0.unreadable["all \(scan.type) in \(scan.target)"] = why }
        continue
      }
      guard let type = input.catalog[scan.type] else { continue }
      for object in scan.objects where !ours.contains("\(object.type) \(object.remote)") {
        let isTypeOfOurs = type.canStandBeside && types.contains("\(type.name) \(scan.target)")
        add(object, type, scan.target, owners[scan.target] ?? [:], isTypeOfOurs)
      }
    }
    report.unmanaged.sort { ($0.type, $0.remote) < ($1.type, $1.remote) }
    report.beside.sort { ($0.target, $0.type, $0.remote) < ($1.target, $1.type, $1.remote) }
  }

  private mutating func add(
    _ object: Observed, _ type: ResourceType, _ target: TargetName, _ owners: [FieldReference: Address],
    _ isTypeOfOurs: Bool
  ) {
    if type.madeByService.contains(where: { $0.made(object.fields) }) { return }
    // Wanted and only not recorded: the plan takes it back.
    if let marker = object.marker, marker.scope == input.desired.scope, desired[marker.address] != nil { return }
    var addresses: Set<Address> = []
    let references = type.references(in: object.fields)
    for reference in references {
      let key = FieldReference(type: reference.type, id: reference.id, isLate: false)
      if let address = owners[key] { addresses.insert(address) }
    }
    let found = DriftReport.Unmanaged(
      type: type.name, target: target, remote: object.remote, name: name(object, type), owners: addresses.sorted(),
      marker: object.marker)
    if !addresses.isEmpty {
      report.unmanaged.append(found)
    } else if isTypeOfOurs, references.isEmpty, object.marker == nil {
      report.beside.append(found)
    }
  }

  private func name(_ object: Observed, _ type: ResourceType) -> String? {
    if let name = object.fields["tags"]?["Name"]?.string { return name }
    let key = type.identity.naturalKey.compactMap { object.fields[dotted: $0]?.spelling }.filter { !$0.isEmpty }
    return key.isEmpty ? nil : key.joined(separator: ", ")
  }
}

extension ResourceType {
  /// True for types of a cloud: a cluster is full of objects that it makes for itself.
  var canStandBeside: Bool {
    switch scope {
    case .global, .account, .region, .zone, .project: true
    case .cluster, .namespace: false
    }
  }
}
