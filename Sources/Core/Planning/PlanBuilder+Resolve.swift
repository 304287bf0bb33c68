import Diagnostics
import Expressions
import Resources
import Schemas
import Values

extension PlanBuilder {
  /// Fields with every reference that is known by now filled in, and what was read for it; late fields have their own
  /// turn.
  mutating func resolve(_ fields: Value, late: Bool) -> (fields: Value, reads: [ReadFingerprint]) {
    guard fields.containsUnknown else { return (fields, []) }
    let written = fields
    var reads: [ReadFingerprint] = []
    var problems: [Diagnostic] = []
    var found: [Slot: Value] = [:]
    let fields = fields.substituting { slot in
      let number = Int(slot.index)
      guard isLate(number) == late, !namesRemade(number) else { return nil }
      let result = input.desired.slots[number].evaluate(input.desired.names) { reference in
        guard let subject = subject(of: reference, in: number), let value = value(of: reference, at: subject) else {
          return nil
        }
        if let read = fingerprint(reference, at: subject) { reads.append(read) }
        return value
      }
      switch result {
      case .value(let value) where written.marksSecret(slot):
        // Known, to be compared, and never part of a plan.
        found[slot] = value.markedSensitive
        return nil
      case .value(let value): return value
      case .unknown: return nil
      case .failed(let problem):
        problems.append(problem)
        return nil
      }
    }
    diagnostics += problems
    secrets.values.merge(found) { _, new in new }
    return (fields, reads)
  }

  /// True for a value inside a late field.
  func isLate(_ slot: Int) -> Bool { field(of: slot)?.marks.contains(.late) == true }

  /// The field of a resource that holds a slot, or in which it stands.
  private func field(of slot: Int) -> Field? {
    guard let name = input.desired.slots[slot].path.field, let owner = input.desired.links.owner(of: slot) else {
      return nil
    }
    return input.catalog[input.desired.resources[owner].type]?.schema[name]
  }

  /// True where the value names an object that is deleted and made again under the same name: whoever names it has to
  /// let go of it, so that its value counts as one that only applying can tell.
  private func namesRemade(_ slot: Int) -> Bool {
    guard subjects(of: slot).contains(where: { places[$0].isRemade }), let field = field(of: slot) else { return false }
    return field.namesObjects && field.marks.isDisjoint(with: [.immutable, .required])
  }

  /// What a reference to a place will be after the plan; nil where only applying can tell.
  private func value(of reference: Reference, at position: Int) -> Value? {
    let place = places[position]
    let isNew = place.change?.action.isCreating ?? false
    if reference.path == ValuePath([.key("id")]) {
      guard !isNew, let observed = place.observed else { return nil }
      return .string(observed.remote.text)
    }
    if let written = (place.fields?[reference.path]).map(secrets.filling) {
      if written.containsUnknown { return nil }
      return written
    }
    guard !isNew, let observed = place.observed else { return nil }
    return observed.fields[reference.path] ?? .null
  }

  /// Only what was read of an object as it stands can go stale.
  private func fingerprint(_ reference: Reference, at position: Int) -> ReadFingerprint? {
    guard places[position].fields?[reference.path] == nil,
      let type = places[position].record.flatMap({ input.catalog[$0.type] })
    else { return nil }
    if reference.path == ValuePath([.key("id")]) { return nil }
    return ReadFingerprint(
      address: places[position].address, path: reference.path,
      digest: Fingerprint.digest(of: places[position].observed?.fields, paths: [reference.path], type: type))
  }
}

extension Field {
  /// True where it, or a field inside it, holds names of other objects.
  fileprivate var namesObjects: Bool {
    if references != nil { return true }
    switch type {
    case .object(let schema), .list(.object(let schema), _), .map(.object(let schema)):
      return schema.fields.contains(where: \.namesObjects)
    case .string, .int, .double, .bool, .any, .list, .map: return false
    }
  }
}
