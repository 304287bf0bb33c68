import Platform
import ProviderKit
import Resources
import SQLite
import Schemas
import Values

extension SandboxEngine {
  /// Applies changes to an object's fields, and its marker. `isHalf` applies the first half of the changes
  /// only.
  func update(
    _ scene: Scene, _ change: FieldChanges, _ remote: RemoteID, isHalf: Bool
  ) throws(ProviderError) -> Observed {
    let (store, secrets) = try open()
    let changes = isHalf ? Array(change.changes.prefix(change.changes.count / 2)) : change.changes
    if let refusal = refusal(changes, scene.type) { throw ProviderError(refusal, .update, scene.type.name) }
    return try store.transaction { () throws(ProviderError) in
      let place = try sqlite { () throws(SQLiteError) in try store.place(scene.type, scene.identity) }
      let found = try sqlite { () throws(SQLiteError) in try store.object(place, remote, now: time.now) }
      guard let found else { throw ProviderError(.missing(scene.type, remote), .update, scene.type.name) }
      let edited = edit(found.fields, changes, change.desired, scene.type)
      if let refusal = checkEdited(edited, changes, scene.type) {
        throw ProviderError(refusal, .update, scene.type.name)
      }
      var draft = try self.draft(scene, found, edited, change.marker)
      draft.secrets = try sqlite { () throws(SQLiteError) in
        merged(try store.secrets(found.id), secrets.hashes(change.desired, scene.type.schema), changes)
      }
      try check(draft.references, scene, place, store)
      do throws(SQLiteError) { try store.update(found.id, draft, place) } catch {
        guard error.reason == .unique else { throw ProviderError(sqlite: error) }
        throw ProviderError(.taken(scene.type, remote), .update, scene.type.name)
      }
      return draft.stored(found.id, now: time.now).observed(scene.type.name)
    }
  }

  /// True where there was something to delete.
  func delete(_ scene: Scene, _ remote: RemoteID) throws(ProviderError) -> Bool {
    let store = try open().store
    return try store.transaction { () throws(ProviderError) in
      let place = try sqlite { () throws(SQLiteError) in try store.place(scene.type, scene.identity) }
      let found = try sqlite { () throws(SQLiteError) in try store.object(place, remote, now: time.now) }
      guard let found else { return false }
      let user = try sqlite { () throws(SQLiteError) in try store.user(of: found, place) }
      if let user { throw ProviderError(.inUse(remote, user.type, user.remote), .delete, scene.type.name) }
      try sqlite { () throws(SQLiteError) in try store.delete(found.id) }
      return true
    }
  }

  private func draft(
    _ scene: Scene, _ found: StoredObject, _ edited: Value, _ marker: Marker?
  ) throws(ProviderError) -> ObjectDraft {
    let type = scene.type
    let facts = ObjectFields(
      type: type, identity: scene.identity, remote: found.remote, created: found.created)
    let fields = facts.complete(edited, previous: found.fields)
    return ObjectDraft(
      remote: found.remote, naturalKey: NaturalKey.text(fields, type, scene.identity),
      marker: type.marker.isWritableLater ? marker ?? found.marker : found.marker, created: found.created,
      ready: found.ready, fields: fields, secrets: [], references: try references(fields, scene, .update))
  }
}

extension SandboxEngine {
  private func refusal(_ changes: [FieldChange], _ type: ResourceType) -> Refusal? {
    for change in changes where change.effect != .release {
      guard let name = change.path.field, let field = type.schema[name] else {
        return .invalid(change.path.description, "the type has no field `\(change.path)`")
      }
      if field.marks.contains(.computed) { return .invalid(name, "`\(name)` is set by the service") }
      if field.forcesReplacement(from: change.before, to: change.after) || isImmutable(change.path, field.type) {
        return .invalid(name, "`\(change.path)` cannot be changed after create")
      }
    }
    return nil
  }

  /// True where the path ends at or passes an immutable field inside the object.
  private func isImmutable(_ path: ValuePath, _ type: FieldType) -> Bool {
    var type = type
    for segment in path.segments.dropFirst() {
      switch (type, segment) {
      case (.object(let schema), .key(let name)):
        guard let field = schema[name] else { return false }
        if field.marks.contains(.immutable) { return true }
        type = field.type
      case (.list(let element, _), _), (.map(let element), _): type = element
      case (.string, _), (.int, _), (.double, _), (.bool, _), (.any, _), (.object, _): return false
      }
    }
    return false
  }

  private func edit(_ fields: Value, _ changes: [FieldChange], _ desired: Value, _ type: ResourceType)
    -> Value
  {
    var fields = fields
    for change in changes {
      switch change.effect {
      case .release: break
      case .remove, .reset: fields = replacing(change.path, in: fields, type, with: change.after) ?? .map([])
      case .set:
        // The change may have been planned before the value was known; `desired` is known.
        let known = FieldEdit.value(at: change.path.segments[...], in: desired, .object(type.schema))
        fields = replacing(change.path, in: fields, type, with: known ?? change.after) ?? .map([])
      }
    }
    return fields
  }

  private func replacing(_ path: ValuePath, in fields: Value, _ type: ResourceType, with new: Value?)
    -> Value?
  {
    FieldEdit.replacing(path.segments[...], in: fields, .object(type.schema), with: new)
  }

  private func checkEdited(_ edited: Value, _ changes: [FieldChange], _ type: ResourceType) -> Refusal? {
    for name in Set(changes.filter { $0.effect != .release }.compactMap(\.path.field)).sorted() {
      guard let field = type.schema[name] else { continue }
      if let value = edited[name] {
        if let problem = InputCheck.problem(value, field, name) { return problem }
      } else if field.marks.contains(.required),
        field.marks.isDisjoint(with: [.late, .sensitive, .writeOnly])
      {
        return .invalid(name, "`\(name)` is required")
      }
    }
    return nil
  }

  private func merged(_ old: Value, _ new: [(String, Value)], _ changes: [FieldChange]) -> [(String, Value)] {
    let touched = Set(changes.compactMap(\.path.field))
    return old.entries.filter { !touched.contains($0.key) }.map { ($0.key, $0.value) }
      + new.filter { touched.contains($0.0) }
  }
}

extension MarkerPlace {
  fileprivate var isWritableLater: Bool {
    switch self {
    case .tags, .labels, .annotation, .description: true
    case .createOnlyDescription, .none: false
    }
  }
}

extension Refusal {
  static func missing(_ type: ResourceType, _ remote: RemoteID) -> Refusal {
    Refusal(
      reason: .notFound, code: "Invalid\(type.name.kind)ID.NotFound",
      message: "there is no \(type.name) `\(remote)`")
  }

  static func inUse(_ remote: RemoteID, _ type: String, _ user: String) -> Refusal {
    Refusal(
      reason: .conflict, code: "DependencyViolation", message: "`\(remote)` is in use by \(type) `\(user)`")
  }
}
