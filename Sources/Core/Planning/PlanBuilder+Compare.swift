import Diagnostics
import Expressions
import Resources
import Schemas
import Values

extension PlanBuilder {
  /// Compares a desired resource with the object that stands there, and chooses between nothing, update and replace.
  mutating func compare(
    _ position: Int, _ owned: Value?, _ observed: Observed, _ type: ResourceType, _ change: inout Change
  ) {
    guard let fields = places[position].fields else { return }
    if let changes = proposed(&change) {
      change.fields = changes
    } else {
      let diff = diff(fields, owned, observed, places[position].record, type, change.lifecycle, late: false)
      coverage.ignored += diff.ignored
      coverage.notCompared += diff.notCompared
      change.fields = diff.changes
    }
    for field in observed.unreadable where fields[field] != nil {
      coverage.unreadable["\(change.address).\(field)"] = "it could not be read"
    }
    noteProtection(places[position].record, observed, type, &change)
    if change.lifecycle.managementPolicy == .observe { return observeOnly(&change) }
    let isAsked = input.options.replace.contains { change.address.matches(glob: $0) }
    guard !change.fields.isEmpty || isAsked else { return }
    expect(fields, owned, observed, type, &change)
    change.causes += change.fields.flatMap { causes(of: $0, owned, change) }
    if isAsked || change.fields.contains(where: \.forcesReplacement) {
      replace(position, isAsked, owned, observed, type, &change)
    } else {
      change.action = .update
      change.reason = change.causes.contains { $0.kind != .drift } ? .manifestChanged : .drifted
    }
  }

  private func diff(
    _ fields: Value, _ owned: Value?, _ observed: Observed, _ record: Recorded?, _ type: ResourceType,
    _ lifecycle: Lifecycle, late: Bool
  ) -> FieldDiff {
    var diff = FieldDiff(type: type, ignore: lifecycle.ignore, hashKey: input.hashKey, secrets: secrets)
    diff.isRecordWhole = record?.isComplete ?? true
    diff.compare(desired: fields, recorded: owned, observed: visible(observed, record), late: late)
    return diff
  }

  /// What stands there as far as that can be told: a field that could not be read counts as what was recorded, where an
  /// operation that was finished wrote it, and as missing otherwise, so that it is written again.
  private func visible(_ observed: Observed, _ record: Recorded?) -> Value {
    guard !observed.unreadable.isEmpty else { return observed.fields }
    let read = observed.fields.entries.filter { !observed.unreadable.contains($0.key) }
    let believed = record.map { $0.isComplete ? $0.owned.entries.filter { observed.unreadable.contains($0.key) } : [] }
    return .map((read + (believed ?? [])).map { ($0.key, $0.value) })
  }

  private func expect(
    _ fields: Value, _ owned: Value?, _ observed: Observed, _ type: ResourceType, _ change: inout Change
  ) {
    change.before = OwnedFields.project(observed.fields, onto: fields, type: type)
    change.expectation = Fingerprint.expectation(
      remote: observed.remote, observed: observed.fields, owned: [fields, owned].compactMap { $0 }, type: type)
  }

  /// The late fields, when it is known what becomes of every object that they may name.
  mutating func decideLate(_ position: Int) {
    guard places[position].isSelected, let desired = places[position].desired.map({ input.desired.resources[$0] }),
      let type = input.catalog[desired.type], type.hasLateFields, var change = places[position].change
    else { return }
    let (fields, reads) = resolve(places[position].fields ?? desired.fields, late: true)
    places[position].fields = fields
    change.after = fields
    change.reads += reads
    defer { places[position].change = change }
    guard !change.action.isCreating, change.lifecycle.managementPolicy != .observe,
      let observed = places[position].observed
    else {
      return
    }
    let owned = places[position].record?.owned
    let changes = diff(fields, owned, observed, places[position].record, type, change.lifecycle, late: true).changes
    guard !changes.isEmpty else { return }
    change.fields += changes
    change.lateFields = changes.compactMap(\.path.field).reduce(into: change.lateFields) {
      if !$0.contains($1) { $0.append($1) }
    }
    change.causes += changes.flatMap { causes(of: $0, owned, change) }
    expect(fields, owned, observed, type, &change)
    guard change.action == .noop || change.action == .move || change.action == .update else { return }
    change.action = .update
    change.reason = change.causes.contains { $0.kind != .drift } ? .manifestChanged : .drifted
  }

  private func observeOnly(_ change: inout Change) {
    change.fields = []
    change.action = .noop
  }

  /// Protection lives in the marker, so that it survives a lost inventory; an update that went half the way may have
  /// written it there and not in the record.
  private func noteProtection(
    _ record: Recorded?, _ observed: Observed, _ type: ResourceType, _ change: inout Change
  ) {
    guard let record else { return }
    let wanted = change.lifecycle.protect
    let isMarkerWrong = type.marker.isRewritable && observed.marker.map { $0.isProtected != wanted } ?? false
    guard record.isProtected != wanted || isMarkerWrong else { return }
    change.fields.append(
      FieldChange(
        path: .protection, before: .bool(!wanted), after: .bool(wanted)))
  }

  private mutating func replace(
    _ position: Int, _ isAsked: Bool, _ owned: Value?, _ observed: Observed, _ type: ResourceType,
    _ change: inout Change
  ) {
    let guilty = change.fields.filter(\.forcesReplacement)
    change.reason = guilty.isEmpty ? .requested : .cannotUpdate
    if guilty.isEmpty { change.causes.append(Cause(.request, "`--replace` asks for it")) }
    for field in guilty {
      change.causes.append(Cause(.provider, "`\(field.path)` cannot be changed in place", path: field.path))
    }
    change.newIncarnation = change.incarnation + 1
    change.action = createsFirst(position, type, observed, change) ? .createThenDelete : .replace
  }

  /// Whether the new object can stand beside the old one: where nothing must be unique, or where what must be changes.
  private mutating func createsFirst(_ position: Int, _ type: ResourceType, _ observed: Observed, _ change: Change)
    -> Bool
  {
    let upstream = places[position].needs.first { places[$0].change?.action == .replace }
    if upstream != nil || deleteFirst.contains(position) {
      if change.lifecycle.createBeforeDestroy == true { warnCannotCreateFirst(change, upstream) }
      return false
    }
    if let asked = change.lifecycle.createBeforeDestroy { return asked }
    guard !type.identity.naturalKey.isEmpty else { return true }
    return type.identity.naturalKey.contains { key in
      change.fields.contains { $0.path.field == key || key.hasPrefix("\($0.path.field ?? "").") }
    }
  }

  private mutating func warnCannotCreateFirst(_ change: Change, _ upstream: Int?) {
    let why =
      upstream.map { "it needs `\(places[$0].address)`, which is deleted first" }
      ?? "what it needs can be made only when the old object is gone"
    diagnostics.append(
      .warning(.cannotCreateFirst, "`\(change.address)` cannot be created first: \(why)", at: change.origin))
  }

  /// Why one field changes: the nearest reason first.
  private func causes(of field: FieldChange, _ owned: Value?, _ change: Change) -> [Cause] {
    let nearest = nearestCauses(of: field, owned, change), blueprint = blueprintCause(of: field.path, change.address)
    // What stands in the blueprint itself has no line of the manifest.
    return nearest.filter { $0.kind != .manifest || $0.origin != blueprint.first?.origin } + blueprint
  }

  /// The line of a blueprint that gives a field its value, and the expression there.
  private func blueprintCause(of path: ValuePath, _ address: Address) -> [Cause] {
    guard let desired = place(at: address).flatMap({ places[$0].desired }),
      let blueprint = input.desired.resources[desired].blueprint
    else { return [] }
    var written = blueprint.template
    for segment in path.segments {
      let next: Value? =
        switch segment {
        case .key(let key): written[key]
        case .index(let index): written[index]
        }
      guard let next else { break }
      written = next
    }
    let isText = written.kind == .string
    let text = isText ? "the blueprint says `\(written.spelling)`" : "the blueprint gives it its value"
    return [Cause(.blueprint, text, path: path, origin: written.origin ?? blueprint.entry)]
  }

  private func nearestCauses(of field: FieldChange, _ owned: Value?, _ change: Change) -> [Cause] {
    let fields = place(at: change.address).flatMap { places[$0].fields }
    let written = fields?[field.path]
    let origin = written?.origin ?? fields?.nearestOrigin(field.path) ?? change.origin
    if let author = input.proposals[change.address]?.authors[field.path] {
      return [Cause(.drift, "`\(field.path)` was changed by \(author)", path: field.path, origin: origin)]
    }
    switch field.effect {
    case .remove, .reset, .release:
      return [Cause(.dropped, "`\(field.path)` is no longer in the manifest", path: field.path, origin: change.origin)]
    case .set: break
    }
    if let slot = field.after?.unknownSlots.first {
      let awaited = input.desired.slots[Int(slot.index)]
      if awaited.secret != nil || secrets.values[slot] != nil {
        let text =
          owned?[field.path] == nil ? "is a secret that is written so" : "is a secret, and its value has changed"
        return [Cause(.manifest, "`\(field.path)` \(text)", path: field.path, origin: awaited.origin ?? origin)]
      }
      return awaited.template.references.compactMap { reference -> Cause? in
        let address = Address(reference.subject)
        guard let upstream = place(at: address).flatMap({ places[$0].change }), upstream.action != .noop else {
          return nil
        }
        return Cause(
          .upstream, "`\(field.path)` follows `\(reference)`, and `\(address)` \(upstream.action.phrase)",
          path: field.path,
          origin: awaited.origin ?? origin, upstream: address)
      }
    }
    if let before = owned?[field.path], let after = field.after, let type = input.catalog[change.type],
      let schema = field.path.field.flatMap({ type.schema[$0] }),
      field.path.segments.count > 1 || schema.equal(after, before),
      before == after || schema.equal(after, before)
    {
      return [Cause(.drift, "`\(field.path)` was changed outside of Plumb", path: field.path, origin: origin)]
    }
    return [Cause(.manifest, "`\(field.path)` is written so in the manifest", path: field.path, origin: origin)]
  }
}

extension Action {
  /// Ends a sentence that starts with an address.
  package var phrase: String {
    switch self {
    case .noop: "stays as it is"
    case .create: "will be created"
    case .update: "will be updated in place"
    case .replace: "must be replaced"
    case .createThenDelete: "must be replaced (the new one first)"
    case .delete: "will be destroyed"
    case .adopt: "will be adopted"
    case .move: "has moved"
    case .forget: "will be forgotten"
    }
  }
}
