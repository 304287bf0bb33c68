import Cryptography
import Resources
import Schemas
import Values

/// The three-way difference of one resource, over owned fields only.
///
/// Owned is what manifests write: scalars whole, maps per key, keyed lists per item, exclusive and other lists whole.
/// Extras that nobody of us wrote are left alone, except inside an exclusive collection.
struct FieldDiff {
  let type: ResourceType
  let ignore: [ValuePath]
  /// Tells whether a recorded hash stands for a secret; nil where the key is not at hand.
  let hashKey: HashKey?
  /// What is known of secret unknowns, so that their hashes can be compared.
  let secrets: KnownSecrets
  /// False where the operation that the record tells of may have stopped half way.
  var isRecordWhole = true
  private(set) var changes: [FieldChange] = []
  private(set) var ignored = 0
  private(set) var notCompared = 0

  init(
    type: ResourceType, ignore: [ValuePath] = [], hashKey: HashKey? = nil, secrets: KnownSecrets = KnownSecrets()
  ) {
    self.type = type
    self.ignore = ignore
    self.hashKey = hashKey
    self.secrets = secrets
  }

  /// Collects what must change for `observed` to be what `desired` says, given what was `recorded` as ours before.
  /// Late fields and all others are compared apart, since only the others decide whether an object is replaced.
  mutating func compare(desired: Value, recorded: Value?, observed: Value, late: Bool) {
    for entry in desired.entries {
      guard let field = type.schema[entry.key], field.marks.contains(.late) == late else { continue }
      compare(entry.value, recorded?[entry.key], observed[entry.key], field, ValuePath([.key(entry.key)]))
    }
    guard let recorded else { return }
    for entry in recorded.entries where desired[entry.key] == nil {
      guard let field = type.schema[entry.key], field.marks.contains(.late) == late else { continue }
      drop(field, recorded: entry.value, observed: observed[entry.key])
    }
  }

  private mutating func compare(
    _ desired: Value, _ recorded: Value?, _ observed: Value?, _ field: Field, _ path: ValuePath
  ) {
    if ignore.contains(where: { path.hasPrefix($0) }) {
      ignored += 1
      return
    }
    if field.marks.contains(.volatile) || field.marks.contains(.computed) { return }
    if desired.isSensitive || field.marks.contains(.sensitive) {
      return compareSecret(desired, believed(recorded, field), field, path)
    }
    let present = field.marks.contains(.writeOnly) ? believed(recorded, field) : observed
    if desired.isNull { return note(path, before: present, after: nil, .remove, field) }
    guard let present else { return note(path, before: nil, after: desired, .set, field) }
    compareKnown(desired, recorded, present, field, path)
  }

  /// What was recorded, as far as it stands for what nobody can read: a create that stopped half way may not have
  /// written it. What cannot be changed later went with its first call.
  private func believed(_ recorded: Value?, _ field: Field) -> Value? {
    isRecordWhole || field.marks.contains(.immutable) ? recorded : nil
  }

  private mutating func compareKnown(
    _ desired: Value, _ recorded: Value?, _ present: Value, _ field: Field, _ path: ValuePath
  ) {
    if field.equal(desired, present) { return }
    if type.isMerged, MergedFields.hold(desired, in: present, field) {
      // What was dropped from inside is still a change.
      guard let recorded, !MergedFields.hold(recorded, in: desired, field) else { return }
    }
    let isWhole = field.marks.contains(.exclusive) || field.equality != .exact || desired.kind != present.kind
    switch (field.type, desired.kind) {
    case (.map(let element), .map) where !isWhole:
      compareMap(desired, recorded, present, Field(field.name, element, field.marks, field.summary), path)
    case (.object(let schema), .map) where !isWhole:
      compareObject(desired, recorded, present, schema, field.marks, path)
    case (.list(let element, .keyed(let key)), .list) where !isWhole:
      compareKeyed(desired, recorded, present, Field(field.name, element, field.marks, field.summary), by: key, path)
    case (_, .list) where desired.holdsSecret, (_, .map) where desired.holdsSecret:
      compareSealed(desired, recorded, present, field, path)
    default:
      note(path, before: present, after: desired, .set, field)
    }
  }

  /// A collection owned whole that has secrets inside: what is open is compared with what stands there, and the
  /// whole, secrets as hashes, with what was recorded.
  private mutating func compareSealed(
    _ desired: Value, _ recorded: Value?, _ present: Value, _ field: Field, _ path: ValuePath
  ) {
    let isOpenEqual = field.equal(field.type.withoutSecrets(desired), field.type.withoutSecrets(present))
    let wanted = secrets.filling(desired)
    guard isOpenEqual, !wanted.containsUnknown, let recorded = believed(recorded, field) else {
      return note(path, before: present, after: desired, .set, field)
    }
    guard hashKey != nil else { return notCompared += 1 }
    if field.equal(SensitiveHash.sealed(wanted, key: hashKey), recorded) { return }
    note(path, before: present, after: desired, .set, field)
  }

  private mutating func compareMap(
    _ desired: Value, _ recorded: Value?, _ present: Value, _ field: Field, _ path: ValuePath
  ) {
    for entry in desired.entries {
      compare(entry.value, recorded?[entry.key], present[entry.key], field, path.appending(entry.key))
    }
    for entry in recorded?.entries ?? Value.null.entries where desired[entry.key] == nil {
      guard let extra = present[entry.key] else { continue }
      note(path.appending(entry.key), before: extra, after: nil, .remove, field)
    }
  }

  private mutating func compareObject(
    _ desired: Value, _ recorded: Value?, _ present: Value, _ schema: Schema, _ marks: Field.Marks, _ path: ValuePath
  ) {
    for entry in desired.entries {
      guard var field = schema[entry.key] else { continue }
      field.marks.formUnion(marks.intersection(.immutable))
      compare(entry.value, recorded?[entry.key], present[entry.key], field, path.appending(entry.key))
    }
    for entry in recorded?.entries ?? Value.null.entries where desired[entry.key] == nil {
      guard let field = schema[entry.key], let extra = present[entry.key] else { continue }
      dropped(field, observed: extra, path.appending(entry.key))
    }
  }

  private mutating func compareKeyed(
    _ desired: Value, _ recorded: Value?, _ present: Value, _ field: Field, by key: String, _ path: ValuePath
  ) {
    for item in desired.elements {
      let name = item[key]?.spelling ?? ""
      let found = present.elements.first { $0[key]?.spelling == name }
      let before = recorded?.elements.first { $0[key]?.spelling == name }
      compare(item, before, found, field, path.appending(name))
    }
    for item in recorded?.elements ?? Value.null.elements {
      let name = item[key]?.spelling ?? ""
      guard !desired.elements.contains(where: { $0[key]?.spelling == name }),
        let extra = present.elements.first(where: { $0[key]?.spelling == name })
      else { continue }
      note(path.appending(name), before: extra, after: nil, .remove, field)
    }
  }

  private mutating func compareSecret(_ desired: Value, _ recorded: Value?, _ field: Field, _ path: ValuePath) {
    let wanted = secrets.filling(desired)
    guard let recorded else { return note(path, before: nil, after: desired.markedSensitive, .set, field) }
    if wanted.containsUnknown {
      // What cannot be read now may well be what it was.
      if wanted.unknownSlots.allSatisfy(secrets.places.contains) { return notCompared += 1 }
      return note(path, before: nil, after: desired.markedSensitive, .set, field)
    }
    switch SensitiveHash.compare(wanted, recorded: recorded, key: hashKey) {
    case .equal: return
    case .different: note(path, before: nil, after: desired.markedSensitive, .set, field)
    case .notCompared: notCompared += 1
    }
  }

  /// A field that the manifest wrote before and does not write any more.
  private mutating func drop(_ field: Field, recorded: Value, observed: Value?) {
    let path = ValuePath([.key(field.name)])
    if ignore.contains(where: { path.hasPrefix($0) }) { return }
    if case .map(let element) = field.type, let observed, observed.kind == .map {
      for entry in recorded.entries {
        guard let extra = observed[entry.key] else { continue }
        note(
          path.appending(entry.key), before: extra, after: nil, .remove,
          Field(field.name, element, field.marks, field.summary))
      }
      return
    }
    guard let observed, !observed.isNull else { return }
    dropped(field, observed: observed, path)
  }

  private mutating func dropped(_ field: Field, observed: Value, _ path: ValuePath) {
    if let standard = field.serverDefault {
      if !field.equal(standard, observed) { note(path, before: observed, after: standard, .reset, field) }
    } else if field.marks.isDisjoint(with: [.optionalComputed, .immutable, .required, .writeOnly, .sensitive]) {
      if observed.kind == .list || observed.kind == .map, observed.count == 0 { return }
      note(path, before: observed, after: nil, .remove, field)
    } else if !field.marks.contains(.writeOnly) {
      note(path, before: observed, after: nil, .release, field)
    }
  }

  private mutating func note(
    _ path: ValuePath, before: Value?, after: Value?, _ effect: FieldChange.Effect, _ field: Field
  ) {
    if effect == .remove, before == nil || before?.isNull == true { return }
    let forces = effect != .release && field.forcesReplacement(from: before, to: after)
    changes.append(FieldChange(path: path, before: before, after: after, effect: effect, forcesReplacement: forces))
  }
}
