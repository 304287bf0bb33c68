import Diagnostics
import Expressions
import Resources
import Values

extension PlanBuilder {
  /// The desired fields with every reference that is known by now filled in, and what was read for it.
  mutating func resolve(_ desired: Desired) -> (fields: Value, reads: [ReadFingerprint]) {
    guard desired.fields.containsUnknown else { return (desired.fields, []) }
    var reads: [ReadFingerprint] = []
    var problems: [Diagnostic] = []
    let fields = desired.fields.substituting { slot in
      let deferred = input.desired.slots[Int(slot.index)]
      let result = deferred.template.evaluate { reference in
        guard let value = value(of: reference) else { return nil }
        if let read = fingerprint(reference, value) { reads.append(read) }
        return value
      }
      switch result {
      case .value(let value): return value
      case .unknown: return nil
      case .failed(let problem):
        problems.append(problem)
        return nil
      }
    }
    diagnostics += problems
    return (fields, reads)
  }

  /// What a reference will be after the plan; nil where only applying can tell.
  func value(of reference: Reference) -> Value? {
    guard let position = index[Address(reference.subject)] else { return nil }
    let place = places[position]
    let isNew = place.change.map { $0.action == .create || $0.action == .replace || $0.action == .createThenDelete } ?? false
    if reference.path == ValuePath([.key("id")]) {
      guard !isNew, let observed = place.observed else { return nil }
      return .string(observed.remote.text)
    }
    if let written = place.fields?[reference.path] { return written.containsUnknown ? nil : written }
    guard !isNew, let observed = place.observed else { return nil }
    return observed.fields[reference.path] ?? .null
  }

  /// Only what was read of an object as it stands can go stale.
  private func fingerprint(_ reference: Reference, _ value: Value) -> ReadFingerprint? {
    guard let position = index[Address(reference.subject)], places[position].fields?[reference.path] == nil,
      let type = places[position].record.flatMap({ input.catalog[$0.type] })
    else { return nil }
    if reference.path == ValuePath([.key("id")]) { return nil }
    return ReadFingerprint(
      address: places[position].address, path: reference.path,
      digest: Fingerprint.digest(of: places[position].observed?.fields, paths: [reference.path], type: type))
  }
}
