import AWSClient
import ProviderKit
import Resources
import Values

/// A type whose API has one call for each thing: a page of all objects, one object, a create, a write for each field, a
/// delete. What those have in common is here: going on with a create, waiting until an object shows and is gone.
protocol ObjectWire: NamedWire {
  /// Fields that the create's call cannot set.
  var following: Set<String> { get }
  /// One page of all objects of the type, ours or not.
  func page(
    _ session: AWSSession, _ type: ResourceType, after: String?
  ) async throws(ProviderError) -> (items: [Observed], next: String?)
  /// Sends the create; gives the new object's id.
  func make(_ fields: Value, _ marker: Marker, _ task: WriteTask) async throws(ProviderError) -> String
  /// Brings the named fields to what is wanted, which has none of those that are to be removed, and null for a key that
  /// is to be removed from a map. Repeatable.
  func write(_ fields: Set<String>, _ wanted: Value, _ now: Observed, _ task: WriteTask) async throws(ProviderError)
  func tag(_ edit: TagEdit, _ now: Observed, _ task: WriteTask) async throws(ProviderError)
  /// Sends the delete; an object that is gone already may be refused as not found.
  func remove(_ now: Observed, _ task: WriteTask) async throws(ProviderError)
}

extension ObjectWire {
  var following: Set<String> { [] }

  func list(
    _ session: AWSSession, _ type: ResourceType, _ filter: ListFilter, after: PageToken?
  ) async throws(ProviderError) -> ObservedPage {
    let page = try await page(session, type, after: after?.text)
    let items = type.marker == .none ? page.items : page.items.filter { filter.includes($0.marker) }
    return ObservedPage(items: items, next: page.next.map { PageToken($0) })
  }

  /// An object with our marker is gone on with, so that a create may begin again after any of its requests. A name that
  /// is taken by somebody else's stays theirs.
  func create(_ fields: Value, _ marker: Marker, _ task: WriteTask) async throws(ProviderError) -> Observed {
    let id: String
    if let known = try await known(fields, marker, task) {
      id = known
    } else {
      id = try await make(fields, marker, task)
    }
    let made = try await task.wait(until: "\(id) can be seen") { () async throws(ProviderError) -> Observed? in
      guard let found = try await one(task.session, task.type, id), found.isReady else { return nil }
      return found
    }
    let due = following.intersection(fields.entries.filter { !$0.value.isNull }.map(\.key))
    guard !due.isEmpty else { return made }
    do throws(ProviderError) {
      try await write(due, fields, made, task)
      return try await reread(made, task)
    } catch {
      throw error.leaving(made)
    }
  }

  /// The object that an earlier call of the same create made. An object without a marker is found by its name, which
  /// was free when the plan was made.
  private func known(_ fields: Value, _ marker: Marker, _ task: WriteTask) async throws(ProviderError) -> String? {
    let hasMarker = task.type.marker != .none
    let evidence: Evidence = hasMarker ? .marker(marker) : .naturalKey(fields)
    if hasMarker, let name = task.type.identity.idField.flatMap({ fields[$0]?.string }) {
      // Cheaper than the list.
      return try await one(task.session, task.type, name).flatMap { $0.marker == marker ? name : nil }
    }
    return try await find(task.session, task.type, [evidence])[0].first?.remote.text
  }

  func update(
    _ change: FieldChanges, of observed: Observed, _ task: WriteTask
  ) async throws(ProviderError) -> Observed {
    let released = Set(change.changes.filter { $0.effect == .release }.compactMap(\.path.field))
    let touched = Set(change.fields).subtracting(["tags"]).subtracting(released)
    do throws(ProviderError) {
      let edit = TagEdit(change, of: observed)
      if !edit.isEmpty { try await tag(edit, observed, task) }
      if !touched.isEmpty { try await write(touched, change.wantedKeys, try await reread(observed, task), task) }
      return try await reread(observed, task)
    } catch {
      throw error.reason == .notFound ? error : error.leaving(observed)
    }
  }

  func delete(_ observed: Observed, _ task: WriteTask) async throws(ProviderError) {
    guard task.type.lifespan != .permanent,
      let now = try await one(task.session, task.type, observed.remote.text)
    else { return }
    try await unlessGone { () throws(ProviderError) in try await remove(now, task) }
    try await task.wait(until: "\(now.remote) is gone") { () async throws(ProviderError) -> Void? in
      try await one(task.session, task.type, now.remote.text) == nil ? () : nil
    }
  }

  private func reread(_ observed: Observed, _ task: WriteTask) async throws(ProviderError) -> Observed {
    guard let now = try await one(task.session, task.type, observed.remote.text) else {
      throw ProviderError(.notFound, effect: .none, "\(observed.remote) is gone")
    }
    return now
  }
}

extension FieldChanges {
  /// What is wanted, with null for each key that is to be removed from a map.
  fileprivate var wantedKeys: Value {
    var fields = Fields()
    for entry in wanted.entries { fields[entry.key] = entry.value }
    for change in changes where change.effect == .remove && change.path.segments.count == 2 {
      guard let name = change.path.field, case .key(let key) = change.path.segments[1] else { continue }
      fields[name] = .map((fields[name]?.entries.map { ($0.key, $0.value) } ?? []) + [(key, .null)])
    }
    return fields.value
  }
}

/// The answer of a read; nil where what it is about is not there.
func unlessMissing(
  _ read: () async throws(ProviderError) -> AWSAnswer
) async throws(ProviderError) -> AWSAnswer? {
  do throws(ProviderError) { return try await read() } catch {
    guard error.reason == .notFound else { throw error }
    return nil
  }
}
