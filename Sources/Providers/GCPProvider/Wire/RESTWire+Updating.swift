import GCPClient
import HTTP
import Platform
import ProviderKit
import Resources
import Schemas
import Values

extension RESTWire {
  /// Reads, changes, and writes under the guard that was read; whoever comes between makes it begin again.
  func update(
    _ change: FieldChanges, of observed: Observed, _ task: WriteTask
  ) async throws(ProviderError) -> Observed {
    let id = observed.remote.text
    do throws(ProviderError) {
      for writer in writers {
        try await task.whileBusy(id) { () async throws(ProviderError) in
          try await write(change, writer, try await current(id, task), task)
        }
      }
      try await task.whileBusy(id) { () async throws(ProviderError) in
        try await write(change, try await current(id, task), task)
      }
      return try await ready(current(id, task).id, task).observed
    } catch {
      if error.reason == .notFound { return try await lost(id, observed, error, task) }
      throw error.leaving(observed)
    }
  }

  /// Something was not found: the object, or what it was to refer to.
  private func lost(
    _ id: String, _ observed: Observed, _ error: ProviderError, _ task: WriteTask
  ) async throws(ProviderError) -> Observed {
    guard let now = try await one(id, task.session, task.type)?.observed else {
      throw ProviderError(.notFound, effect: .none, "\(id) is gone", request: error.request)
    }
    var other = error.leaving(now)
    other.reason = .invalid(field: nil)
    throw other
  }

  func current(_ id: String, _ task: WriteTask) async throws(ProviderError) -> Snapshot {
    guard let now = try await one(id, task.session, task.type, for: .change) else {
      throw ProviderError(.notFound, effect: .none, "\(id) is gone")
    }
    return now
  }

  private func write(
    _ change: FieldChanges, _ writer: FieldWriter, _ now: Snapshot, _ task: WriteTask
  ) async throws(ProviderError) {
    let due = change.changes.filter { $0.effect != .release && writer.fields.contains($0.path.field ?? "") }
    guard !due.isEmpty || marksAnew(change, now, writer) else { return }
    let edits = FieldEdits(due, over: now.observed.fields, task.type.schema, .mask)
    let wanted = Wanted(
      fields: edits.wanted, changes: due, marker: change.marker ?? now.observed.marker,
      touched: Set(due.compactMap(\.path.field)))
    try await writer.write(task, self, now, wanted)
  }

  private func marksAnew(_ change: FieldChanges, _ now: Snapshot, _ writer: FieldWriter) -> Bool {
    guard case .labels(let name) = marking, writer.fields.contains(name), let marker = change.marker else {
      return false
    }
    return marker != now.observed.marker
  }

  /// Everything that has no method of its own.
  private func write(_ change: FieldChanges, _ now: Snapshot, _ task: WriteTask) async throws(ProviderError) {
    let apart = Set(writers.flatMap(\.fields))
    let due = change.changes.filter { $0.effect != .release && !apart.contains($0.path.field ?? "") }
    let style: FieldEdits.Style = if case .patch = update { .patch } else { .mask }
    var edits = FieldEdits(due, over: now.observed.fields, task.type.schema, style)
    mark(&edits, change, now, style, apart)
    let written = Value.map(edits.parts.compactMap { part in part.value.map { (part.path[0], $0) } }.unique)
    for (name, value) in fill(written, task.session.client.time.now) where written[name] == nil {
      edits.add([name], value)
    }
    guard !edits.parts.isEmpty else { return }
    let call = updateCall(edits, now, task)
    try await run(call, task)
  }

  /// Adds the marker to labels or description that change, and where it differs itself.
  private func mark(
    _ edits: inout FieldEdits, _ change: FieldChanges, _ now: Snapshot, _ style: FieldEdits.Style, _ apart: Set<String>
  ) {
    let marker = change.marker ?? now.observed.marker
    let differs = change.marker.map { $0 != now.observed.marker } ?? false
    switch marking {
    case .labels(let name):
      guard let marker, !apart.contains(name) else { return }
      if style == .mask {
        let changes = edits.parts.contains { $0.path.first == name }
        if changes || differs { edits.add([name], Self.labels(edits.wanted[name], marker)) }
      } else if differs {
        for label in LabelMarker.labels(marker) { edits.add([name, label.key], .string(label.value)) }
        let kept = Set(LabelMarker.labels(marker).map(\.key))
        for key in now.raw[name]?.keys ?? [] where LabelMarker.isOwn(key) && !kept.contains(key) {
          edits.add([name, key], nil)
        }
      }
    case .description:
      guard let marker, differs || edits.parts.contains(where: { $0.path == ["description"] }) else { return }
      edits.add(["description"], .string(DescriptionMarker.text(edits.wanted["description"]?.string, marker)))
    case .createOnlyDescription, .none: return
    }
  }

  private func updateCall(_ edits: FieldEdits, _ now: Snapshot, _ task: WriteTask) -> GCPCall {
    let schema = task.type.schema
    let guardPart = guardField.flatMap { name in now.raw[name].map { [(name, $0)] } } ?? []
    switch update {
    case .patch, .none:
      let (query, inBody) = storageGuard(now) ?? ([], guardPart)
      return GCPCall(
        service, "\(collection).patch", .conditional, .patch, path(now.id), query: query,
        body: edits.body(codec, schema).with(inBody))
    case .mask:
      return GCPCall(
        service, "\(collection).patch", .conditional, .patch, path(now.id),
        query: [("updateMask", edits.mask(codec))], body: edits.body(codec, schema).with(guardPart))
    case .wrappedMask(let name):
      return GCPCall(
        service, "\(collection).patch", .conditional, .patch, path(now.id),
        body: [name: edits.body(codec, schema).with(guardPart), "updateMask": .string(edits.mask(codec))])
    case .whole(let verb, let method):
      return GCPCall(
        service, "\(collection).\(verb)", .conditional, method, path(now.id), body: whole(edits, now, task))
    }
  }

  private func whole(_ edits: FieldEdits, _ now: Snapshot, _ task: WriteTask) -> Value {
    let patch = edits.body(codec, task.type.schema)
    let names = Set(edits.parts.map { $0.path[0] })
    let wanted = edits.wanted.entries.filter { names.contains($0.key) }.map { ($0.key, $0.value) }
    var body = codec.encode(.map(wanted), task.type.schema)
    // Labels and descriptions carry the marker in the patch alone.
    for part in edits.parts where part.path.count == 1 {
      let name = codec.wireName(part.path[0])
      body = part.value == nil ? body.without([name]) : body.with([(name, patch[name] ?? .null)])
    }
    let changed = Set(names.map { codec.wireName($0) })
    return now.raw.without(setByService.union(changed)).with(body.entries.map { ($0.key, $0.value) })
  }

  /// Buckets are guarded by a number in the query, not by their etag.
  private func storageGuard(_ now: Snapshot) -> (query: [(name: String, value: String)], body: [(String, Value)])? {
    guard service == .storage, let number = now.raw["metageneration"]?.scalarText else { return nil }
    return ([("ifMetagenerationMatch", number)], [])
  }
}

extension [(String, Value)] {
  /// The first entry of each name.
  fileprivate var unique: [(String, Value)] {
    var names: Set<String> = []
    return filter { names.insert($0.0).inserted }
  }
}

extension FieldWriter {
  /// All labels at once, guarded by their own fingerprint: `setLabels` of Compute Engine.
  static func setLabels(_ name: String = "labels", followsCreate: Bool = false) -> FieldWriter {
    FieldWriter(fields: [name], followsCreate: followsCreate, reads: ["labelFingerprint"]) {
      task, wire, now, wanted async throws(ProviderError) in
      guard let marker = wanted.marker else { return }
      let body: Value = [
        "labels": RESTWire.labels(wanted.fields[name], marker),
        "labelFingerprint": now.raw["labelFingerprint"] ?? .null,
      ]
      try await wire.run(
        GCPCall(
          wire.service, "\(wire.collection).setLabels", .conditional, .post, "\(now.id)/setLabels", body: body), task)
    }
  }

  /// One method that takes one field under its own name. Compute Engine does what is asked twice once, by the
  /// request's id.
  static func method(_ verb: String, _ field: String) -> FieldWriter {
    FieldWriter(fields: [field]) { task, wire, now, wanted async throws(ProviderError) in
      let body = wire.codec.encode(.map([(field, wanted.fields[field] ?? .null)]), task.type.schema)
      let separator = wire.service == .compute ? "/" : ":"
      try await wire.run(
        GCPCall(
          wire.service, "\(wire.collection).\(verb)", .repeatable, .post, "\(now.id)\(separator)\(verb)",
          query: wire.operations == .compute ? [("requestId", task.token.requestID)] : [], body: body),
        task)
    }
  }
}
