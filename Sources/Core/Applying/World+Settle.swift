import Cryptography
import Inventory
import Planning
import Resources
import Values

extension World {
  /// What a step that has succeeded changes in the inventory.
  /// - Parameter object: what the provider returned; nil for deletes and for steps without a call.
  mutating func settle(_ step: Step, _ call: StepCall, _ object: Observed?) -> [RecordChange] {
    let key = RecordKey(plan.changes[step.change].address, step.incarnation)
    let changes = recordChanges(step, planned(step, call), remote: object?.remote)
    for change in changes { apply(change) }
    if let object { see(object, at: key) } else if step.operation == .delete { lose(key) }
    return changes
  }

  private func recordChanges(_ step: Step, _ planned: Recorded?, remote: RemoteID?) -> [RecordChange] {
    let old = record(of: step)
    guard var planned else {
      return [.remove(old?.key ?? RecordKey(plan.changes[step.change].address, step.incarnation))]
    }
    if let remote { planned.remote = remote }
    return Self.put(planned, over: old, record(planned.address)) + Self.renamed(old, planned, records.values)
  }

  /// Everything recorded as needing a moved object, with its new address: deletes are ordered by it.
  static func renamed(_ old: Recorded?, _ new: Recorded, _ records: some Sequence<Recorded>) -> [RecordChange] {
    guard let old, old.address != new.address else { return [] }
    // An old object of an unfinished replacement stays at the old address until it is deleted.
    let staysToo = records.contains { $0.address == old.address && $0.key != old.key }
    func renaming(_ addresses: [Address]) -> [Address] {
      addresses.flatMap { $0 != old.address ? [$0] : staysToo ? [$0, new.address] : [new.address] }
    }
    return records.compactMap { record in
      guard record.key != old.key, record.key != new.key else { return nil }
      var renamed = record
      renamed.dependencies = renaming(record.dependencies)
      renamed.lateDependencies = renaming(record.lateDependencies)
      return renamed == record ? nil : .put(renamed)
    }
  }

  /// The change that writes a record: one of another address gives way to it, and the old object of a
  /// replacement is told as such.
  static func put(_ planned: Recorded, over old: Recorded?, _ current: Recorded?) -> [RecordChange] {
    var changes: [RecordChange] = [.put(planned)]
    if let old, old.key != planned.key { changes.insert(.remove(old.key), at: 0) }
    if var current, current.incarnation < planned.incarnation, !current.isSuperseded {
      current.isSuperseded = true
      changes.append(.put(current))
    }
    return changes
  }

  /// The record that the step leads to; nil where it removes one.
  func planned(_ step: Step, _ call: StepCall) -> Recorded? {
    switch step.operation {
    case .create: created(step, call)
    case .update, .setLate, .adopt: written(step, call)
    case .clearLate: cleared(step)
    case .move: moved(step)
    case .delete, .forget: nil
    }
  }

  /// A create that went only part of the way: what there is of it is ours.
  mutating func settlePartial(_ step: Step, _ call: StepCall, _ object: Observed) -> [RecordChange] {
    guard step.operation == .create else {
      let key = RecordKey(plan.changes[step.change].address, step.incarnation)
      // A move is its marker: where that was written, the record follows.
      if step.operation == .move, object.marker?.isSameObject(as: marker(step)) == true {
        return settle(step, call, object)
      }
      see(object, at: key)
      return []
    }
    var partial = created(step, call)
    partial.remote = object.remote
    partial.isComplete = false
    let changes = recordChanges(step, partial, remote: nil)
    for change in changes { apply(change) }
    see(object, at: partial.key)
    return changes
  }

  private func created(_ step: Step, _ call: StepCall) -> Recorded {
    let change = plan.changes[step.change]
    var record = Recorded(
      address: change.address, incarnation: step.incarnation, type: change.type, target: identity(change.target),
      remote: RemoteID(""), owned: SensitiveHash.sealed(call.input, key: hashKey))
    describe(&record, change)
    record.lateDependencies = []
    record.isComplete = !table.operations[step.change].contains(.setLate)
    return record
  }

  private func describe(_ record: inout Recorded, _ change: Change) {
    record.dependencies = change.dependencies
    record.lateDependencies = change.lateDependencies
    record.isProtected = change.lifecycle.protect
    record.managementPolicy = change.lifecycle.managementPolicy
  }

  private func written(_ step: Step, _ call: StepCall) -> Recorded? {
    let change = plan.changes[step.change]
    guard let remote = remote(of: step) else { return nil }
    let old = record(of: step)
    var owned = call.input
    if step.operation == .update, table.operations[step.change].contains(.setLate), let before = old?.owned {
      // The late fields are still as they were.
      owned = .map(
        owned.entries.map { ($0.key, $0.value) }
          + before.entries.filter { change.lateFields.contains($0.key) }.map { ($0.key, $0.value) })
    }
    var record =
      old
      ?? Recorded(
        address: change.address, incarnation: step.incarnation, type: change.type, target: identity(change.target),
        remote: remote,
        owned: owned)
    let lateBefore = record.lateDependencies
    record.owned = SensitiveHash.sealed(owned, key: hashKey)
    describe(&record, change)
    if step.operation == .update, table.operations[step.change].contains(.setLate) {
      record.lateDependencies = lateBefore
    }
    if step.operation != .adopt { record.isComplete = true }
    return record
  }

  private func cleared(_ step: Step) -> Recorded? {
    guard var record = record(of: step), let type = catalog[record.type] else { return nil }
    let change = plan.changes[step.change]
    if change.action == .update {
      record.owned = record.owned.replacing(keptFields(change, type))
      return record
    }
    record.owned = record.owned.without(lateFields(of: record.owned, type))
    record.lateDependencies = []
    return record
  }

  private func moved(_ step: Step) -> Recorded? {
    guard var record = record(of: step) else { return nil }
    record.address = plan.changes[step.change].address
    // The marker is written whole, protection included.
    record.isProtected = plan.changes[step.change].lifecycle.protect
    return record
  }
}
