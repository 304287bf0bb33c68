import AWSClient
import ProviderKit
import Resources
import Values

/// Issuers of tokens, known by a resource name that is made of their address.
struct OpenIDConnectProviderWire: ObjectWire {
  private static let decoder = AnswerDecoder(names: [
    "url": "Url", "clientIDList": "ClientIDList", "thumbprintList": "ThumbprintList",
  ])

  /// One answer has all of them.
  func page(
    _ session: AWSSession, _ type: ResourceType, after: String?
  ) async throws(ProviderError) -> (items: [Observed], next: String?) {
    let answer = try await session.send(.iam("ListOpenIDConnectProviders", .read, []))
    let arns = answer.value.items("ListOpenIDConnectProvidersResult.OpenIDConnectProviderList").compactMap {
      $0.text("Arn")
    }
    let found = try await concurrently(arns) { arn throws(ProviderError) in try await one(session, type, arn) }
    return (found.compactMap { $0 }, nil)
  }

  func one(_ session: AWSSession, _ type: ResourceType, _ arn: String) async throws(ProviderError) -> Observed? {
    let answer = try await unlessMissing { () async throws(ProviderError) in
      try await session.send(
        .iam("GetOpenIDConnectProvider", .read, [("OpenIDConnectProviderArn", .string(arn))]))
    }
    guard let facts = answer?.value["GetOpenIDConnectProviderResult"] else { return nil }
    var fields = Self.decoder.fields(facts, type.schema)
    // IAM tells the address without its scheme, which is always the same.
    fields["url"] = facts.text("Url").map { .string($0.hasPrefix("https://") ? $0 : "https://\($0)") }
    fields["arn"] = .string(arn)
    let tagging = Tagging(facts.items("Tags"))
    fields["tags"] = tagging.fields
    return Observed(type: type.name, remote: RemoteID(arn), fields: fields.value, marker: tagging.marker)
  }

  func make(_ fields: Value, _ marker: Marker, _ task: WriteTask) async throws(ProviderError) -> String {
    var parameters = [("Url", fields["url"] ?? .null), ("Tags", Tagging(fields, marker).parameters)]
    for (name, wire) in [("clientIDList", "ClientIDList"), ("thumbprintList", "ThumbprintList")] {
      if let list = fields[name], !list.isNull, list.count > 0 { parameters.append((wire, list)) }
    }
    let answer = try await task.session.send(.iam("CreateOpenIDConnectProvider", .once, parameters))
    guard let arn = answer.value.text("CreateOpenIDConnectProviderResult.OpenIDConnectProviderArn") else {
      throw ProviderError(.unsupported, effect: .unknown, "the new issuer has no resource name in the answer")
    }
    return arn
  }

  func write(_ fields: Set<String>, _ wanted: Value, _ now: Observed, _ task: WriteTask) async throws(ProviderError) {
    if fields.contains("thumbprintList"), let list = wanted["thumbprintList"], !list.isNull {
      try await send("UpdateOpenIDConnectProviderThumbprint", ("ThumbprintList", list), now, task)
    }
    guard fields.contains("clientIDList") else { return }
    let (before, after) = (Value.texts(now.fields["clientIDList"]), Value.texts(wanted["clientIDList"]))
    for client in after where !before.contains(client) {
      try await send("AddClientIDToOpenIDConnectProvider", ("ClientID", .string(client)), now, task)
    }
    for client in before where !after.contains(client) {
      try await send("RemoveClientIDFromOpenIDConnectProvider", ("ClientID", .string(client)), now, task)
    }
  }

  func tag(_ edit: TagEdit, _ now: Observed, _ task: WriteTask) async throws(ProviderError) {
    if !edit.added.isEmpty { try await send("TagOpenIDConnectProvider", ("Tags", edit.setParameters), now, task) }
    if !edit.removed.isEmpty {
      try await send("UntagOpenIDConnectProvider", ("TagKeys", edit.removedKeys), now, task)
    }
  }

  func remove(_ now: Observed, _ task: WriteTask) async throws(ProviderError) {
    try await send("DeleteOpenIDConnectProvider", nil, now, task)
  }

  private func send(
    _ operation: String, _ parameter: (String, Value)?, _ now: Observed, _ task: WriteTask
  ) async throws(ProviderError) {
    let issuer = ("OpenIDConnectProviderArn", Value.string(now.remote.text))
    _ = try await task.session.send(.iam(operation, .repeatable, [issuer] + (parameter.map { [$0] } ?? [])))
  }
}
