import Cryptography
import Diagnostics
import Resources
import Schemas
import Values

/// All objects of one type in one target, ours or not.
package struct TypeScan: Sendable {
  package var target: TargetName
  package var type: TypeName
  package var objects: [Observed]
  /// Why they could not be listed.
  package var unreadable: String?

  package init(target: TargetName, type: TypeName, objects: [Observed], unreadable: String? = nil) {
    self.target = target
    self.type = type
    self.objects = objects
    self.unreadable = unreadable
  }
}

/// Tells apart what differs, and why. Pure: it is given all that was read.
package struct DriftBuilder {
  let input: PlannerInput
  let scans: [TypeScan]
  /// Addresses whose last operation is not settled: they are not compared.
  let unsettled: [Address: String]
  /// What is asked for; the rest is only read for the values it gives.
  let selects: @Sendable (Address, TargetName) -> Bool
  var report = DriftReport()
  var coverage: [String: DriftReport.TypeCoverage] = [:]
  let desired: [Address: Desired]
  /// What each manifest wants, with everything resolved that is known.
  var wanted: [Address: Value] = [:]

  package init(
    _ input: PlannerInput, scans: [TypeScan], unsettled: [Address: String] = [:],
    selects: @escaping @Sendable (Address, TargetName) -> Bool = { _, _ in true }
  ) {
    self.input = input
    self.selects = selects
    self.scans = scans
    self.unsettled = unsettled
    desired = Dictionary(
      input.desired.resources.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The types to list whole: those of what we own in the target, and those whose fields can name it.
  package static func scanned(_ records: [Recorded], _ catalog: TypeCatalog) -> [(TargetName, TypeName)] {
    var owned: [TargetName: Set<TypeName>] = [:]
    for record in records { owned[record.target.target, default: []].insert(record.type) }
    return owned.sorted { $0.key < $1.key }.flatMap { target, types in
      let providers = Set(types.map(\.provider))
      return catalog.names.filter { name in
        guard providers.contains(name.provider), let type = catalog[name] else { return false }
        return !type.referencedTypes.isDisjoint(with: types) || types.contains(name) && type.canStandBeside
      }.map { (target, $0) }
    }
  }

  package consuming func build() -> DriftReport {
    let pending = planPending()
    for change in pending { wanted[change.address] = change.after }
    for record in input.records.sorted(by: { $0.key < $1.key }) {
      guard !record.isSuperseded, selects(record.address, record.target.target) else { continue }
      compare(record)
    }
    for (subject, why) in input.observation.unreadable where !isAboutRecords(subject) { note(subject, why) }
    tell(pending)
    findUnmanaged()
    report.coverage = coverage.values.sorted { ($0.target, $0.type) < ($1.target, $1.type) }
    return report
  }

  /// A list that failed is told with each record it leaves unread.
  private func isAboutRecords(_ subject: String) -> Bool {
    coverage.values.contains { "\($0.type) in \($0.target)" == subject && !$0.unreadable.isEmpty }
  }

  private mutating func note(_ subject: String, _ why: String) {
    let parts = subject.split(separator: " ").map(String.init)
    guard let type = parts.first, let target = parts.last else { return }
    cover(TypeName(type), TargetName(target)) { $0.unreadable[subject] = why }
  }

  mutating func cover(
    _ type: TypeName, _ target: TargetName, _ change: (inout DriftReport.TypeCoverage) -> Void
  ) {
    change(&coverage["\(target) \(type)", default: DriftReport.TypeCoverage(type: type, target: target)])
  }
}

// MARK: What was changed

extension DriftBuilder {
  private mutating func compare(_ record: Recorded) {
    func skip(_ why: String) {
      cover(record.type, record.target.target) { $0.unreadable[record.address.text] = why }
    }
    if let why = unsettled[record.address] { return skip(why) }
    guard let type = input.catalog[record.type] else { return skip("no provider knows the type") }
    if let identity = input.identities[record.target.target], !identity.isSamePlace(as: record.target) {
      return skip("it is recorded in \(record.target.place), and the target is \(identity.place)")
    }
    // A create that went part of the way is the next apply's to finish.
    guard record.isComplete else { return }
    switch input.observation.recorded[record.key] {
    case .present(let observed): compare(record, observed, type)
    case .gone:
      cover(record.type, record.target.target) { $0.compared += 1 }
      add(record, isGone: true, [])
    case .unreadable(let why): skip(why)
    case nil: skip("the provider was not asked")
    }
  }

  private mutating func compare(_ record: Recorded, _ observed: Observed, _ type: ResourceType) {
    let ignore = desired[record.address]?.lifecycle.ignore ?? []
    let (owned, secrets) = Self.comparable(record.owned, type)
    var diff = FieldDiff(type: type, ignore: ignore)
    diff.compare(desired: owned, recorded: nil, observed: observed.fields, late: false)
    diff.compare(desired: owned, recorded: nil, observed: observed.fields, late: true)
    let changes = diff.changes.filter { !observed.unreadable.contains($0.path.field ?? "") }
    let additions = UnwrittenFields(type: type, ignore: ignore + observed.unreadable.map { ValuePath([.key($0)]) })
      .find(owned: record.owned, observed: observed.fields)
    cover(record.type, record.target.target) {
      $0.compared += 1
      $0.ignored += diff.ignored + secrets
      for field in observed.unreadable where record.owned[field] != nil {
        $0.unreadable["\(record.address).\(field)"] = "it could not be read"
      }
    }
    let origin = desired[record.address]?.origin
    let isOpen = openPaths(record, observed, type)
    for one in additions where !one.isGuarded && isOpen(one.path, false) { add(record, one.path, one.value, origin) }
    let drifted =
      changes.filter { isOpen($0.path, true) }.map { field($0, record.address) }
      + additions.filter { $0.isGuarded && isOpen($0.path, false) }.map(unwritten)
    // Nothing was ever applied to what is only observed.
    if record.managementPolicy == .observe {
      for field in drifted { add(record, field.path, field.observed ?? .null, origin) }
    } else if drifted.isEmpty {
      report.clean += 1
    } else {
      add(record, isGone: false, drifted)
    }
  }

  /// Tells whether what stands at a path is still another than the manifest wants: a change that was taken over into
  /// the manifest is no drift any more, although no apply had anything to do and to record.
  func openPaths(_ record: Recorded, _ observed: Observed, _ type: ResourceType) -> (
    _ path: ValuePath, _ isWritten: Bool
  ) -> Bool {
    guard let wanted = wanted[record.address] else { return { _, _ in true } }
    var diff = FieldDiff(type: type, ignore: desired[record.address]?.lifecycle.ignore ?? [])
    diff.compare(desired: wanted, recorded: record.owned, observed: observed.fields, late: false)
    diff.compare(desired: wanted, recorded: record.owned, observed: observed.fields, late: true)
    let open = diff.changes.map(\.path)
    return { path, isWritten in
      if open.contains(where: { $0.hasPrefix(path) || path.hasPrefix($0) }) { return true }
      // What no manifest wrote and none writes now is not wanted by anybody.
      return !isWritten && wanted[path] == nil
    }
  }

  private mutating func add(_ record: Recorded, isGone: Bool, _ fields: [DriftReport.DriftedField]) {
    report.drifted.append(
      DriftReport.Drifted(
        address: record.address, type: record.type, target: record.target.target, remote: record.remote,
        isGone: isGone, fields: fields, origin: desired[record.address]?.origin))
  }

  private mutating func add(_ record: Recorded, _ path: ValuePath, _ value: Value, _ origin: SourcePosition?) {
    report.additions.append(
      DriftReport.Addition(address: record.address, type: record.type, path: path, value: value, origin: origin))
  }

  private func field(_ change: FieldChange, _ address: Address) -> DriftReport.DriftedField {
    let written = desired[address]?.fields
    return DriftReport.DriftedField(
      path: change.path, recorded: change.after, observed: change.before, isUnwritten: false,
      origin: (written?[change.path] ?? change.path.field.flatMap { written?[$0] })?.origin)
  }

  private func unwritten(_ addition: UnwrittenFields.Found) -> DriftReport.DriftedField {
    DriftReport.DriftedField(
      path: addition.path, recorded: nil, observed: addition.value, isUnwritten: true, origin: nil)
  }

  /// The recorded fields that a service gives back, and how many it does not: secrets.
  static func comparable(_ owned: Value, _ type: ResourceType) -> (fields: Value, secrets: Int) {
    let kept = owned.entries.filter { entry in
      guard let field = type.schema[entry.key] else { return false }
      return field.marks.isDisjoint(with: [.sensitive, .writeOnly]) && !holdsHash(entry.value)
    }
    return (.map(kept.map { ($0.key, $0.value) }), owned.count - kept.count)
  }

  private static func holdsHash(_ value: Value) -> Bool {
    if SensitiveHash.recordedHash(value) != nil { return true }
    return value.elements.contains { holdsHash($0) } || value.entries.contains { holdsHash($0.value) }
  }
}
