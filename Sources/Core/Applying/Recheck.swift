import Expressions
import Inventory
import Planning
import ProviderKit
import Resources
import Values

/// Compares the world with what the plan read, object by object, before the first write. What the plan did
/// not read does
/// not matter.
struct Recheck {
  let plan: Plan
  let table: StepTable
  let environment: ApplyEnvironment
  /// Old addresses by new ones, of what the plan moves.
  private let sources: [Address: Address]
  private var findings: [StaleFinding] = []

  init(_ plan: Plan, _ table: StepTable, _ environment: ApplyEnvironment) {
    self.plan = plan
    self.table = table
    self.environment = environment
    sources = Dictionary(
      plan.changes.compactMap { change in change.movedFrom.map { (change.address, $0) } },
      uniquingKeysWith: { first, _ in first })
  }

  /// Reads every object that the steps touch or refer to, and puts it into the world.
  /// - Throws: `stale` with everything that differs.
  mutating func run(_ world: inout World) async throws(ApplyError) {
    let objects = try await environment.read(wanted(world))
    for record in world.records.values {
      if let object = objects[record.objectKey] { world.see(object, at: record.key) }
    }
    for step in plan.steps where world.object(of: step) == nil {
      let change = plan.changes[step.change]
      guard let remote = world.remote(of: step) else { continue }
      if let object = objects[ObjectKey(target: change.target, type: change.type, remote: remote)] {
        world.see(object, at: RecordKey(change.address, step.incarnation))
      }
    }
    for index in plan.changes.indices where !table.operations[index].isEmpty && table.doneBefore[index].isEmpty {
      check(plan.changes[index], objects, world)
    }
    for step in plan.steps where step.operation == .create && table.doneBefore[step.change].isEmpty {
      checkUnrecorded(step, world)
    }
    try await checkHolders(world)
    guard findings.isEmpty else { throw ApplyError.stale(findings.sorted { $0.address < $1.address }) }
  }

  /// Objects of steps, of expectations, of what was read for values, and of what values still await.
  private func wanted(_ world: World) -> Set<ObjectKey> {
    var keys: Set<ObjectKey> = []
    // Forgetting asks nobody: the account may be closed.
    for step in plan.steps where step.operation != .forget {
      let change = plan.changes[step.change]
      if let remote = world.remote(of: step) {
        keys.insert(ObjectKey(target: change.target, type: change.type, remote: remote))
      } else if let record = world.record(of: step) {
        keys.insert(record.objectKey)
      }
    }
    for (index, change) in plan.changes.enumerated() where !table.operations[index].isEmpty {
      if let expectation = change.expectation {
        keys.insert(ObjectKey(target: change.target, type: change.type, remote: expectation.remote))
      }
      for read in change.reads {
        if let record = record(read.address, world) { keys.insert(record.objectKey) }
      }
      for slot in change.after?.unknownSlots ?? [] {
        for reference in plan.slots[Int(slot.index)].template.references {
          if let record = record(Address(reference.subject), world) { keys.insert(record.objectKey) }
        }
      }
    }
    return keys
  }

  /// The record of an address, which may stand where a move of this plan takes it from.
  private func record(_ address: Address, _ world: World) -> Recorded? {
    world.record(address) ?? sources[address].flatMap { world.record($0) }
  }

  private mutating func check(_ change: Change, _ objects: [ObjectKey: Observed], _ world: World) {
    if let expectation = change.expectation, let type = environment.catalog[change.type] {
      let object = objects[ObjectKey(target: change.target, type: change.type, remote: expectation.remote)]
      check(change, expectation, object, type, world)
    }
    for read in change.reads {
      guard let record = record(read.address, world), let type = environment.catalog[record.type] else {
        add(
          read.address, read.path,
          "it is not recorded any more, and `\(change.address)` was planned with its `\(read.path)`")
        continue
      }
      let digest = Fingerprint.digest(of: objects[record.objectKey]?.fields, paths: [read.path], type: type)
      if digest != read.digest {
        add(read.address, read.path, "`\(read.path)` has changed, and `\(change.address)` was planned with it")
      }
    }
  }

  /// An object that another run, or recovery, has recorded since the plan was made must not be made twice.
  private mutating func checkUnrecorded(_ step: Step, _ world: World) {
    guard let record = world.record(of: step), world.object(record.key) != nil else { return }
    add(record.address, .root, "`\(record.remote)` was created since the plan was made")
  }

  private mutating func check(
    _ change: Change, _ expectation: Expectation, _ object: Observed?, _ type: ResourceType, _ world: World
  ) {
    guard let object else {
      // Gone already is what a delete wants.
      if change.action != .delete { add(change.address, .root, "`\(expectation.remote)` is gone") }
      return
    }
    if let marker = object.marker, change.action != .adopt, !isOurs(marker, change, world) {
      add(change.address, .root, "`\(object.remote)` now belongs to `\(marker.address)` of scope `\(marker.scope)`")
    }
    guard Fingerprint.digest(of: object.fields, paths: expectation.paths, type: type) != expectation.digest else {
      return
    }
    let names = expectation.paths.map { "`\($0)`" }.joined(separator: ", ")
    let path = expectation.paths.count == 1 ? expectation.paths[0] : .root
    add(change.address, path, "`\(object.remote)` is not as it was planned with: one of \(names) has changed")
  }

  /// A marker of ours for an address that is not recorded is a move's that was begun: the record counts.
  private func isOurs(_ marker: Marker, _ change: Change, _ world: World) -> Bool {
    guard marker.scope == plan.scope else { return false }
    return marker.address == change.address || marker.address == change.movedFrom
      || world.record(marker.address) == nil
  }

  private mutating func add(_ address: Address, _ path: ValuePath, _ message: String) {
    findings.append(StaleFinding(address: address, path: path.description, message: message))
  }
}

// MARK: Natural keys

extension Recheck {
  private struct Question {
    var change: Int
    var fields: Value
  }

  /// A name that was free when the plan was made must be free still, or held by what the plan deletes.
  private mutating func checkHolders(_ world: World) async throws(ApplyError) {
    var questions: [TargetName: [TypeName: [Question]]] = [:]
    var leaving: Set<ObjectKey> = []
    for step in plan.steps {
      let change = plan.changes[step.change]
      if step.operation == .delete, let remote = world.remote(of: step) {
        leaving.insert(ObjectKey(target: change.target, type: change.type, remote: remote))
      }
      guard step.operation == .create, table.doneBefore[step.change].isEmpty, let fields = naturalKey(change) else {
        continue
      }
      questions[change.target, default: [:]][change.type, default: []].append(
        Question(change: step.change, fields: fields))
    }
    for (target, types) in questions {
      let reader = try await environment.reader(target)
      for (type, asked) in types {
        let answers: [[Observed]]
        do throws(ProviderError) {
          answers = try await reader.find(type, asked.map { .naturalKey($0.fields) })
        } catch {
          throw ApplyError.provider(target, error)
        }
        for (question, holders) in zip(asked, answers) {
          let change = plan.changes[question.change]
          for holder in holders where !leaving.contains(ObjectKey(target: target, type: type, remote: holder.remote)) {
            add(change.address, .root, "`\(holder.remote)` now holds the name that was free when the plan was made")
          }
        }
      }
    }
  }

  /// The wanted fields where they hold the whole natural key, known.
  private func naturalKey(_ change: Change) -> Value? {
    guard let type = environment.catalog[change.type], let after = change.after, type.holdsNaturalKey(after) else {
      return nil
    }
    return after
  }
}

extension Recorded {
  var objectKey: ObjectKey { ObjectKey(target: target.target, type: type, remote: remote) }
}
