import AWSClient
import ProviderKit
import Resources
import Schemas
import Values

/// Assignments: they have no id of their own, and are made and ended in the background.
struct AccountAssignmentWire: ObjectWire {
  /// Every account that every permission set has reached.
  func page(
    _ session: AWSSession, _ type: ResourceType, after: String?
  ) async throws(ProviderError) -> (items: [Observed], next: String?) {
    var sets: [PermissionSetName] = []
    for center in try await session.centers() {
      sets += try await session.permissionSets(center.arn).compactMap { PermissionSetName($0) }
    }
    let found = try await concurrently(sets) { set throws(ProviderError) in
      var items: [Observed] = []
      for account in try await session.accounts(set) { items += try await assignments(set, account, session, type) }
      return items
    }
    return (found.flatMap { $0 }, nil)
  }

  private func assignments(
    _ set: PermissionSetName, _ account: String, _ session: AWSSession, _ type: ResourceType
  ) async throws(ProviderError) -> [Observed] {
    let place = set.parameters + [("AccountId", .string(account)), ("MaxResults", 100)]
    let items: [Value]
    do throws(ProviderError) {
      items = try await session.all({ .center("ListAccountAssignments", .read, place + $0) }, "AccountAssignments")
    } catch {
      guard error.reason == .notFound else { throw error }
      return []
    }
    return items.map { item in
      let fields: Value = [
        "instanceArn": .string(set.instance), "permissionSetArn": .string(set.arn), "targetId": .string(account),
        "principalType": item["PrincipalType"] ?? .null, "principalId": item["PrincipalId"] ?? .null,
      ]
      let id = RemoteID(IdentityPath(type.identity.idPath ?? "").text(fields, account: session.account))
      return Observed(type: type.name, remote: id, fields: fields, marker: nil)
    }
  }

  func one(_ session: AWSSession, _ type: ResourceType, _ id: String) async throws(ProviderError) -> Observed? {
    guard let parts = IdentityPath(type.identity.idPath ?? "").fields(of: id), let account = parts["targetId"],
      let set = parts["permissionSetArn"].flatMap({ PermissionSetName($0) })
    else { return nil }
    return try await assignments(set, account, session, type).first { $0.remote.text == id }
  }

  /// The id is made of what is written.
  func find(
    _ session: AWSSession, _ type: ResourceType, _ evidence: [Evidence]
  ) async throws(ProviderError) -> [[Observed]] {
    let path = IdentityPath(type.identity.idPath ?? "")
    return try await concurrently(evidence) { one throws(ProviderError) in
      guard let fields = one.asNaturalKey else { return [] }
      return try await self.one(session, type, path.text(fields, account: session.account)).map { [$0] } ?? []
    }
  }

  private func parameters(_ fields: Value) -> [(String, Value)] {
    ["instanceArn", "permissionSetArn", "targetId", "principalType", "principalId"].map { name in
      (name.wireName, fields[name] ?? .null)
    } + [("TargetType", "AWS_ACCOUNT")]
  }

  func make(_ fields: Value, _ marker: Marker, _ task: WriteTask) async throws(ProviderError) -> String {
    try await run("Creation", "CreateAccountAssignment", fields, task)
    return IdentityPath(task.type.identity.idPath ?? "").text(fields, account: task.session.account)
  }

  /// The same request twice is one assignment, so that either may be repeated.
  private func run(
    _ noun: String, _ operation: String, _ fields: Value, _ task: WriteTask
  ) async throws(ProviderError) {
    let begun = try await task.session.send(.center(operation, .repeatable, parameters(fields)))
    let key = "AccountAssignment\(noun)Status"
    try await task.waitForCenter(
      "the account knows of it", begun.value[key],
      { id in
        .center(
          "DescribeAccountAssignment\(noun)Status", .read,
          [("InstanceArn", fields["instanceArn"] ?? .null), ("AccountAssignment\(noun)RequestId", id)])
      }, key)
  }

  func write(_ fields: Set<String>, _ wanted: Value, _ now: Observed, _ task: WriteTask) async throws(ProviderError) {}

  func tag(_ edit: TagEdit, _ now: Observed, _ task: WriteTask) async throws(ProviderError) {}

  func remove(_ now: Observed, _ task: WriteTask) async throws(ProviderError) {
    try await run("Deletion", "DeleteAccountAssignment", now.fields, task)
  }
}
