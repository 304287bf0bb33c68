import GCPClient
import HTTP
import Platform
import ProviderKit
import Resources
import Schemas
import Values

extension RESTWire {
  /// An object with our marker is gone on with, so that a create may begin again after any of its requests.
  func create(_ fields: Value, _ marker: Marker, _ task: WriteTask) async throws(ProviderError) -> Observed {
    if let path = creation.path, task.session.path(path) == nil {
      let missing = IdentityPath(path).fields.joined(separator: ", ")
      throw ProviderError(
        .invalid(field: nil), effect: .none, "the target names no `\(missing)`, where it would be made")
    }
    if let known = try await known(fields, marker, task) { return try await complete(known, fields, marker, task) }
    let call = creationCall(fields, marker, task)
    let answer: Value
    do throws(ProviderError) {
      answer = try await task.whileBusy("what it needs") { () async throws(ProviderError) in try await run(call, task) }
    } catch {
      return try await settle(error, fields, marker, task)
    }
    let id = try id(of: answer, fields, call, task)
    return try await complete(id, fields, marker, task)
  }

  /// Where the service gives ids, a repeated create would make another object: ours is looked for first.
  private func known(_ fields: Value, _ marker: Marker, _ task: WriteTask) async throws(ProviderError) -> String? {
    guard naturalID(fields, task.session, task.type) == nil else { return nil }
    let evidence: Evidence = task.type.marker == .none ? .naturalKey(fields) : .marker(marker)
    let found = try await find(task.session, task.type, [evidence])[0]
    guard let first = found.first else { return nil }
    guard found.count == 1 else {
      let ids = found.map(\.remote.text).sorted().joined(separator: " and ")
      throw ProviderError(.conflict, effect: .none, "both \(ids) carry the marker of \(marker.address)")
    }
    if task.type.marker == .none {
      throw ProviderError(.conflict, effect: .none, "\(first.remote) has the same natural key")
    }
    return first.remote.text
  }

  /// After a refusal: an object of ours that stands already is gone on with, one that is shared is taken as it is, and
  /// one that was deleted and is kept is had back.
  private func settle(
    _ error: ProviderError, _ fields: Value, _ marker: Marker, _ task: WriteTask
  ) async throws(ProviderError) -> Observed {
    guard let id = naturalID(fields, task.session, task.type) else { throw error }
    if error.isTaken || error.has("FAILED_PRECONDITION") {
      if let standing = try await one(id, task.session, task.type)?.observed {
        if task.type.lifespan != .own { return try await make(standing, fields, marker, task) }
        guard error.isTaken, task.type.marker != .none, standing.marker == marker else { throw error }
        return try await complete(id, fields, marker, task)
      }
      if let revive = creation.revive {
        do throws(ProviderError) {
          try await revive(task, self, id)
          return try await make(try await current(id, task).observed, fields, marker, task)
        } catch {
          guard error.reason == .notFound else { throw error }
        }
      }
      if error.isTaken, task.type.marker != .none, let made = try await appearing(id, task), made.marker == marker {
        return try await complete(id, fields, marker, task)
      }
    }
    guard case .unknown = error.effect, error.request.requestID != nil || error.reason == .conflict else { throw error }
    // The service says that its work failed: what is there tells what is left of it.
    guard let left = try await one(id, task.session, task.type)?.observed, left.marker == marker else {
      var error = error
      error.effect = .none
      throw error
    }
    throw error.leaving(left)
  }

  /// The object whose name is taken and which nobody sees yet: an operation of an earlier run, or of somebody else, is
  /// still making it. nil where it does not come.
  private func appearing(_ id: String, _ task: WriteTask) async throws(ProviderError) -> Observed? {
    do throws(ProviderError) {
      return try await task.patience.wait(until: "\(id) shows", atMost: WriteTask.busyPatience) {
        () async throws(ProviderError) in try await one(id, task.session, task.type)?.observed
      }
    } catch {
      guard error.reason == .other else { throw error }
      return nil
    }
  }

  /// Makes what stands already into what is wanted.
  private func make(
    _ standing: Observed, _ fields: Value, _ marker: Marker, _ task: WriteTask
  ) async throws(ProviderError) -> Observed {
    let changes = fields.entries.compactMap { entry -> FieldChange? in
      guard let field = task.type.schema[entry.key], !field.marks.contains(.immutable) else { return nil }
      if let present = standing.fields[entry.key], field.equal(entry.value, present) { return nil }
      return FieldChange(path: ValuePath([.key(entry.key)]), before: standing.fields[entry.key], after: entry.value)
    }
    return try await update(FieldChanges(changes: changes, desired: fields, marker: marker), of: standing, task)
  }

  private func creationCall(_ fields: Value, _ marker: Marker, _ task: WriteTask) -> GCPCall {
    let id = naturalID(fields, task.session, task.type)
    var query = creation.query.map { ($0.name, task.session.path($0.value) ?? $0.value) }
    if operations == .compute { query.append(("requestId", task.token.requestID)) }
    if let parameter = creation.idParameter, let id {
      query.append((parameter, String(id.split(separator: "/").last ?? "")))
    }
    let isNamed = id != nil && (task.type.marker != .none || task.type.lifespan != .own)
    return GCPCall(
      service, "\(collection).\(creation.verb)", isNamed ? .repeatable : .once, .post,
      creationPath(id, task) + creation.suffix, query: query, body: creation.body ?? body(fields, marker, task))
  }

  /// The collection: what is written, or the id without its last part; with a suffix, the object itself.
  private func creationPath(_ id: String?, _ task: WriteTask) -> String {
    if let path = creation.path { return task.session.path(path) ?? path }
    guard let id else { return "" }
    if !creation.suffix.isEmpty { return id }
    return id.split(separator: "/").dropLast().joined(separator: "/")
  }

  private func body(_ fields: Value, _ marker: Marker, _ task: WriteTask) -> Value {
    let beside = codec.encode(
      .map(fields.entries.filter { creation.beside.contains($0.key) }.map { ($0.key, $0.value) }), task.type.schema)
    var object = codec.encode(bodyPart(fields, task.type).without(creation.beside), task.type.schema)
    let written = bodyPart(fields, task.type)
    let filled = fill(written, task.session.client.time.now).filter { written[$0.0] == nil }
    object = object.with(filled.map { (codec.wireName($0.0), $0.1) })
    if creation.namesItself, let id = naturalID(fields, task.session, task.type) {
      object = object.with([("name", .string(id))])
    }
    let missing = creation.standards.filter { object[$0.key] == nil }
    object = object.with(missing.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    switch marking {
    case .labels(let name):
      object = object.with([(name, Self.labels(fields[name], marker))])
    case .description, .createOnlyDescription:
      object = object.with([("description", .string(DescriptionMarker.text(fields["description"]?.string, marker)))])
    case .none: break
    }
    guard let wrap = creation.wrap else { return object }
    return .map(beside.entries.map { ($0.key, $0.value) } + [(wrap, object)])
  }

  /// The fields that stand in an object's body: those of its path do not, and those of methods of their own do not.
  func bodyPart(_ fields: Value, _ type: ResourceType) -> Value {
    let path = type.identity.idPath.map { IdentityPath($0).fields } ?? []
    let apart = Set(path).subtracting(bodyFields).union(writers.filter(\.followsCreate).flatMap(\.fields))
    return fields.without(apart.subtracting(creation.beside))
  }

  static func labels(_ labels: Value?, _ marker: Marker) -> Value {
    .map(
      (labels?.entries.map { ($0.key, $0.value) } ?? [])
        + LabelMarker.labels(marker).map { ($0.key, .string($0.value)) })
  }

  private func id(
    of answer: Value, _ fields: Value, _ call: GCPCall, _ task: WriteTask
  ) throws(ProviderError) -> String {
    if let id = naturalID(fields, task.session, task.type) { return id }
    let id = snapshot(answer, task.session, task.type)?.id ?? ""
    guard !id.isEmpty else {
      throw ProviderError(
        .unsupported, effect: .unknown, "`\(call.id)` answered without a name",
        request: RequestFacts(service: service.name, operation: call.operation))
    }
    return id
  }

  /// Waits until the new object can be used, and writes what its create could not.
  private func complete(
    _ id: String, _ fields: Value, _ marker: Marker, _ task: WriteTask
  ) async throws(ProviderError) -> Observed {
    var now = try await ready(id, task)
    do throws(ProviderError) {
      let written = Set(fields.entries.filter { !$0.value.isNull }.map(\.key))
      for writer in writers where writer.followsCreate || needsMarker(now, marker, writer) {
        let touched = writer.fields.intersection(written)
        guard !touched.isEmpty || needsMarker(now, marker, writer) else { continue }
        let changes = touched.sorted().compactMap { name in
          fields[name].map { FieldChange(path: ValuePath([.key(name)]), before: nil, after: $0) }
        }
        try await writer.write(
          task, self, now, Wanted(fields: fields, changes: changes, marker: marker, touched: touched))
        now = try await ready(id, task)
      }
      return now.observed
    } catch {
      throw error.leaving(now.observed)
    }
  }

  /// Some creates ignore labels: they are written afterwards where the object does not carry them.
  private func needsMarker(_ now: Snapshot, _ marker: Marker, _ writer: FieldWriter) -> Bool {
    guard case .labels(let name) = marking, writer.fields.contains(name) else { return false }
    return now.observed.marker != marker
  }

  /// Waits until the object can be seen and used.
  func ready(_ id: String, _ task: WriteTask) async throws(ProviderError) -> Snapshot {
    try await task.patience.wait(until: "\(id) is usable") { () async throws(ProviderError) -> Snapshot? in
      guard let now = try await one(id, task.session, task.type, for: .change) else { return nil }
      if let field = lifeCycle.field, let state = now.raw[field]?.string, lifeCycle.failed.contains(state) {
        let why = lifeCycle.message.flatMap { now.raw[$0]?.string } ?? "Google does not say why"
        throw ProviderError(
          .other, effect: .partial(now.observed), "\(id) failed: \(why)",
          request: RequestFacts(service: service.name, operation: "\(collection).\(creation.verb)"))
      }
      return now.observed.isReady ? now : nil
    }
  }
}
