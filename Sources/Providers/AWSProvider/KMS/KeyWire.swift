import AWSClient
import ProviderKit
import Resources
import Values

extension AWSCall {
  /// https://docs.aws.amazon.com/kms/latest/APIReference/
  static func kms(_ operation: String, _ effect: Effect, _ parameters: [(String, Value)]) -> AWSCall {
    AWSCall(AWSService("kms", .json("TrentService")), operation, effect, .map(parameters))
  }
}

/// Keys: a deleted one waits for weeks, can do nothing, and counts as gone.
struct KeyWire: ObjectWire {
  private static let decoder = AnswerDecoder(names: [
    "description": "Description", "keyUsage": "KeyUsage", "keySpec": "KeySpec", "multiRegion": "MultiRegion",
    "arn": "Arn", "keyState": "KeyState",
  ])
  private static let gone: Set = ["PendingDeletion", "PendingReplicaDeletion"]
  private static let policyName = ("PolicyName", Value.string("default"))

  let following: Set = ["enableKeyRotation", "rotationPeriodInDays"]

  func page(
    _ session: AWSSession, _ type: ResourceType, after: String?
  ) async throws(ProviderError) -> (items: [Observed], next: String?) {
    let marker = after.map { [("Marker", Value.string($0))] } ?? []
    let answer = try await session.send(.kms("ListKeys", .read, [("Limit", 100)] + marker))
    let ids = answer.value.items("Keys").compactMap { $0.text("KeyId") }
    let keys = try await concurrently(ids) { id throws(ProviderError) in try await one(session, type, id) }
    return (keys.compactMap { $0 }, answer.value.text("NextMarker"))
  }

  /// nil for keys of AWS's own services as well: they are nobody's to change.
  func one(_ session: AWSSession, _ type: ResourceType, _ id: String) async throws(ProviderError) -> Observed? {
    let key = [("KeyId", Value.string(id))]
    let answer = try await unlessMissing { () async throws(ProviderError) in
      try await session.send(.kms("DescribeKey", .read, key))
    }
    guard let facts = answer?.value["KeyMetadata"], facts.text("KeyManager") != "AWS",
      !Self.gone.contains(facts.text("KeyState") ?? "")
    else { return nil }
    var fields = Self.decoder.fields(facts, type.schema)
    fields["description"] = fields["description"] ?? ""
    let policy = try await session.send(.kms("GetKeyPolicy", .read, key + [Self.policyName]))
    fields["policy"] = policy.value.text("Policy").map { .policy($0) }
    // Only these keys are made anew by the service.
    if facts.text("KeySpec") == "SYMMETRIC_DEFAULT" {
      let rotation = try await session.send(.kms("GetKeyRotationStatus", .read, key)).value
      fields["enableKeyRotation"] = .bool(rotation.text("KeyRotationEnabled") == "true")
      fields["rotationPeriodInDays"] = rotation["RotationPeriodInDays"].flatMap { $0.isNull ? nil : $0 }
    }
    let tagging = Tagging(try await session.send(.kms("ListResourceTags", .read, key)).value.items("Tags"))
    fields["tags"] = tagging.fields
    return Observed(
      type: type.name, remote: RemoteID(facts.text("KeyId") ?? id), fields: fields.value, marker: tagging.marker)
  }

  func make(_ fields: Value, _ marker: Marker, _ task: WriteTask) async throws(ProviderError) -> String {
    var parameters = [("Tags", Tagging(fields, marker).parameters("TagKey", "TagValue"))]
    for name in ["description", "keyUsage", "keySpec", "multiRegion"] {
      if let value = fields[name], !value.isNull { parameters.append((name.wireName, value)) }
    }
    if let policy = fields["policy"], !policy.isNull { parameters.append(("Policy", .string(policy.policyText))) }
    // Never sent again blindly: its object is looked for first.
    let answer = try await task.session.send(.kms("CreateKey", .once, parameters))
    guard let id = answer.value.text("KeyMetadata.KeyId") else {
      throw ProviderError(.unsupported, effect: .unknown, "`kms:CreateKey` answered without an id")
    }
    return id
  }

  func write(_ fields: Set<String>, _ wanted: Value, _ now: Observed, _ task: WriteTask) async throws(ProviderError) {
    let key = [("KeyId", Value.string(now.remote.text))]
    if fields.contains("description") {
      _ = try await task.session.send(
        .kms("UpdateKeyDescription", .repeatable, key + [("Description", wanted["description"] ?? "")]))
    }
    if fields.contains("policy"), let policy = wanted["policy"], !policy.isNull {
      let call = AWSCall.kms(
        "PutKeyPolicy", .repeatable, key + [Self.policyName, ("Policy", .string(policy.policyText))])
      try await task.retryingPrincipals { () async throws(ProviderError) in _ = try await task.session.send(call) }
    }
    guard !fields.isDisjoint(with: following) else { return }
    let isRotated = (wanted["enableKeyRotation"] ?? now.fields["enableKeyRotation"])?.bool == true
    var parameters = key
    if isRotated, let days = wanted["rotationPeriodInDays"], !days.isNull {
      parameters.append(("RotationPeriodInDays", days))
    }
    guard isRotated || now.fields["enableKeyRotation"]?.bool == true else { return }
    _ = try await task.session.send(
      .kms(isRotated ? "EnableKeyRotation" : "DisableKeyRotation", .repeatable, parameters))
  }

  func tag(_ edit: TagEdit, _ now: Observed, _ task: WriteTask) async throws(ProviderError) {
    let key = [("KeyId", Value.string(now.remote.text))]
    if !edit.added.isEmpty {
      let tags = Value.list(edit.added.map { ["TagKey": .string($0.key), "TagValue": .string($0.value)] })
      _ = try await task.session.send(.kms("TagResource", .repeatable, key + [("Tags", tags)]))
    }
    if !edit.removed.isEmpty {
      _ = try await task.session.send(.kms("UntagResource", .repeatable, key + [("TagKeys", edit.removedKeys)]))
    }
  }

  func remove(_ now: Observed, _ task: WriteTask) async throws(ProviderError) {
    _ = try await task.session.send(.kms("ScheduleKeyDeletion", .repeatable, [("KeyId", .string(now.remote.text))]))
  }
}

/// Names of keys, which carry no tags.
struct AliasWire: ObjectWire {
  func page(
    _ session: AWSSession, _ type: ResourceType, after: String?
  ) async throws(ProviderError) -> (items: [Observed], next: String?) {
    let marker = after.map { [("Marker", Value.string($0))] } ?? []
    let answer = try await session.send(.kms("ListAliases", .read, [("Limit", 100)] + marker))
    // Names of AWS's own keys begin so, and some lead to no key yet.
    let own = answer.value.items("Aliases").filter { !($0.text("AliasName") ?? "").hasPrefix("alias/aws/") }
    let decoder = AnswerDecoder(names: [
      "aliasName": "AliasName", "targetKeyId": "TargetKeyId", "arn": "AliasArn",
    ])
    let items = own.map { alias in
      Observed(
        type: type.name, remote: RemoteID(alias.text("AliasName") ?? ""),
        fields: decoder.fields(alias, type.schema).value, marker: nil)
    }
    return (items, answer.value.text("NextMarker"))
  }

  /// There is no read of one.
  func one(_ session: AWSSession, _ type: ResourceType, _ name: String) async throws(ProviderError) -> Observed? {
    var next: String?
    repeat {
      let page = try await page(session, type, after: next)
      if let found = page.items.first(where: { $0.remote.text == name }) { return found }
      next = page.next
    } while next != nil
    return nil
  }

  func make(_ fields: Value, _ marker: Marker, _ task: WriteTask) async throws(ProviderError) -> String {
    let name = fields["aliasName"] ?? .null
    _ = try await task.session.send(
      .kms("CreateAlias", .once, [("AliasName", name), ("TargetKeyId", fields["targetKeyId"] ?? .null)]))
    return name.string ?? ""
  }

  func write(_ fields: Set<String>, _ wanted: Value, _ now: Observed, _ task: WriteTask) async throws(ProviderError) {
    guard fields.contains("targetKeyId"), let key = wanted["targetKeyId"] else { return }
    _ = try await task.session.send(
      .kms("UpdateAlias", .repeatable, [("AliasName", .string(now.remote.text)), ("TargetKeyId", key)]))
  }

  func tag(_ edit: TagEdit, _ now: Observed, _ task: WriteTask) async throws(ProviderError) {}

  func remove(_ now: Observed, _ task: WriteTask) async throws(ProviderError) {
    _ = try await task.session.send(.kms("DeleteAlias", .repeatable, [("AliasName", .string(now.remote.text))]))
  }
}
