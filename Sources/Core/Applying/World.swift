import Cryptography
import Diagnostics
import Expressions
import Inventory
import Planning
import ProviderKit
import Resources
import Values

/// What a run knows: records, objects as they were last seen, and values as far as they can be told.
struct World {
  let plan: Plan
  let table: StepTable
  let catalog: TypeCatalog
  let hashKey: HashKey?
  /// What expressions may name.
  let names: EstateNames
  /// Secrets that were read for steps, or why they could not be, by slot.
  var secrets: [Slot: Result<Value, SecretProblem>] = [:]
  /// Addresses whose objects are made only after another, which gives way to them, is deleted.
  let remade: Set<Address>
  /// Creates of earlier runs of which nothing was found.
  var vainCreates: [Intent] = []
  private let identities: [TargetName: TargetIdentity]
  private(set) var records: [RecordKey: Recorded]
  /// The incarnation that references mean, by address.
  private var current: [Address: Incarnation] = [:]
  private var objects: [RecordKey: Observed] = [:]

  init(plan: Plan, table: StepTable, records: [Recorded], environment: ApplyEnvironment) {
    self.plan = plan
    self.table = table
    catalog = environment.catalog
    remade = Self.remade(plan)
    hashKey = environment.hashKey
    names = EstateNames(
      variables: environment.variables ?? plan.variables, environment: plan.scope.environment)
    identities = environment.targets.mapValues(\.identity)
    self.records = Dictionary(minimumCapacity: records.count)
    for record in records {
      self.records[record.key] = record
      if !record.isSuperseded { current[record.address] = record.incarnation }
    }
  }

  private static func remade(_ plan: Plan) -> Set<Address> {
    let made = plan.steps.filter { step in
      step.operation == .create && step.dependencies.contains { plan.steps[$0].operation == .delete }
    }
    return Set(made.map { plan.changes[$0.change].address })
  }

  func identity(_ target: TargetName) -> TargetIdentity {
    identities[target] ?? TargetIdentity(target: target, provider: "", account: "", region: "")
  }

  /// The current record of an address.
  func record(_ address: Address) -> Recorded? {
    current[address].flatMap { records[RecordKey(address, $0)] }
  }

  /// The record a step works on: at its own address, or at the one its change moves from.
  func record(of step: Step) -> Recorded? {
    let change = plan.changes[step.change]
    if let record = records[RecordKey(change.address, step.incarnation)] { return record }
    return change.movedFrom.flatMap { records[RecordKey($0, step.incarnation)] }
  }

  /// The id of the object a step works on; nil for a create.
  func remote(of step: Step) -> RemoteID? {
    step.operation == .create ? nil : record(of: step)?.remote ?? plan.changes[step.change].remote
  }

  /// The token under which an earlier run has sent the same create in vain: where its request comes through after all,
  /// a service that honours tokens makes one object of both.
  func tokenOfVainCreate(_ step: Step, _ input: KeyedHash) -> OperationToken? {
    let change = plan.changes[step.change]
    guard step.operation == .create else { return nil }
    return vainCreates.last {
      RecordKey($0.address, $0.incarnation) == RecordKey(change.address, step.incarnation) && $0.type == change.type
        && $0.target.isSamePlace(as: identity(change.target)) && $0.input == input
    }?.token
  }

  func object(_ key: RecordKey) -> Observed? { objects[key] }

  func object(of step: Step) -> Observed? {
    let change = plan.changes[step.change]
    if let object = objects[RecordKey(change.address, step.incarnation)] { return object }
    return change.movedFrom.flatMap { objects[RecordKey($0, step.incarnation)] }
  }

  mutating func see(_ object: Observed, at key: RecordKey) { objects[key] = object }
  mutating func lose(_ key: RecordKey) { objects[key] = nil }

  mutating func apply(_ change: RecordChange) {
    switch change {
    case .put(let record):
      records[record.key] = record
      if !record.isSuperseded { current[record.address] = record.incarnation }
    case .remove(let key):
      records[key] = nil
      guard current[key.address] == key.incarnation else { return }
      current[key.address] = nil
    }
  }
}

// MARK: Values

extension World {
  /// Why a value cannot be told although everything it needs is there.
  struct ValueProblem: Error {
    var message: String
  }

  /// Fills in everything that a finished step or an object tells.
  /// - Throws: where an expression fails, or still awaits something.
  func resolved(_ value: Value) throws(ValueProblem) -> Value {
    guard value.containsUnknown else { return value }
    var problem: ValueProblem?
    let known = value.substituting { slot in
      let deferred = plan.slots[Int(slot.index)]
      switch secrets[slot] {
      case .success(let value): return value
      case .failure(let error):
        problem = problem ?? ValueProblem(message: "`\(deferred.path)`: \(error.message)")
        return nil
      case nil: break
      }
      switch deferred.evaluate(names, value(of:)) {
      case .value(let value): return value
      case .unknown(let awaiting):
        let names = awaiting.map { "`\($0)`" }.joined(separator: ", ")
        problem = problem ?? ValueProblem(message: "`\(deferred.path)` needs \(names), which is not known")
        return nil
      case .failed(let diagnostic):
        problem = problem ?? ValueProblem(message: "`\(deferred.path)`: \(diagnostic.message)")
        return nil
      }
    }
    if let problem { throw problem }
    return known
  }

  /// The value with what can be told by now; the rest stays unknown.
  func known(_ value: Value) -> Value {
    value.substituting { slot in
      guard case .value(let found) = plan.slots[Int(slot.index)].template.evaluate(self.value(of:)) else { return nil }
      return found
    }
  }

  private func value(of reference: Reference) -> Value? {
    let address = Address(reference.subject)
    guard let incarnation = current[address] else { return nil }
    let key = RecordKey(address, incarnation)
    if reference.path == ValuePath([.key("id")]) {
      return (objects[key]?.remote ?? records[key]?.remote).map { .string($0.text) }
    }
    guard let object = objects[key] else { return nil }
    return object.fields[reference.path] ?? .null
  }

  /// The fields of a change without late ones, or with them.
  func fields(_ change: Change, withLate: Bool) throws(ValueProblem) -> Value {
    let after = change.after ?? .map([])
    return try resolved(withLate ? after : after.without(change.lateFields))
  }

  /// What is known already of the wanted fields; the rest is left out.
  func knownFields(_ change: Change) -> Value {
    guard let after = change.after else { return .map([]) }
    guard after.containsUnknown else { return after }
    return .map(after.entries.filter { !$0.value.containsUnknown }.map { ($0.key, $0.value) })
  }

  /// The changes that one step writes: those of late fields belong to `setLate` where there is such a step.
  func changes(_ step: Step) throws(ValueProblem) -> [FieldChange] {
    let change = plan.changes[step.change]
    let hasLate = table.operations[step.change].contains(.setLate)
    var wanted = change.fields.filter { field in
      guard let name = field.path.field, field.path != .protection else { return false }
      let isLate = change.lateFields.contains(name)
      return step.operation == .setLate ? isLate : !(isLate && hasLate)
    }
    if step.operation == .setLate, wanted.isEmpty {
      wanted = change.lateFields.map { name in
        FieldChange(path: ValuePath([.key(name)]), before: nil, after: change.after?[name])
      }
    }
    if change.action == .update, table.operations[step.change].contains(.clearLate), let type = catalog[change.type] {
      wanted = wholeAgain(wanted, change, type)
    }
    var known: [FieldChange] = []
    for var field in wanted {
      if let after = field.after { field.after = try resolved(after) }
      known.append(field)
    }
    return known
  }
}

extension World {
  /// Fields of which a part was taken away are written whole.
  private func wholeAgain(_ wanted: [FieldChange], _ change: Change, _ type: ResourceType) -> [FieldChange] {
    let cleared = keptFields(change, type).map(\.name)
    var changes = wanted.filter { !cleared.contains($0.path.field ?? "") }
    for name in cleared where wanted.contains(where: { $0.path.field == name }) {
      changes.append(FieldChange(path: ValuePath([.key(name)]), before: nil, after: change.after?[name]))
    }
    return changes
  }
}

extension Value {
  /// The map without some of its entries.
  func without(_ names: [String]) -> Value {
    guard !names.isEmpty, entries.contains(where: { names.contains($0.key) }) else { return self }
    return .map(entries.filter { !names.contains($0.key) }.map { ($0.key, $0.value) })
  }
}
