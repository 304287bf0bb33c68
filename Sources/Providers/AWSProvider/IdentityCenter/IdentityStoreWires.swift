import AWSClient
import ProviderKit
import Resources
import Schemas
import Values

/// What people, groups and memberships have in common: they stand in the stores of the instances that the account sees.
protocol IdentityStoreWire: ObjectWire {
  /// `User`, as in `DescribeUser`.
  var noun: String { get }
  /// Its id among the parameters: `UserId`.
  var idName: String { get }
  var decoder: AnswerDecoder { get }
  /// Everything in one store, as it came.
  func items(_ store: String, _ session: AWSSession) async throws(ProviderError) -> [Value]
  /// What the create is made of beside the store.
  func parameters(_ fields: Value) -> [(String, Value)]
  /// Parameters of the call that tells an id by what is written; nil where they are not all known.
  func search(_ fields: Value) -> [(String, Value)]?
}

extension IdentityStoreWire {
  func page(
    _ session: AWSSession, _ type: ResourceType, after: String?
  ) async throws(ProviderError) -> (items: [Observed], next: String?) {
    var found: [Observed] = []
    for center in try await session.centers() {
      found += try await items(center.store, session).map { observed($0, center.store, type) }
    }
    return (found, nil)
  }

  private func observed(_ raw: Value, _ store: String, _ type: ResourceType) -> Observed {
    var fields = decoder.fields(raw, type.schema)
    fields["identityStoreId"] = .string(store)
    return Observed(type: type.name, remote: RemoteID(raw.text(idName) ?? ""), fields: fields.value, marker: nil)
  }

  /// An id does not tell its store.
  func one(_ session: AWSSession, _ type: ResourceType, _ id: String) async throws(ProviderError) -> Observed? {
    for center in try await session.centers() {
      if let found = try await one(session, type, id, in: center.store) { return found }
    }
    return nil
  }

  private func one(
    _ session: AWSSession, _ type: ResourceType, _ id: String, in store: String
  ) async throws(ProviderError) -> Observed? {
    let place = [("IdentityStoreId", Value.string(store)), (idName, .string(id))]
    let answer = try await unlessMissing { () async throws(ProviderError) in
      try await session.send(.store("Describe\(noun)", .read, place))
    }
    return answer.map { observed($0.value, store, type) }
  }

  /// Stores tell an id by name, without a list.
  func find(
    _ session: AWSSession, _ type: ResourceType, _ evidence: [Evidence]
  ) async throws(ProviderError) -> [[Observed]] {
    try await concurrently(evidence) { one throws(ProviderError) in
      guard let fields = one.asNaturalKey, let store = fields["identityStoreId"]?.string, let search = search(fields)
      else { return [] }
      let answer = try await unlessMissing { () async throws(ProviderError) in
        try await session.send(.store("Get\(noun)Id", .read, [("IdentityStoreId", .string(store))] + search))
      }
      guard let id = answer?.value.text(idName) else { return [] }
      let found = try await self.one(session, type, id, in: store)
      return found.map { one.fits($0, type) ? [$0] : [] } ?? []
    }
  }

  /// A store that the account does not see would take the object, and nobody would find it again.
  func make(_ fields: Value, _ marker: Marker, _ task: WriteTask) async throws(ProviderError) -> String {
    let store = fields["identityStoreId"]?.string ?? ""
    let centers = try await task.session.centers()
    guard centers.contains(where: { $0.store == store }) else {
      let known = centers.map(\.store).sorted().joined(separator: ", ")
      throw ProviderError(
        .invalid(field: "identityStoreId"), effect: .none,
        "the account sees no identity store `\(store)` in \(task.session.region)"
          + (known.isEmpty ? "" : ", only \(known)"))
    }
    let call = AWSCall.store("Create\(noun)", .once, [("IdentityStoreId", .string(store))] + parameters(fields))
    guard let id = try await task.session.send(call).value.text(idName) else {
      throw ProviderError(.unsupported, effect: .unknown, "`\(call.permission)` answered without an id")
    }
    return id
  }

  func tag(_ edit: TagEdit, _ now: Observed, _ task: WriteTask) async throws(ProviderError) {}

  func remove(_ now: Observed, _ task: WriteTask) async throws(ProviderError) {
    try await send("Delete\(noun)", [], now, task)
  }

  func send(
    _ operation: String, _ parameters: [(String, Value)], _ now: Observed, _ task: WriteTask
  ) async throws(ProviderError) {
    let place = [("IdentityStoreId", now.fields["identityStoreId"] ?? .null), (idName, Value.string(now.remote.text))]
    _ = try await task.session.send(.store(operation, .repeatable, place + parameters))
  }

  /// Sets attributes by their paths; null takes one away.
  func set(_ attributes: [(String, Value)], _ now: Observed, _ task: WriteTask) async throws(ProviderError) {
    guard !attributes.isEmpty else { return }
    let operations = attributes.map { path, value in
      Value.map([("AttributePath", .string(path))] + (value.isNull ? [] : [("AttributeValue", value)]))
    }
    try await send("Update\(noun)", [("Operations", .list(operations))], now, task)
  }

  fileprivate func unique(_ path: String, _ value: Value?) -> [(String, Value)]? {
    guard let value, !value.isNull else { return nil }
    let attribute = Value.map([("AttributePath", .string(path)), ("AttributeValue", value)])
    return [("AlternateIdentifier", .map([("UniqueAttribute", attribute)]))]
  }

  fileprivate func list(
    _ operation: String, _ list: String, _ store: String, _ session: AWSSession, _ more: [(String, Value)] = []
  ) async throws(ProviderError) -> [Value] {
    let place = [("IdentityStoreId", Value.string(store)), ("MaxResults", 100)] + more
    return try await session.all({ .store(operation, .read, place + $0) }, list)
  }
}

struct IdentityStoreUserWire: IdentityStoreWire {
  let noun = "User"
  let idName = "UserId"
  let decoder = AnswerDecoder(names: [
    "userName": "UserName", "displayName": "DisplayName", "name": "Name", "name.givenName": "GivenName",
    "name.familyName": "FamilyName", "emails": "Emails", "emails.value": "Value", "emails.type": "Type",
    "emails.primary": "Primary",
  ])

  func items(_ store: String, _ session: AWSSession) async throws(ProviderError) -> [Value] {
    try await list("ListUsers", "Users", store, session)
  }

  func search(_ fields: Value) -> [(String, Value)]? { unique("userName", fields["userName"]) }

  func parameters(_ fields: Value) -> [(String, Value)] {
    var parameters = ["userName", "displayName"].map { ($0.wireName, fields[$0] ?? .null) }
    parameters.append(("Name", (fields["name"] ?? .null).withWireNames))
    let emails = fields["emails"]?.elements.map(\.withWireNames) ?? []
    return parameters + (emails.isEmpty ? [] : [("Emails", .list(emails))])
  }

  /// Attributes are named as SCIM does: https://docs.aws.amazon.com/singlesignon/latest/developerguide/
  func write(_ fields: Set<String>, _ wanted: Value, _ now: Observed, _ task: WriteTask) async throws(ProviderError) {
    var attributes: [(String, Value)] = []
    if fields.contains("displayName") { attributes.append(("displayName", wanted["displayName"] ?? .null)) }
    if fields.contains("name") {
      attributes += (wanted["name"]?.entries.map { ("name.\($0.key)", $0.value) } ?? [])
    }
    if fields.contains("emails") {
      let emails = wanted["emails"] ?? .null
      attributes.append(("emails", emails.isNull || emails.count == 0 ? .null : emails))
    }
    try await set(attributes, now, task)
  }
}

struct IdentityStoreGroupWire: IdentityStoreWire {
  let noun = "Group"
  let idName = "GroupId"
  let decoder = AnswerDecoder(names: ["displayName": "DisplayName", "description": "Description"])

  func items(_ store: String, _ session: AWSSession) async throws(ProviderError) -> [Value] {
    try await list("ListGroups", "Groups", store, session)
  }

  func search(_ fields: Value) -> [(String, Value)]? { unique("displayName", fields["displayName"]) }

  func parameters(_ fields: Value) -> [(String, Value)] {
    ["displayName", "description"].compactMap { name in
      fields[name].flatMap { $0.isNull ? nil : (name.wireName, $0) }
    }
  }

  func write(_ fields: Set<String>, _ wanted: Value, _ now: Observed, _ task: WriteTask) async throws(ProviderError) {
    guard fields.contains("description") else { return }
    try await set([("description", wanted["description"] ?? .null)], now, task)
  }
}

struct IdentityStoreGroupMembershipWire: IdentityStoreWire {
  let noun = "GroupMembership"
  let idName = "MembershipId"
  let decoder = AnswerDecoder(names: ["groupId": "GroupId", "userId": "MemberId.UserId"])

  /// Members are listed by group.
  func items(_ store: String, _ session: AWSSession) async throws(ProviderError) -> [Value] {
    let groups = try await list("ListGroups", "Groups", store, session).compactMap { $0["GroupId"] }
    return try await concurrently(groups) { group throws(ProviderError) in
      try await list("ListGroupMemberships", "GroupMemberships", store, session, [("GroupId", group)])
    }.flatMap { $0 }
  }

  func search(_ fields: Value) -> [(String, Value)]? { fields["userId"] == nil ? nil : parameters(fields) }

  func parameters(_ fields: Value) -> [(String, Value)] {
    [("GroupId", fields["groupId"] ?? .null), ("MemberId", .map([("UserId", fields["userId"] ?? .null)]))]
  }

  func write(_ fields: Set<String>, _ wanted: Value, _ now: Observed, _ task: WriteTask) async throws(ProviderError) {}
}

extension Value {
  /// An object's fields as parameters.
  fileprivate var withWireNames: Value {
    .map(entries.filter { !$0.value.isNull }.map { ($0.key.wireName, $0.value) })
  }
}
