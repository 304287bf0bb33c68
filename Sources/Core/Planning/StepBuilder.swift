import Diagnostics
import Graphs
import Resources
import Values

/// Turns decisions into steps and the order between them: references forward for writes, backward for deletes.
struct StepBuilder {
  /// One step, its dependencies by position in `drafts`.
  struct Draft {
    var change: Int
    var operation: Step.Operation
    var incarnation: Incarnation
    var dependencies: [Int] = []
  }

  /// Where the steps of one place stand in `drafts`.
  struct Handles {
    /// The first step that writes: it waits for what the place needs.
    var first: Int?
    /// After this one the object's values can be read.
    var ready: Int?
    var update: Int?
    var late: Int?
    var clear: Int?
    var delete: Int?
  }

  private(set) var drafts: [Draft] = []
  private(set) var handles: [Handles]
  private let places: [PlanBuilder.Place]

  init(places: [PlanBuilder.Place]) {
    self.places = places
    handles = Array(repeating: Handles(), count: places.count)
  }

  private mutating func add(_ change: Int, _ operation: Step.Operation, _ incarnation: Incarnation, after: [Int?])
    -> Int
  {
    drafts.append(
      Draft(change: change, operation: operation, incarnation: incarnation, dependencies: after.compactMap { $0 }))
    return drafts.count - 1
  }

  /// The steps of one change, in their own order.
  mutating func draft(_ change: Change, at index: Int, place: Int) {
    var handle = Handles()
    let moved = change.movedFrom.map { _ in add(index, .move, change.incarnation, after: []) }
    switch change.action {
    case .noop: break
    case .move: moveOnly(moved, &handle)
    case .forget: handle.first = add(index, .forget, change.incarnation, after: [])
    case .create: create(change, index, after: [moved], &handle)
    case .adopt:
      let adopted = add(index, .adopt, change.incarnation, after: [])
      update(change, index, after: adopted, &handle)
      handle.first = adopted
    case .update: update(change, index, after: moved, &handle)
    case .delete: remove(change, index, place, after: [], &handle)
    case .replace:
      remove(change, index, place, after: [moved], &handle)
      create(change, index, after: [handle.delete], &handle)
    case .createThenDelete:
      create(change, index, after: [moved], &handle)
      remove(change, index, place, after: [handle.ready, handle.late], &handle)
    }
    handles[place] = handle
  }

  /// Deletes the old object of a replacement that an earlier run did not finish.
  mutating func draftLeftover(_ change: Change, at index: Int, place: Int) {
    let handle = handles[place]
    let step = add(index, .delete, change.incarnation, after: [handle.ready, handle.late])
    if handles[place].delete == nil { handles[place].delete = step }
  }

  private func moveOnly(_ moved: Int?, _ handle: inout Handles) {
    handle.first = moved
    handle.ready = moved
  }

  private mutating func create(_ change: Change, _ index: Int, after: [Int?], _ handle: inout Handles) {
    let step = add(index, .create, change.newIncarnation, after: after)
    handle.first = step
    handle.ready = step
    guard !change.lateFields.isEmpty else { return }
    handle.late = add(index, .setLate, change.newIncarnation, after: [step])
  }

  private mutating func update(_ change: Change, _ index: Int, after: Int?, _ handle: inout Handles) {
    let late = change.fields.contains { change.lateFields.contains($0.path.field ?? "") }
    let plain = change.fields.contains { !change.lateFields.contains($0.path.field ?? "") }
    var last = after
    if plain {
      last = add(index, .update, change.incarnation, after: [after])
      handle.update = last
    }
    handle.first = handle.update
    handle.ready = last
    if late { handle.late = add(index, .setLate, change.incarnation, after: [last]) }
  }

  private mutating func remove(_ change: Change, _ index: Int, _ place: Int, after: [Int?], _ handle: inout Handles) {
    let record = places[place].record ?? places[place].superseded.last
    if let record, record.lateDependencies.contains(where: { $0 != record.address }) {
      handle.clear = add(index, .clearLate, change.incarnation, after: after)
    }
    handle.delete = add(index, .delete, change.incarnation, after: after + [handle.clear])
  }

  /// Adds the order between places.
  mutating func connect(index: [Address: Int]) {
    for position in places.indices {
      connectWrites(position)
      guard let record = places[position].record ?? places[position].superseded.last else { continue }
      for address in record.dependencies {
        if let needed = index[address], needed != position { releaseBefore(needed, by: position, isLate: false) }
      }
      for address in record.lateDependencies {
        if let needed = index[address], needed != position { releaseBefore(needed, by: position, isLate: true) }
      }
    }
  }

  private mutating func connectWrites(_ position: Int) {
    let handle = handles[position]
    if let first = handle.first {
      for need in places[position].needs { link(first, after: handles[need].ready) }
      for other in places[position].waitsFor { link(first, after: handles[other].delete) }
    }
    // A create that waits for its own delete must have its needs, too, before the old object goes.
    if let late = handle.late {
      for need in places[position].lateNeeds where need != position { link(late, after: handles[need].ready) }
      if handle.first == nil { for need in places[position].needs { link(late, after: handles[need].ready) } }
    }
  }

  /// The object at `needed` is deleted only after the one at `position` has let go of it.
  private mutating func releaseBefore(_ needed: Int, by position: Int, isLate: Bool) {
    guard let deletion = handles[needed].delete else { return }
    let handle = handles[position]
    if isLate, let clear = handle.clear { return link(deletion, after: clear) }
    if let own = handle.delete { return link(deletion, after: own) }
    // Deleted first and made again: whoever is updated to the new object can only be updated afterwards.
    guard places[needed].change?.action != .replace else { return }
    link(deletion, after: isLate ? handle.late ?? handle.update : handle.update ?? handle.late)
  }

  private mutating func link(_ step: Int, after other: Int?) {
    guard let other, other != step, !drafts[step].dependencies.contains(other) else { return }
    drafts[step].dependencies.append(other)
  }
}
