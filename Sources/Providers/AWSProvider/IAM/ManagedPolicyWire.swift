import AWSClient
import ProviderKit
import Resources
import Schemas
import Values

/// Policies of one's own: each change is a version, of which five are kept.
struct ManagedPolicyWire: ObjectWire {
  private static let decoder = AnswerDecoder(names: [
    "policyName": "PolicyName", "path": "Path", "description": "Description", "arn": "Arn",
    "policyDocument": "PolicyVersion.Document",
  ])
  private static let versionLimit = 5

  func page(
    _ session: AWSSession, _ type: ResourceType, after: String?
  ) async throws(ProviderError) -> (items: [Observed], next: String?) {
    let page = try await session.iamPage("ListPolicies", [("Scope", "Local")], after: after)
    let arns = page.result.items("Policies").compactMap { $0.text("Arn") }
    let policies = try await concurrently(arns) { arn throws(ProviderError) in try await one(session, type, arn) }
    return (policies.compactMap { $0 }, page.next)
  }

  func one(_ session: AWSSession, _ type: ResourceType, _ arn: String) async throws(ProviderError) -> Observed? {
    let policy = ("PolicyArn", Value.string(arn))
    let answer = try await unlessMissing { () async throws(ProviderError) in
      try await session.send(.iam("GetPolicy", .read, [policy]))
    }
    guard let facts = answer?.value.at("GetPolicyResult.Policy") else { return nil }
    let version = try await unlessMissing { () async throws(ProviderError) in
      let id = facts.text("DefaultVersionId") ?? "v1"
      return try await session.send(.iam("GetPolicyVersion", .read, [policy, ("VersionId", .string(id))]))
    }
    guard let version = version?.value.at("GetPolicyVersionResult.PolicyVersion") else { return nil }
    let raw = Value.map(facts.entries.map { ($0.key, $0.value) } + [("PolicyVersion", version)])
    var fields = Self.decoder.fields(raw, type.schema)
    fields["description"] = fields["description"] ?? ""
    let tagging = Tagging(facts.items("Tags"))
    fields["tags"] = tagging.fields
    return Observed(
      type: type.name, remote: RemoteID(facts.text("Arn") ?? arn), fields: fields.value, marker: tagging.marker)
  }

  func make(_ fields: Value, _ marker: Marker, _ task: WriteTask) async throws(ProviderError) -> String {
    var parameters = [
      ("PolicyName", fields["policyName"] ?? .null),
      ("PolicyDocument", .string((fields["policyDocument"] ?? .null).policyText)),
      ("Tags", Tagging(fields, marker).parameters),
    ]
    for name in ["path", "description"] {
      if let value = fields[name], !value.isNull { parameters.append((name.wireName, value)) }
    }
    let answer = try await task.session.send(.iam("CreatePolicy", .once, parameters))
    guard let arn = answer.value.text("CreatePolicyResult.Policy.Arn") else {
      throw ProviderError(.unsupported, effect: .unknown, "`iam:CreatePolicy` answered without a resource name")
    }
    return arn
  }

  /// The oldest version makes room; the new one holds at once. Where it holds already nothing is sent, so that a
  /// repeated write makes no further version.
  func write(_ fields: Set<String>, _ wanted: Value, _ now: Observed, _ task: WriteTask) async throws(ProviderError) {
    guard fields.contains("policyDocument"), let document = wanted["policyDocument"],
      let field = task.type.schema["policyDocument"],
      !(now.fields["policyDocument"].map { field.equal(document, $0) } ?? false)
    else { return }
    let others = try await versions(now, task).filter { $0.text("IsDefaultVersion") != "true" }
    if others.count >= Self.versionLimit - 1, let oldest = others.last { try await drop(oldest, now, task) }
    _ = try await task.session.send(
      .iam(
        "CreatePolicyVersion", .once,
        [
          ("PolicyArn", .string(now.remote.text)), ("PolicyDocument", .string(document.policyText)),
          ("SetAsDefault", true),
        ]))
  }

  /// Newest first, as IAM tells them.
  private func versions(_ now: Observed, _ task: WriteTask) async throws(ProviderError) -> [Value] {
    try await task.session.iamItems("ListPolicyVersions", "Versions", [("PolicyArn", .string(now.remote.text))])
      .sorted { ($0.text("CreateDate") ?? "") > ($1.text("CreateDate") ?? "") }
  }

  private func drop(_ version: Value, _ now: Observed, _ task: WriteTask) async throws(ProviderError) {
    let id = Value.string(version.text("VersionId") ?? "")
    try await unlessGone { () throws(ProviderError) in
      _ = try await task.session.send(
        .iam("DeletePolicyVersion", .repeatable, [("PolicyArn", .string(now.remote.text)), ("VersionId", id)]))
    }
  }

  func tag(_ edit: TagEdit, _ now: Observed, _ task: WriteTask) async throws(ProviderError) {
    let policy = ("PolicyArn", Value.string(now.remote.text))
    if !edit.added.isEmpty {
      _ = try await task.session.send(.iam("TagPolicy", .repeatable, [policy, ("Tags", edit.setParameters)]))
    }
    if !edit.removed.isEmpty {
      _ = try await task.session.send(.iam("UntagPolicy", .repeatable, [policy, ("TagKeys", edit.removedKeys)]))
    }
  }

  /// Only the version that holds may be left.
  func remove(_ now: Observed, _ task: WriteTask) async throws(ProviderError) {
    for version in try await versions(now, task) where version.text("IsDefaultVersion") != "true" {
      try await drop(version, now, task)
    }
    _ = try await task.session.send(.iam("DeletePolicy", .repeatable, [("PolicyArn", .string(now.remote.text))]))
  }
}
