import AWSClient
import ProviderKit
import Resources
import Schemas
import Values

extension EC2Wire: AWSWire {
  /// An object with our marker is gone on with, so that a create may begin again after any of its requests.
  func create(_ fields: Value, _ marker: Marker, _ task: WriteTask) async throws(ProviderError) -> Observed {
    let known = try await find(task.session, task.type, [.marker(marker)])[0]
    guard known.count < 2 else {
      let ids = known.map(\.remote.text).sorted().joined(separator: " and ")
      throw ProviderError(.conflict, effect: .none, "both \(ids) carry the marker of \(marker.address)")
    }
    let made: Observed
    if let first = known.first {
      made = first
    } else {
      made = try await create(fields, marker, task, call: creationCall(fields, marker, task))
    }
    do throws(ProviderError) {
      let now = try await settled(made, task)
      return try await follow(fields, now, task)
    } catch {
      if error.reason == .other, isFailure(error) { throw error }
      throw error.leaving(made)
    }
  }

  private func create(
    _ fields: Value, _ marker: Marker, _ task: WriteTask, call: AWSCall
  ) async throws(ProviderError) -> Observed {
    let answer = try await task.session.send(call)
    if let problem = answer.value.items("unsuccessful").first?["error"], let code = problem.text("code") {
      throw ProviderError(
        .invalid(field: nil), effect: .none, "\(code): \(problem.text("message") ?? code)",
        request: RequestFacts(service: "ec2", operation: call.operation, status: answer.status, code: code))
    }
    var raw = creation.answer.isEmpty ? answer.value : answer.value.at(creation.answer)
    if let list = creation.idList { raw = answer.value.items(list).first.map { .map([(describe.id, $0)]) } }
    guard let raw, raw.text(describe.id) != nil else {
      throw ProviderError(
        .unsupported, effect: .unknown, "`\(call.permission)` answered without an id",
        request: RequestFacts(service: "ec2", operation: call.operation, status: answer.status))
    }
    var observed = decode(raw, task.type).observed
    observed.marker = marker
    return observed
  }

  private func creationCall(_ fields: Value, _ marker: Marker, _ task: WriteTask) -> AWSCall {
    var parameters: [(String, Value)] = []
    for name in creation.fields {
      guard let field = task.type.schema[name] else { continue }
      let standard = creation.standards.contains(name) ? field.serverDefault : nil
      guard let value = fields[name] ?? standard, !value.isNull else { continue }
      let wire = creation.names[name] ?? name.wireName
      parameters.append((wire, field.equality == .jsonPolicy ? .string(value.policyText) : value))
    }
    let tags = Tagging(fields, marker)
    parameters.append(
      ("TagSpecification", [["ResourceType": .string(creation.tagResource), "Tag": tags.parameters]]))
    if creation.takesToken { parameters.append(("ClientToken", .string(task.token.text))) }
    // Never sent again blindly, token or not: its object is looked for first.
    return .ec2(creation.operation, .once, parameters)
  }

  /// Waits until the object can be seen and used.
  private func settled(_ made: Observed, _ task: WriteTask) async throws(ProviderError) -> Snapshot {
    let id = made.remote.text
    return try await task.wait(until: "\(id) is usable") { () async throws(ProviderError) -> Snapshot? in
      let answer = try await describe(task.session, [EC2Filter(name: describe.idFilter, values: [id])])
      let raw = answer.value.items(describe.list).first { $0.text(describe.id) == id }
      if let raw, let state = lifeCycle.state.flatMap({ raw.text($0)?.lowercased() }),
        lifeCycle.failed.contains(state)
      {
        let why = raw.text(lifeCycle.failureMessage) ?? "AWS does not say why"
        throw ProviderError(
          .other, effect: .none, "\(id) failed: \(why)",
          request: RequestFacts(service: "ec2", operation: creation.operation))
      }
      guard let raw, decode(raw, task.type).observed.isReady else { return nil }
      guard complete != nil else { return decode(raw, task.type) }
      return try await snapshot(task.session, task.type, id)
    }
  }

  /// A new object that failed is of no use and goes by itself: nothing is left to go on with.
  private func isFailure(_ error: ProviderError) -> Bool {
    if case .none = error.effect { error.request.operation == creation.operation } else { false }
  }

  /// The fields that the create's call could not set.
  private func follow(_ fields: Value, _ now: Snapshot, _ task: WriteTask) async throws(ProviderError)
    -> Observed
  {
    let written = Set(fields.entries.filter { !$0.value.isNull }.map(\.key))
    let due = writers.filter { $0.followsCreate && !$0.fields.isDisjoint(with: written) }
    for writer in due {
      try await writer.write(task, now, Wanted(fields: fields, touched: writer.fields.intersection(written)))
    }
    return due.isEmpty ? now.observed : try await reread(now.id, task)
  }

  func update(
    _ change: FieldChanges, of observed: Observed, _ task: WriteTask
  ) async throws(ProviderError) -> Observed {
    let id = observed.remote.text
    let released = Set(change.changes.filter { $0.effect == .release }.compactMap(\.path.field))
    let touched = Set(change.fields).subtracting(["tags"]).subtracting(released)
    do throws(ProviderError) {
      let edit = TagEdit(change, of: observed)
      try await write(edit, id, task)
      let due = writers.filter { !$0.fields.isDisjoint(with: touched) }
      if !due.isEmpty {
        let now = try await current(id, task)
        let wanted = change.wanted
        for writer in due {
          try await writer.write(
            task, now, Wanted(fields: wanted, touched: writer.fields.intersection(touched)))
        }
        _ = try await settled(observed, task)
      }
      return try await reread(id, task)
    } catch {
      throw error.reason == .notFound ? error : error.leaving(observed)
    }
  }

  /// Both calls may be repeated: they name what is to stand or be gone.
  private func write(_ edit: TagEdit, _ id: String, _ task: WriteTask) async throws(ProviderError) {
    if !edit.added.isEmpty {
      _ = try await task.session.send(
        .ec2("CreateTags", .repeatable, [("ResourceId", [.string(id)]), ("Tag", edit.setParameters)]))
    }
    if !edit.removed.isEmpty {
      let keys = Value.list(edit.removed.map { ["Key": .string($0)] })
      _ = try await task.session.send(
        .ec2("DeleteTags", .repeatable, [("ResourceId", [.string(id)]), ("Tag", keys)]))
    }
  }

  private func current(_ id: String, _ task: WriteTask) async throws(ProviderError) -> Snapshot {
    guard let now = try await snapshot(task.session, task.type, id) else {
      throw ProviderError(.notFound, effect: .none, "\(id) is gone")
    }
    return now
  }

  private func reread(_ id: String, _ task: WriteTask) async throws(ProviderError) -> Observed {
    try await current(id, task).observed
  }
}

extension FieldChanges {
  /// The fields to reach: as desired, and a dropped field as its change says.
  var wanted: Value {
    var fields = desired.entries.map { ($0.key, $0.value) }
    for change in changes where change.path.segments.count == 1 && change.effect == .reset {
      guard let name = change.path.field, let after = change.after, desired[name] == nil else { continue }
      fields.append((name, after))
    }
    return .map(fields)
  }
}

extension String {
  /// A field as a parameter: `cidrBlock` is `CidrBlock`.
  var wireName: String { prefix(1).uppercased() + dropFirst() }
}
