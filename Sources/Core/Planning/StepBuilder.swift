import Diagnostics
import Expressions
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
    /// Steps that had better come before, where no circle comes of it: an old object lets go when the new one is whole.
    var preferred: [Int] = []
    /// Steps in which objects that stay let go of the one that is deleted here, given up when nothing else helps.
    var releases: [Int] = []
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
    var leftovers: [Leftover] = []
    /// The change that they belong to, and the step that moves the object before all others.
    var change: Int?
    var moved: Int?
  }

  /// The end of an old object whose replacement stands.
  struct Leftover {
    var change: Change
    var clear: Int?
    var delete: Int

    var key: RecordKey { RecordKey(change.address, change.incarnation) }
  }

  private(set) var drafts: [Draft] = []
  private(set) var handles: [Handles]
  private let places: [PlanBuilder.Place]
  private let slots: [Deferred]
  /// Addresses that wait for the name of a place's object.
  private let successorsByWait: [Int: Set<Address>]
  /// Those that wait for the name of an old object of an unfinished replacement.
  private let successorsOfOld: [RecordKey: Set<Address>]

  init(places: [PlanBuilder.Place], slots: [Deferred]) {
    self.places = places
    self.slots = slots
    successorsByWait = places.reduce(into: [:]) { waiting, place in
      for other in place.waitsFor { waiting[other, default: []].insert(place.address) }
    }
    successorsOfOld = places.reduce(into: [:]) { waiting, place in
      for old in place.waitsForOld { waiting[old, default: []].insert(place.address) }
    }
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
    handle.change = index
    // What is gone has no marker to move: the create's record takes the place of the old one.
    let isGone = change.action == .create
    let moved = isGone ? nil : change.movedFrom.map { _ in add(index, .move, change.incarnation, after: []) }
    handle.moved = moved
    switch change.action {
    case .noop: break
    case .move: moveOnly(moved, &handle)
    case .forget: handle.first = add(index, .forget, change.incarnation, after: [])
    case .create: create(change, index, after: [], &handle)
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
      remove(change, index, place, after: [], &handle)
      standFirst([handle.ready, handle.late], clear: handle.clear, delete: handle.delete)
    }
    handles[place] = handle
  }

  /// Deletes the old object of a replacement that an earlier run did not finish.
  mutating func draftLeftover(_ change: Change, at index: Int, place: Int) {
    let handle = handles[place]
    guard change.action == .delete else {
      _ = add(index, .forget, change.incarnation, after: [handle.ready, handle.late])
      return
    }
    let hasLate = change.lateDependencies.contains { $0 != change.address }
    let clear = hasLate ? add(index, .clearLate, change.incarnation, after: []) : nil
    let delete = add(index, .delete, change.incarnation, after: [clear])
    for step in [clear, delete].compactMap({ $0 }) { prefer(step, after: [handle.ready, handle.late]) }
    handles[place].leftovers.append(Leftover(change: change, clear: clear, delete: delete))
  }

  /// The old object goes after the new one stands, and lets go of others then, too, where that is possible.
  private mutating func standFirst(_ new: [Int?], clear: Int?, delete: Int?) {
    guard let delete else { return }
    for step in new { link(delete, after: step) }
    if let clear { prefer(clear, after: new) }
  }

  private mutating func prefer(_ step: Int, after others: [Int?]) {
    drafts[step].preferred += others.compactMap { $0 }
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

  /// Adds the order between places. `place` finds the place of an address.
  mutating func connect(_ place: (Address) -> Int?) {
    guard !drafts.isEmpty else { return }
    for position in places.indices {
      connectWrites(position)
      for old in places[position].waitsForOld {
        if let holder = place(old.address) { waitForOld(old, at: holder, position) }
      }
      connectLeftovers(position, place)
      guard let record = places[position].record ?? places[position].superseded.last else { continue }
      for address in record.dependencies {
        if let needed = place(address), needed != position { releaseBefore(needed, by: position, isLate: false) }
      }
      for address in record.lateDependencies {
        if let needed = place(address), needed != position { releaseBefore(needed, by: position, isLate: true) }
      }
    }
  }

  /// What an old object refers to goes after it, or after it has let go.
  private mutating func connectLeftovers(_ position: Int, _ place: (Address) -> Int?) {
    for leftover in handles[position].leftovers {
      for address in leftover.change.dependencies { leave(place(address), after: leftover.delete, position) }
      for address in leftover.change.lateDependencies {
        leave(place(address), after: leftover.clear ?? leftover.delete, position)
      }
    }
  }

  private mutating func leave(_ needed: Int?, after step: Int, _ position: Int) {
    guard let needed, needed != position else { return }
    for deletion in deletions(of: needed) { link(deletion, after: step) }
  }

  /// Steps that delete the objects of a place.
  private func deletions(of place: Int) -> [Int] {
    (handles[place].delete.map { [$0] } ?? []) + handles[place].leftovers.map(\.delete)
  }

  private mutating func connectWrites(_ position: Int) {
    let handle = handles[position]
    if let first = handle.first {
      for need in places[position].needs { link(first, after: handles[need].ready) }
      for other in places[position].waitsFor { for deletion in deletions(of: other) { link(first, after: deletion) } }
    }
    // A create that waits for its own delete must have its needs, too, before the old object goes.
    if let late = handle.late {
      for need in places[position].lateNeeds where need != position { link(late, after: handles[need].ready) }
      if handle.first == nil { for need in places[position].needs { link(late, after: handles[need].ready) } }
    }
  }

  /// The old object has the name of the new one, and goes before that can be made.
  private mutating func waitForOld(_ old: RecordKey, at holder: Int, _ position: Int) {
    guard let first = handles[position].first else { return }
    for leftover in handles[holder].leftovers where leftover.key == old {
      link(first, after: leftover.delete)
      guard holder == position else { continue }
      for step in [leftover.clear, leftover.delete].compactMap({ $0 }) { drafts[step].preferred = [] }
    }
  }

  /// The objects at `needed` are deleted only after the one at `position` has let go of them.
  private mutating func releaseBefore(_ needed: Int, by position: Int, isLate: Bool) {
    let handle = handles[position]
    let isGone = isLate && handle.clear != nil || handle.delete != nil
    let released: Int? =
      if isLate, let clear = handle.clear { clear } else {
        handle.delete ?? (isLate ? handle.late ?? handle.update : handle.update ?? handle.late)
      }
    for leftover in handles[needed].leftovers {
      // Whoever still names an old object whose name is wanted lets go of it before that one goes.
      if handle.delete == nil, let heirs = successorsOfOld[leftover.key], let remote = leftover.change.remote,
        places[position].observed?.fields.names(remote) == true, let step = lettingGo(by: position, of: heirs)
      {
        link(leftover.delete, after: step)
      } else {
        release(leftover.delete, after: released, isGone)
      }
    }
    guard let deletion = handles[needed].delete else { return }
    let successors = successors(of: needed)
    // Deleted first and made again: whoever is updated to the new object lets go of the old one before that.
    guard !successors.isEmpty, handle.delete == nil else { return release(deletion, after: released, isGone) }
    if let step = lettingGo(by: position, of: successors) { return link(deletion, after: step) }
    guard places[needed].change?.action != .replace, !follows(position, successors) else { return }
    release(deletion, after: released, isGone)
  }

  private mutating func release(_ deletion: Int, after released: Int?, _ isGone: Bool) {
    guard !isGone, let released else { return link(deletion, after: released) }
    drafts[deletion].releases.append(released)
  }

  /// Addresses whose new objects take the place of the one that is deleted here.
  private func successors(of place: Int) -> Set<Address> {
    if places[place].change?.action == .replace { return [places[place].address] }
    return successorsByWait[place] ?? []
  }

  /// True where a field of an object that stays follows one of these.
  private func follows(_ position: Int, _ addresses: Set<Address>) -> Bool {
    places[position].change?.fields.contains { field in
      field.after?.unknownSlots.contains { slot in
        slots[Int(slot.index)].template.references.contains { addresses.contains(Address($0.subject)) }
      } ?? false
    } ?? false
  }

  /// The step in which an object that stays lets go of one that is deleted before its successor is made; nil where
  /// none of its fields follows that one, or none can be without it.
  private mutating func lettingGo(by position: Int, of successors: Set<Address>) -> Int? {
    let handle = handles[position]
    guard let change = places[position].change, change.action == .update, let number = handle.change,
      follows(position, successors), !change.fields.contains(where: \.forcesReplacement)
    else { return nil }
    if let clear = handle.clear { return clear }
    let clear = add(number, .clearLate, change.incarnation, after: [handle.moved])
    handles[position].clear = clear
    for step in [handle.update, handle.late].compactMap({ $0 }) { link(step, after: clear) }
    return clear
  }

  private mutating func link(_ step: Int, after other: Int?) {
    guard let other, other != step, !drafts[step].dependencies.contains(other) else { return }
    drafts[step].dependencies.append(other)
  }
}
