import AWSClient
import ProviderKit
import Resources
import Schemas
import Values

extension RoleWire: AWSWire {
  /// The name is unique, so nothing can be made twice; a role that stands there already is gone on with where it
  /// carries our marker, and is somebody else's otherwise.
  func create(_ fields: Value, _ marker: Marker, _ task: WriteTask) async throws(ProviderError) -> Observed {
    let name = fields["roleName"]?.string ?? ""
    do throws(ProviderError) {
      try await task.retryingPrincipals { () async throws(ProviderError) in
        _ = try await task.session.send(.iam("CreateRole", .once, creation(fields, marker)))
      }
    } catch {
      guard error.has("EntityAlreadyExists") else { throw error }
      guard try await one(task.session, task.type, name)?.marker == marker else { throw error }
    }
    let made = try await task.wait(until: "role \(name) can be seen") { () async throws(ProviderError) in
      try await one(task.session, task.type, name)
    }
    do throws(ProviderError) {
      try await write(fields, touched: ["policies", "managedPolicyArns"], made, task)
      return try await reread(made, task)
    } catch {
      throw error.leaving(made)
    }
  }

  private func creation(_ fields: Value, _ marker: Marker) -> [(String, Value)] {
    var parameters: [(String, Value)] = []
    for name in ["roleName", "path", "description", "maxSessionDuration", "permissionsBoundary"] {
      if let value = fields[name], !value.isNull, value.scalarText != "" {
        parameters.append((name.wireName, value))
      }
    }
    if let trust = fields["assumeRolePolicyDocument"] {
      parameters.append(("AssumeRolePolicyDocument", .string(trust.policyText)))
    }
    return parameters + [("Tags", Tagging(fields, marker).parameters)]
  }

  func update(
    _ change: FieldChanges, of observed: Observed, _ task: WriteTask
  ) async throws(ProviderError) -> Observed {
    let released = Set(change.changes.filter { $0.effect == .release }.compactMap(\.path.field))
    let touched = Set(change.fields).subtracting(released)
    do throws(ProviderError) {
      try await write(TagEdit(change, of: observed), observed, task)
      guard !touched.subtracting(["tags"]).isEmpty else { return try await reread(observed, task) }
      try await write(change.wanted, touched: touched, try await reread(observed, task), task)
      return try await reread(observed, task)
    } catch {
      throw error.reason == .notFound ? error : error.leaving(observed)
    }
  }

  private func reread(_ observed: Observed, _ task: WriteTask) async throws(ProviderError) -> Observed {
    guard let now = try await one(task.session, task.type, observed.remote.text) else {
      throw ProviderError(.notFound, effect: .none, "role \(observed.remote) is gone")
    }
    return now
  }

  private func write(_ edit: TagEdit, _ observed: Observed, _ task: WriteTask) async throws(ProviderError) {
    if !edit.added.isEmpty { try await send("TagRole", [("Tags", edit.setParameters)], observed, task) }
    if !edit.removed.isEmpty { try await send("UntagRole", [("TagKeys", edit.removedKeys)], observed, task) }
  }

  /// Every call names what is to stand or be gone, so all may be repeated.
  private func send(
    _ operation: String, _ parameters: [(String, Value)], _ observed: Observed, _ task: WriteTask
  ) async throws(ProviderError) {
    let name = ("RoleName", Value.string(observed.remote.text))
    _ = try await task.session.send(.iam(operation, .repeatable, [name] + parameters))
  }

  private func write(
    _ fields: Value, touched: Set<String>, _ now: Observed, _ task: WriteTask
  ) async throws(ProviderError) {
    if touched.contains("assumeRolePolicyDocument"), let trust = fields["assumeRolePolicyDocument"] {
      try await task.retryingPrincipals { () async throws(ProviderError) in
        try await send("UpdateAssumeRolePolicy", [("PolicyDocument", .string(trust.policyText))], now, task)
      }
    }
    if !touched.isDisjoint(with: ["description", "maxSessionDuration"]) {
      // What is left out is reset, so both are always said.
      let description =
        fields["description"]?.string
        ?? (touched.contains("description") ? "" : now.fields["description"]?.string)
      let duration =
        fields["maxSessionDuration"]
        ?? (touched.contains("maxSessionDuration") ? 3600 : now.fields["maxSessionDuration"])
      try await send(
        "UpdateRole",
        [("Description", .string(description ?? "")), ("MaxSessionDuration", duration ?? 3600)], now, task)
    }
    if touched.contains("permissionsBoundary") {
      try await writeBoundary(fields["permissionsBoundary"], now, task)
    }
    if touched.contains("policies") { try await writePolicies(fields["policies"], now, task) }
    if touched.contains("managedPolicyArns") {
      try await writeAttachments(fields["managedPolicyArns"], now, task)
    }
  }

  private func writeBoundary(_ boundary: Value?, _ now: Observed, _ task: WriteTask)
    async throws(ProviderError)
  {
    if let arn = boundary?.string, !arn.isEmpty {
      try await send("PutRolePermissionsBoundary", [("PermissionsBoundary", .string(arn))], now, task)
    } else if now.fields["permissionsBoundary"] != nil {
      try await send("DeleteRolePermissionsBoundary", [], now, task)
    }
  }

  private func writePolicies(_ policies: Value?, _ now: Observed, _ task: WriteTask)
    async throws(ProviderError)
  {
    for policy in policies?.entries ?? Value.null.entries {
      if let old = now.fields["policies"]?[policy.key], PolicyDocument.equal(old, policy.value) { continue }
      let parameters = [
        ("PolicyName", Value.string(policy.key)), ("PolicyDocument", .string(policy.value.policyText)),
      ]
      try await send("PutRolePolicy", parameters, now, task)
    }
    for name in now.fields["policies"]?.keys ?? [] where policies?[name] == nil {
      try await unlessGone { () throws(ProviderError) in
        try await send("DeleteRolePolicy", [("PolicyName", .string(name))], now, task)
      }
    }
  }

  private func writeAttachments(_ arns: Value?, _ now: Observed, _ task: WriteTask)
    async throws(ProviderError)
  {
    let (before, after) = (Value.texts(now.fields["managedPolicyArns"]), Value.texts(arns))
    for arn in after where !before.contains(arn) {
      try await send("AttachRolePolicy", [("PolicyArn", .string(arn))], now, task)
    }
    for arn in before where !after.contains(arn) {
      try await unlessGone { () throws(ProviderError) in
        try await send("DetachRolePolicy", [("PolicyArn", .string(arn))], now, task)
      }
    }
  }

  /// IAM deletes a role only when nothing is in it and it is in nothing.
  func delete(_ observed: Observed, _ task: WriteTask) async throws(ProviderError) {
    guard let now = try await one(task.session, task.type, observed.remote.text) else { return }
    let key = ("RoleName", Value.string(now.remote.text))
    let profiles = try await task.session.iamItems("ListInstanceProfilesForRole", "InstanceProfiles", [key])
    for profile in profiles.compactMap({ $0["InstanceProfileName"] }) {
      try await unlessGone { () throws(ProviderError) in
        try await send("RemoveRoleFromInstanceProfile", [("InstanceProfileName", profile)], now, task)
      }
    }
    try await writeAttachments(nil, now, task)
    try await writePolicies(nil, now, task)
    try await unlessGone { () throws(ProviderError) in try await send("DeleteRole", [], now, task) }
    try await task.wait(until: "role \(now.remote) is gone") { () async throws(ProviderError) -> Void? in
      try await one(task.session, task.type, now.remote.text) == nil ? () : nil
    }
  }
}
