import AWSClient
import ProviderKit
import Resources
import Values

/// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/
struct LogGroupWire: ObjectWire {
  static let service = AWSService("logs", .json("Logs_20140328"), id: "CloudWatch Logs")
  /// The largest page of DescribeLogGroups.
  private static let pageSize = 50

  let following: Set = ["retentionInDays"]

  private func call(_ operation: String, _ effect: AWSCall.Effect, _ parameters: [(String, Value)]) -> AWSCall {
    AWSCall(Self.service, operation, effect, .map(parameters))
  }

  func page(
    _ session: AWSSession, _ type: ResourceType, after: String?
  ) async throws(ProviderError) -> (items: [Observed], next: String?) {
    try await page(session, type, after.map { [("nextToken", .string($0))] } ?? [])
  }

  private func page(
    _ session: AWSSession, _ type: ResourceType, _ parameters: [(String, Value)]
  ) async throws(ProviderError) -> (items: [Observed], next: String?) {
    let answer = try await session.send(
      call("DescribeLogGroups", .read, [("limit", .int(Self.pageSize))] + parameters))
    let groups = try await concurrently(answer.value.items("logGroups")) { group throws(ProviderError) in
      try await observed(group, session, type)
    }
    return (groups.compactMap { $0 }, answer.value.text("nextToken"))
  }

  /// nil where the group went away between the two reads.
  private func observed(
    _ group: Value, _ session: AWSSession, _ type: ResourceType
  ) async throws(ProviderError) -> Observed? {
    var fields = AnswerDecoder().fields(group, type.schema)
    // The name of the group's streams ends in `:*`, and calls want the group's own.
    let arn = group.text("logGroupArn") ?? group.text("arn").map { $0.hasSuffix(":*") ? String($0.dropLast(2)) : $0 }
    fields["arn"] = arn.map { .string($0) }
    fields["logGroupClass"] = fields["logGroupClass"] ?? "STANDARD"
    let tags = try await unlessMissing { () async throws(ProviderError) in
      try await session.send(call("ListTagsForResource", .read, [("resourceArn", .string(arn ?? ""))]))
    }
    guard let tags else { return nil }
    let tagging = Tagging(byKey: tags.value["tags"])
    fields["tags"] = tagging.fields
    return Observed(
      type: type.name, remote: RemoteID(group.text("logGroupName") ?? ""), fields: fields.value,
      marker: tagging.marker)
  }

  /// Names that begin with this one come first in the answer's order, so that one page is enough.
  func one(_ session: AWSSession, _ type: ResourceType, _ name: String) async throws(ProviderError) -> Observed? {
    try await page(session, type, [("logGroupNamePrefix", .string(name))]).items.first { $0.remote.text == name }
  }

  func make(_ fields: Value, _ marker: Marker, _ task: WriteTask) async throws(ProviderError) -> String {
    let own = ["logGroupName", "kmsKeyId", "logGroupClass"].compactMap { name in fields[name].map { (name, $0) } }
    let tags = [("tags", Tagging(fields, marker).parametersByKey)]
    _ = try await task.session.send(call("CreateLogGroup", .once, own.filter { !$0.1.isNull } + tags))
    return fields["logGroupName"]?.string ?? ""
  }

  func write(_ fields: Set<String>, _ wanted: Value, _ now: Observed, _ task: WriteTask) async throws(ProviderError) {
    let name = [("logGroupName", Value.string(now.remote.text))]
    if fields.contains("retentionInDays") {
      let days = wanted["retentionInDays"].flatMap { $0.isNull ? nil : $0 }
      _ = try await task.session.send(
        days.map { call("PutRetentionPolicy", .repeatable, name + [("retentionInDays", $0)]) }
          ?? call("DeleteRetentionPolicy", .repeatable, name))
    }
    guard fields.contains("kmsKeyId") else { return }
    let key = wanted["kmsKeyId"].flatMap { $0.isNull ? nil : $0 }
    _ = try await task.session.send(
      key.map { call("AssociateKmsKey", .repeatable, name + [("kmsKeyId", $0)]) }
        ?? call("DisassociateKmsKey", .repeatable, name))
  }

  func tag(_ edit: TagEdit, _ now: Observed, _ task: WriteTask) async throws(ProviderError) {
    let resource = [("resourceArn", now.fields["arn"] ?? .null)]
    if !edit.added.isEmpty {
      let tags = Value.map(edit.added.map { ($0.key, .string($0.value)) })
      _ = try await task.session.send(call("TagResource", .repeatable, resource + [("tags", tags)]))
    }
    if !edit.removed.isEmpty {
      _ = try await task.session.send(call("UntagResource", .repeatable, resource + [("tagKeys", edit.removedKeys)]))
    }
  }

  func remove(_ now: Observed, _ task: WriteTask) async throws(ProviderError) {
    _ = try await task.session.send(
      call("DeleteLogGroup", .repeatable, [("logGroupName", .string(now.remote.text))]))
  }
}
