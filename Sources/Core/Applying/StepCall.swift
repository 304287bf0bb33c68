import Cryptography
import Expressions
import Planning
import Resources
import Schemas
import Values

/// What one step asks of its provider, with every value known.
enum StepCall: Sendable {
  case create(Desired, Marker, window: Duration)
  case update(FieldChanges, of: Observed?, RemoteID)
  case delete(Observed?, RemoteID)
  /// An object that is only watched: it is looked at, and nothing is sent, not even a marker.
  case watch(Value, of: Observed?, RemoteID)
  /// Only the inventory changes.
  case nothing
  /// It cannot be asked: a value is missing.
  case impossible(String)
  /// Policies do not let it be asked.
  case refused(StepRefusal)

  /// The fields that are sent, for the intent's hash.
  var input: Value {
    switch self {
    case .create(let desired, _, _): desired.fields
    case .update(let changes, _, _): changes.desired
    case .watch(let fields, _, _): fields
    case .delete, .nothing, .impossible, .refused: .null
    }
  }

  /// A second call can do no harm whatever the first one did.
  var isRepeatable: Bool {
    switch self {
    case .update, .delete, .watch, .nothing: true
    case .create, .impossible, .refused: false
    }
  }
}

extension World {
  func call(_ step: Step) -> StepCall {
    do throws(ValueProblem) {
      return try compose(step)
    } catch {
      return .impossible(error.message)
    }
  }

  private func compose(_ step: Step) throws(ValueProblem) -> StepCall {
    let change = plan.changes[step.change]
    if step.operation == .forget { return .nothing }
    guard let type = catalog[change.type] else {
      throw ValueProblem(message: "no provider knows the type `\(change.type)`")
    }
    if step.operation == .create {
      return .create(try desired(change), marker(step), window: type.identity.consistencyWindow)
    }
    guard let remote = remote(of: step) else { throw ValueProblem(message: "the object it works on is not known") }
    let object = object(of: step)
    switch step.operation {
    case .delete: return .delete(object, remote)
    case .update, .setLate:
      let withLate = step.operation == .setLate || !table.operations[step.change].contains(.setLate)
      let desired = try fields(change, withLate: withLate)
      return .update(
        FieldChanges(
          changes: try changes(step), desired: desired, marker: marker(step), ignored: change.lifecycle.ignore),
        of: object, remote)
    case .adopt, .move:
      if change.lifecycle.managementPolicy == .observe { return .watch(knownFields(change), of: object, remote) }
      return .update(
        FieldChanges(
          changes: [], desired: knownFields(change), marker: marker(step), ignored: change.lifecycle.ignore),
        of: object, remote)
    case .clearLate: return .update(cleared(step, type), of: object, remote)
    case .create, .forget: return .nothing
    }
  }

  private func desired(_ change: Change) throws(ValueProblem) -> Desired {
    Desired(
      address: change.address, type: change.type, target: change.target, fields: try fields(change, withLate: false),
      lifecycle: change.lifecycle, origin: change.origin)
  }

  func marker(_ step: Step) -> Marker {
    let change = plan.changes[step.change]
    let isProtected = step.operation == .clearLate ? record(of: step)?.isProtected ?? false : change.lifecycle.protect
    return Marker(scope: plan.scope, address: change.address, incarnation: step.incarnation, isProtected: isProtected)
  }

  /// Takes away what the late fields of an object refer to, so that it, and they, can be deleted.
  private func cleared(_ step: Step, _ type: ResourceType) -> FieldChanges {
    if plan.changes[step.change].action == .update { return lettingGo(step, type) }
    let owned = record(of: step)?.owned ?? .map([])
    let late = lateFields(of: owned, type)
    let changes = late.map { FieldChange(path: ValuePath([.key($0)]), before: owned[$0], after: nil, effect: .remove) }
    return FieldChanges(changes: changes, desired: owned.without(late), marker: marker(step))
  }

  /// The same for an object that stays, while something that it refers to is deleted and made again.
  private func lettingGo(_ step: Step, _ type: ResourceType) -> FieldChanges {
    let owned = record(of: step)?.owned ?? .map([])
    let kept = keptFields(plan.changes[step.change], type)
    let changes = kept.map { name, value in
      FieldChange(
        path: ValuePath([.key(name)]), before: owned[name], after: value, effect: value == nil ? .remove : .set)
    }
    return FieldChanges(changes: changes, desired: owned.replacing(kept), marker: marker(step))
  }

  /// Fields that follow an object which is deleted and made again, and what of each does not await anything.
  func keptFields(_ change: Change, _ type: ResourceType) -> [(name: String, value: Value?)] {
    guard let after = change.after, after.containsUnknown else { return [] }
    return after.entries.compactMap { entry in
      guard follows(entry.value), let field = type.schema[entry.key],
        field.marks.isDisjoint(with: [.required, .immutable])
      else { return nil }
      switch entry.value.kind {
      case .list: return (entry.key, .list(entry.value.elements.filter { !$0.containsUnknown }))
      case .map where field.isMap:
        return (
          entry.key, .map(entry.value.entries.filter { !$0.value.containsUnknown }.map { ($0.key, $0.value) })
        )
      case .null, .bool, .int, .double, .string, .map, .unknown: return (entry.key, nil)
      }
    }
  }

  private func follows(_ value: Value) -> Bool {
    value.unknownSlots.contains { slot in
      plan.slots[Int(slot.index)].template.references.contains { remade.contains(Address($0.subject)) }
    }
  }

  func lateFields(of owned: Value, _ type: ResourceType) -> [String] {
    owned.keys.filter { type.schema[$0]?.marks.contains(.late) == true }
  }

  /// A hash of what is sent; with no key, of what is not secret in it.
  func inputHash(_ call: StepCall) -> KeyedHash {
    let input = call.input
    guard let hashKey else { return KeyedHash(SHA256.digest(input.canonicalBytes()).hex) }
    return KeyedHash(SensitiveHash.hash(input, key: hashKey))
  }
}

extension Field {
  fileprivate var isMap: Bool { if case .map = type { true } else { false } }
}

extension Value {
  /// The map with other values for some of its keys, or without them.
  func replacing(_ fields: [(name: String, value: Value?)]) -> Value {
    .map(
      entries.compactMap { entry in
        guard let field = fields.first(where: { $0.name == entry.key }) else { return (entry.key, entry.value) }
        return field.value.map { (entry.key, $0) }
      })
  }
}
