import Platform
import ProviderKit
import Resources
import SQLite
import Schemas
import Values

extension SandboxEngine {
  /// Makes an object, or returns the one that this token (where the type's API has tokens) or this marker
  /// (where it is made marked and empty first) has made before. `isHalf` leaves out all that is neither
  /// required nor immutable.
  func create(
    _ scene: Scene, _ fields: Value, _ marker: Marker, _ token: OperationToken, isHalf: Bool
  ) throws(ProviderError) -> Observed {
    let (store, secrets) = try open()
    let written = isHalf ? half(fields, scene.type) : fields
    if let refusal = InputCheck.problem(creating: written, scene.type.schema) { throw error(refusal, scene) }
    return try store.transaction { () throws(ProviderError) in
      let place = try sqlite { () throws(SQLiteError) in try store.place(scene.type, scene.identity) }
      if let known = try repeated(scene, token, place, store) {
        return known.observed(scene.type.name)
      }
      let draft = try draft(scene, written, marker, token, secrets)
      try check(draft.references, scene, place, store)
      do throws(SQLiteError) {
        let id = try store.insert(draft, place)
        return draft.stored(id, now: time.now).observed(scene.type.name)
      } catch {
        guard error.reason == .unique else { throw ProviderError(sqlite: error) }
        throw self.error(.taken(scene.type, draft.remote), scene)
      }
    }
  }

  private func half(_ fields: Value, _ type: ResourceType) -> Value {
    .map(
      fields.entries.filter { entry in
        type.schema[entry.key].map { !$0.marks.isDisjoint(with: [.required, .immutable]) } ?? true
          || entry.key == type.identity.idField
      }.map { ($0.key, $0.value) })
  }

  private func repeated(
    _ scene: Scene, _ token: OperationToken, _ place: Place, _ store: ObjectStore
  ) throws(ProviderError) -> StoredObject? {
    guard scene.type.recovery == .token else { return nil }
    return try sqlite { () throws(SQLiteError) in try store.find(place, token: token.text, now: time.now) }
  }

  private func draft(
    _ scene: Scene, _ written: Value, _ marker: Marker, _ token: OperationToken, _ secrets: Secrets
  ) throws(ProviderError) -> ObjectDraft {
    let (type, now) = (scene.type, time.now)
    let remote = id(type, written, account: scene.identity.account)
    let fields = ObjectFields(type: type, identity: scene.identity, remote: remote, created: now).complete(
      written)
    return ObjectDraft(
      remote: remote, naturalKey: NaturalKey.text(fields, type, scene.identity),
      token: type.recovery == .token ? token.text : nil, marker: type.marker == .none ? nil : marker,
      created: now,
      ready: now + plan.readiness, fields: fields, secrets: secrets.hashes(written, type.schema),
      references: try references(written, scene, .create))
  }

  private func id(_ type: ResourceType, _ written: Value, account: String) -> RemoteID {
    if let path = type.identity.idPath { return RemoteID(IdentityPath(path).text(written, account: account)) }
    if let field = type.identity.idField, let text = written[field]?.string, !text.isEmpty {
      return RemoteID(text)
    }
    let prefix = type.identity.idPrefix ?? type.name.kind.lowercased() + "-"
    return RemoteID(prefix + random.hexID().prefix(Limits.idDigits))
  }

  private func error(_ refusal: Refusal, _ scene: Scene) -> ProviderError {
    ProviderError(refusal, .create, scene.type.name)
  }
}

extension SandboxEngine {
  func references(_ fields: Value, _ scene: Scene, _ operation: Operation) throws(ProviderError)
    -> [Reference]
  {
    switch References.of(fields, scene.type.schema, scene.catalog, account: scene.identity.account) {
    case .success(let found): return found
    case .failure(let refusal): throw ProviderError(refusal, operation, scene.type.name)
    }
  }

  /// Every object referred to has to exist in the account.
  func check(
    _ references: [Reference], _ scene: Scene, _ place: Place, _ store: ObjectStore
  ) throws(ProviderError) {
    for reference in references {
      let exists = try sqlite { () throws(SQLiteError) in
        try store.exists(
          type: try store.number(reference.type.text), account: place.account, remote: reference.remote)
      }
      guard exists else { throw ProviderError(.dangling(reference), .create, scene.type.name) }
    }
  }

  func sqlite<R>(_ body: () throws(SQLiteError) -> R) throws(ProviderError) -> R {
    do throws(SQLiteError) { return try body() } catch { throw ProviderError(sqlite: error) }
  }
}

extension ObjectDraft {
  func stored(_ id: Int64, now: Instant) -> StoredObject {
    StoredObject(
      id: id, remote: remote, fields: fields, marker: marker, created: created, ready: ready, now: now)
  }
}

extension Refusal {
  static func taken(_ type: ResourceType, _ remote: RemoteID) -> Refusal {
    let key = type.identity.naturalKey.map { "`\($0)`" }.joined(separator: ", ")
    return Refusal(
      reason: .conflict, code: "\(type.name.kind)AlreadyExists",
      message: "another \(type.name) has the same \(key.isEmpty ? "id \(remote)" : key)")
  }

  static func dangling(_ reference: Reference) -> Refusal {
    Refusal(
      reason: .invalid(field: reference.field), code: "Invalid\(reference.type.kind)ID.NotFound",
      message: "there is no \(reference.type) `\(reference.remote)`, which `\(reference.field)` names")
  }
}
