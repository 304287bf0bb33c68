import AWSClient
import ProviderKit
import Resources
import Values

/// Instance profiles: their list has no tags, so each is read by itself to know whose it is.
struct InstanceProfileWire: NamedWire {
  private static let decoder = AnswerDecoder(names: [
    "instanceProfileName": "InstanceProfileName", "path": "Path", "roles": "Roles[RoleName]", "arn": "Arn",
    "instanceProfileId": "InstanceProfileId",
  ])

  func list(
    _ session: AWSSession, _ type: ResourceType, _ filter: ListFilter, after: PageToken?
  ) async throws(ProviderError) -> ObservedPage {
    let page = try await session.iamPage("ListInstanceProfiles", after: after?.text)
    let names = page.result.items("InstanceProfiles").compactMap { $0.text("InstanceProfileName") }
    let profiles = try await read(session, type, names.map { RemoteID($0) })
    return ObservedPage(
      items: profiles.filter { filter.includes($0.marker) }, next: page.next.map { PageToken($0) })
  }

  func one(
    _ session: AWSSession, _ type: ResourceType, _ name: String
  ) async throws(ProviderError) -> Observed? {
    let answer: AWSAnswer
    do throws(ProviderError) {
      answer = try await session.send(
        .iam("GetInstanceProfile", .read, [("InstanceProfileName", .string(name))]))
    } catch {
      guard error.reason == .notFound else { throw error }
      return nil
    }
    let profile = answer.value.at("GetInstanceProfileResult.InstanceProfile") ?? .null
    var fields = Self.decoder.fields(profile, type.schema)
    let tagging = Tagging(profile.items("Tags"))
    fields["tags"] = tagging.fields
    return Observed(type: type.name, remote: RemoteID(name), fields: fields.value, marker: tagging.marker)
  }

  // MARK: Writing

  func create(_ fields: Value, _ marker: Marker, _ task: WriteTask) async throws(ProviderError) -> Observed {
    let name = fields["instanceProfileName"]?.string ?? ""
    var parameters = [
      ("InstanceProfileName", Value.string(name)), ("Tags", Tagging(fields, marker).parameters),
    ]
    if let path = fields["path"], !path.isNull { parameters.append(("Path", path)) }
    do throws(ProviderError) {
      _ = try await task.session.send(.iam("CreateInstanceProfile", .once, parameters))
    } catch {
      guard error.has("EntityAlreadyExists") else { throw error }
      guard try await one(task.session, task.type, name)?.marker == marker else { throw error }
    }
    let made = try await task.wait(until: "instance profile \(name) can be seen") {
      () async throws(ProviderError) in
      try await one(task.session, task.type, name)
    }
    do throws(ProviderError) {
      guard fields["roles"] != nil else { return made }
      try await writeRoles(fields["roles"], made, task)
      return try await reread(made, task)
    } catch {
      throw error.leaving(made)
    }
  }

  func update(
    _ change: FieldChanges, of observed: Observed, _ task: WriteTask
  ) async throws(ProviderError) -> Observed {
    do throws(ProviderError) {
      let edit = TagEdit(change, of: observed)
      if !edit.added.isEmpty {
        try await send("TagInstanceProfile", ("Tags", edit.setParameters), observed, task)
      }
      if !edit.removed.isEmpty {
        try await send("UntagInstanceProfile", ("TagKeys", edit.removedKeys), observed, task)
      }
      let isReleased = change.changes.contains { $0.path.field == "roles" && $0.effect == .release }
      if change.touches("roles"), !isReleased {
        try await writeRoles(change.wanted["roles"], try await reread(observed, task), task)
      }
      return try await reread(observed, task)
    } catch {
      throw error.reason == .notFound ? error : error.leaving(observed)
    }
  }

  func delete(_ observed: Observed, _ task: WriteTask) async throws(ProviderError) {
    guard let now = try await one(task.session, task.type, observed.remote.text) else { return }
    try await writeRoles(nil, now, task)
    try await unlessGone { () throws(ProviderError) in try await send("DeleteInstanceProfile", nil, now, task)
    }
    try await task.wait(until: "instance profile \(now.remote) is gone") {
      () async throws(ProviderError) -> Void? in
      try await one(task.session, task.type, now.remote.text) == nil ? () : nil
    }
  }

  private func reread(_ observed: Observed, _ task: WriteTask) async throws(ProviderError) -> Observed {
    guard let now = try await one(task.session, task.type, observed.remote.text) else {
      throw ProviderError(.notFound, effect: .none, "instance profile \(observed.remote) is gone")
    }
    return now
  }

  /// A profile holds one role at most, so the old one leaves first. A role made a moment ago may not be known yet.
  private func writeRoles(_ roles: Value?, _ now: Observed, _ task: WriteTask) async throws(ProviderError) {
    let (before, after) = (Value.texts(now.fields["roles"]), Value.texts(roles))
    for role in before where !after.contains(role) {
      try await unlessGone { () throws(ProviderError) in
        try await send("RemoveRoleFromInstanceProfile", ("RoleName", .string(role)), now, task)
      }
    }
    for role in after where !before.contains(role) {
      try await task.retrying(
        until: "role \(role) can be used", atMost: WriteTask.rolePatience, while: { $0.reason == .notFound }
      ) {
        () async throws(ProviderError) in
        try await send("AddRoleToInstanceProfile", ("RoleName", .string(role)), now, task)
      }
    }
  }

  private func send(
    _ operation: String, _ parameter: (String, Value)?, _ observed: Observed, _ task: WriteTask
  ) async throws(ProviderError) {
    let name = ("InstanceProfileName", Value.string(observed.remote.text))
    _ = try await task.session.send(.iam(operation, .repeatable, [name] + (parameter.map { [$0] } ?? [])))
  }
}
