import AWSClient
import ProviderKit
import Resources
import Schemas
import Values

/// Permission sets: what is changed in one reaches the accounts it is used in when it is provisioned again.
struct PermissionSetWire: ObjectWire {
  private static let decoder = AnswerDecoder(names: [
    "name": "Name", "description": "Description", "sessionDuration": "SessionDuration",
    "permissionSetArn": "PermissionSetArn",
  ])

  let following: Set = ["inlinePolicy", "managedPolicies"]

  /// All at once: an instance has hundreds at most.
  func page(
    _ session: AWSSession, _ type: ResourceType, after: String?
  ) async throws(ProviderError) -> (items: [Observed], next: String?) {
    var arns: [String] = []
    for center in try await session.centers() { arns += try await session.permissionSets(center.arn) }
    let found = try await concurrently(arns) { arn throws(ProviderError) in try await one(session, type, arn) }
    return (found.compactMap { $0 }, nil)
  }

  func one(_ session: AWSSession, _ type: ResourceType, _ arn: String) async throws(ProviderError) -> Observed? {
    guard let set = PermissionSetName(arn) else { return nil }
    let facts = try await unlessMissing { () async throws(ProviderError) in
      try await session.send(.center("DescribePermissionSet", .read, set.parameters))
    }?.value["PermissionSet"]
    guard let facts else { return nil }
    var fields = Self.decoder.fields(facts, type.schema)
    fields["instanceArn"] = .string(set.instance)
    let inline = try await session.send(.center("GetInlinePolicyForPermissionSet", .read, set.parameters)).value
    fields["inlinePolicy"] = inline.text("InlinePolicy").map { .policy($0) }
    fields["managedPolicies"] = .list(try await attached(set, session).map { .string($0) })
    let resource = [("InstanceArn", Value.string(set.instance)), ("ResourceArn", .string(arn))]
    let tagging = Tagging(
      try await session.all({ .center("ListTagsForResource", .read, resource + $0) }, "Tags"))
    fields["tags"] = tagging.fields
    return Observed(type: type.name, remote: RemoteID(arn), fields: fields.value, marker: tagging.marker)
  }

  private func attached(_ set: PermissionSetName, _ session: AWSSession) async throws(ProviderError) -> [String] {
    try await session.all(
      { .center("ListManagedPoliciesInPermissionSet", .read, set.parameters + [("MaxResults", 100)] + $0) },
      "AttachedManagedPolicies"
    ).compactMap { $0.text("Arn") }
  }

  func make(_ fields: Value, _ marker: Marker, _ task: WriteTask) async throws(ProviderError) -> String {
    let own = ["instanceArn", "name", "description", "sessionDuration"].compactMap { name in
      fields[name].flatMap { $0.isNull ? nil : (name.wireName, $0) }
    }
    let tags = [("Tags", Tagging(fields, marker).parameters)]
    let answer = try await task.session.send(.center("CreatePermissionSet", .once, own + tags))
    guard let arn = answer.value.text("PermissionSet.PermissionSetArn") else {
      throw ProviderError(.unsupported, effect: .unknown, "the new permission set has no resource name in the answer")
    }
    return arn
  }

  func write(_ fields: Set<String>, _ wanted: Value, _ now: Observed, _ task: WriteTask) async throws(ProviderError) {
    guard let set = PermissionSetName(now.remote.text) else { return }
    if !fields.isDisjoint(with: ["description", "sessionDuration"]) {
      let duration = wanted["sessionDuration"].flatMap { $0.isNull ? nil : $0 } ?? "PT1H"
      let description = wanted["description"].flatMap { $0.isNull ? nil : [("Description", $0)] } ?? []
      try await send("UpdatePermissionSet", set, [("SessionDuration", duration)] + description, task)
    }
    if fields.contains("inlinePolicy") {
      if let policy = wanted["inlinePolicy"], !policy.isNull {
        try await send("PutInlinePolicyToPermissionSet", set, [("InlinePolicy", .string(policy.policyText))], task)
      } else {
        try await send("DeleteInlinePolicyFromPermissionSet", set, [], task)
      }
    }
    if fields.contains("managedPolicies") {
      try await attach(Value.texts(wanted["managedPolicies"]), Value.texts(now.fields["managedPolicies"]), set, task)
    }
    try await provision(set, task)
  }

  private func attach(
    _ wanted: [String], _ before: [String], _ set: PermissionSetName, _ task: WriteTask
  ) async throws(ProviderError) {
    for arn in wanted where !before.contains(arn) {
      do throws(ProviderError) {
        try await send("AttachManagedPolicyToPermissionSet", set, [("ManagedPolicyArn", .string(arn))], task)
      } catch {
        // A repeated request finds it attached.
        guard error.reason == .conflict, try await attached(set, task.session).contains(arn) else { throw error }
      }
    }
    for arn in before where !wanted.contains(arn) {
      try await unlessGone { () throws(ProviderError) in
        try await send("DetachManagedPolicyFromPermissionSet", set, [("ManagedPolicyArn", .string(arn))], task)
      }
    }
  }

  private func provision(_ set: PermissionSetName, _ task: WriteTask) async throws(ProviderError) {
    guard try await !task.session.accounts(set).isEmpty else { return }
    let everywhere = set.parameters + [("TargetType", "ALL_PROVISIONED_ACCOUNTS")]
    let begun = try await task.session.send(.center("ProvisionPermissionSet", .repeatable, everywhere))
    let key = "PermissionSetProvisioningStatus"
    try await task.waitForCenter(
      "the accounts have the permission set", begun.value[key],
      { id in
        .center(
          "DescribePermissionSetProvisioningStatus", .read,
          [("InstanceArn", .string(set.instance)), ("ProvisionPermissionSetRequestId", id)])
      }, key)
  }

  private func send(
    _ operation: String, _ set: PermissionSetName, _ parameters: [(String, Value)], _ task: WriteTask
  ) async throws(ProviderError) {
    _ = try await task.session.send(.center(operation, .repeatable, set.parameters + parameters))
  }

  func tag(_ edit: TagEdit, _ now: Observed, _ task: WriteTask) async throws(ProviderError) {
    guard let set = PermissionSetName(now.remote.text) else { return }
    let resource = [("InstanceArn", Value.string(set.instance)), ("ResourceArn", .string(set.arn))]
    if !edit.added.isEmpty {
      _ = try await task.session.send(
        .center("TagResource", .repeatable, resource + [("Tags", edit.setParameters)]))
    }
    if !edit.removed.isEmpty {
      _ = try await task.session.send(
        .center("UntagResource", .repeatable, resource + [("TagKeys", edit.removedKeys)]))
    }
  }

  /// An assignment that is on its way out still holds it for a while.
  func remove(_ now: Observed, _ task: WriteTask) async throws(ProviderError) {
    guard let set = PermissionSetName(now.remote.text) else { return }
    try await task.retrying(until: "nobody is assigned to it any more", while: { $0.has("ConflictException") }) {
      () async throws(ProviderError) in try await send("DeletePermissionSet", set, [], task)
    }
  }
}
