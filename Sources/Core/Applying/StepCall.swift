import Cryptography
import Planning
import Resources
import Schemas
import Values

/// What one step asks of its provider, with every value known.
enum StepCall: Sendable {
  case create(Desired, Marker, CreateRecovery, window: Duration)
  case update(FieldChanges, of: Observed?, RemoteID)
  case delete(Observed?, RemoteID)
  /// Only the inventory changes.
  case nothing
  /// It cannot be asked: a value is missing.
  case impossible(String)

  /// The fields that are sent, for the intent's hash.
  var input: Value {
    switch self {
    case .create(let desired, _, _, _): desired.fields
    case .update(let changes, _, _): changes.desired
    case .delete, .nothing, .impossible: .null
    }
  }

  /// A second call can do no harm whatever the first one did.
  var isRepeatable: Bool {
    switch self {
    case .create(_, _, let recovery, _): recovery == .token
    case .update, .delete, .nothing: true
    case .impossible: false
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
      return .create(try desired(change), marker(step), type.recovery, window: type.identity.consistencyWindow)
    }
    guard let remote = remote(of: step) else { throw ValueProblem(message: "the object it works on is not known") }
    let object = object(of: step)
    switch step.operation {
    case .delete: return .delete(object, remote)
    case .update, .setLate:
      let withLate = step.operation == .setLate || !table.operations[step.change].contains(.setLate)
      let desired = try fields(change, withLate: withLate)
      return .update(
        FieldChanges(changes: try changes(step), desired: desired, marker: marker(step)), of: object, remote)
    case .adopt, .move:
      return .update(FieldChanges(changes: [], desired: knownFields(change), marker: marker(step)), of: object, remote)
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
    let owned = record(of: step)?.owned ?? .map([])
    let late = lateFields(of: owned, type)
    let changes = late.map { FieldChange(path: ValuePath([.key($0)]), before: owned[$0], after: nil, effect: .remove) }
    return FieldChanges(changes: changes, desired: owned.without(late), marker: marker(step))
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
