import AWSClient
import ProviderKit
import Resources
import Schemas
import Values

/// Identity providers that speak SAML: their list tells no more than their names.
struct SAMLProviderWire: ObjectWire {
  private static let decoder = AnswerDecoder(names: [
    "samlMetadataDocument": "SAMLMetadataDocument", "validUntil": "ValidUntil",
  ])

  /// There are no pages of them.
  func page(
    _ session: AWSSession, _ type: ResourceType, after: String?
  ) async throws(ProviderError) -> (items: [Observed], next: String?) {
    let answer = try await session.send(.iam("ListSAMLProviders", .read, []))
    let arns = answer.value.items("ListSAMLProvidersResult.SAMLProviderList").compactMap { $0.text("Arn") }
    let found = try await concurrently(arns) { arn throws(ProviderError) in try await one(session, type, arn) }
    return (found.compactMap { $0 }, nil)
  }

  func one(_ session: AWSSession, _ type: ResourceType, _ arn: String) async throws(ProviderError) -> Observed? {
    let answer = try await unlessMissing { () async throws(ProviderError) in
      try await session.send(.iam("GetSAMLProvider", .read, [("SAMLProviderArn", .string(arn))]))
    }
    guard let facts = answer?.value["GetSAMLProviderResult"] else { return nil }
    var fields = Self.decoder.fields(facts, type.schema)
    fields["name"] = .string(String(arn.split(separator: "/").last ?? ""))
    fields["arn"] = .string(arn)
    let tagging = Tagging(facts.items("Tags"))
    fields["tags"] = tagging.fields
    return Observed(type: type.name, remote: RemoteID(arn), fields: fields.value, marker: tagging.marker)
  }

  func make(_ fields: Value, _ marker: Marker, _ task: WriteTask) async throws(ProviderError) -> String {
    let parameters = [
      ("Name", fields["name"] ?? .null), ("SAMLMetadataDocument", fields["samlMetadataDocument"] ?? .null),
      ("Tags", Tagging(fields, marker).parameters),
    ]
    let answer = try await task.session.send(.iam("CreateSAMLProvider", .once, parameters))
    guard let arn = answer.value.text("CreateSAMLProviderResult.SAMLProviderArn") else {
      throw ProviderError(.unsupported, effect: .unknown, "the new provider has no resource name in the answer")
    }
    return arn
  }

  func write(_ fields: Set<String>, _ wanted: Value, _ now: Observed, _ task: WriteTask) async throws(ProviderError) {
    guard fields.contains("samlMetadataDocument"), let document = wanted["samlMetadataDocument"] else { return }
    try await send("UpdateSAMLProvider", ("SAMLMetadataDocument", document), now, task)
  }

  func tag(_ edit: TagEdit, _ now: Observed, _ task: WriteTask) async throws(ProviderError) {
    if !edit.added.isEmpty { try await send("TagSAMLProvider", ("Tags", edit.setParameters), now, task) }
    if !edit.removed.isEmpty { try await send("UntagSAMLProvider", ("TagKeys", edit.removedKeys), now, task) }
  }

  func remove(_ now: Observed, _ task: WriteTask) async throws(ProviderError) {
    try await send("DeleteSAMLProvider", nil, now, task)
  }

  private func send(
    _ operation: String, _ parameter: (String, Value)?, _ now: Observed, _ task: WriteTask
  ) async throws(ProviderError) {
    let provider = ("SAMLProviderArn", Value.string(now.remote.text))
    _ = try await task.session.send(.iam(operation, .repeatable, [provider] + (parameter.map { [$0] } ?? [])))
  }
}
