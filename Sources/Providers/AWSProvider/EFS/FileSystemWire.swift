import AWSClient
import HTTP
import ProviderKit
import Resources
import Values

/// File systems: their list lacks when files move, whether copies are kept, and who may mount them.
struct FileSystemWire: ObjectWire {
  private static let decoder = AnswerDecoder(names: [
    "performanceMode": "PerformanceMode", "encrypted": "Encrypted", "kmsKeyId": "KmsKeyId",
    "throughputMode": "ThroughputMode", "provisionedThroughputInMibps": "ProvisionedThroughputInMibps",
    "availabilityZoneName": "AvailabilityZoneName", "lifecyclePolicies.transitionToIA": "TransitionToIA",
    "lifecyclePolicies": "LifecyclePolicies", "lifecyclePolicies.transitionToArchive": "TransitionToArchive",
    "lifecyclePolicies.transitionToPrimaryStorageClass": "TransitionToPrimaryStorageClass",
    "arn": "FileSystemArn", "sizeInBytes": "SizeInBytes.Value",
  ])
  private static let made = [
    "performanceMode", "encrypted", "kmsKeyId", "throughputMode", "provisionedThroughputInMibps",
    "availabilityZoneName",
  ]

  let following: Set = ["lifecyclePolicies"]

  func page(
    _ session: AWSSession, _ type: ResourceType, after: String?
  ) async throws(ProviderError) -> (items: [Observed], next: String?) {
    let page = try await session.fileSystems(after: after)
    let found = try await concurrently(page.items) { raw throws(ProviderError) in
      try await observed(raw, session, type)
    }
    return (found.compactMap { $0 }, page.next)
  }

  func one(_ session: AWSSession, _ type: ResourceType, _ id: String) async throws(ProviderError) -> Observed? {
    let answer = try await unlessMissing { () async throws(ProviderError) in try await session.send(describe(id)) }
    guard let raw = answer?.value.items("FileSystems").first else { return nil }
    return try await observed(raw, session, type)
  }

  private func describe(_ id: String) -> AWSCall {
    .efs("DescribeFileSystems", .read, .get, "file-systems", query: [(name: "FileSystemId", value: id)])
  }

  /// nil for one that is on its way out.
  private func observed(
    _ raw: Value, _ session: AWSSession, _ type: ResourceType
  ) async throws(ProviderError) -> Observed? {
    let id = raw.text("FileSystemId") ?? ""
    guard !raw.isLeavingFiles, let moves = try await part("Lifecycle", "lifecycle-configuration", id, session) else {
      return nil
    }
    let own = raw.without(["LifecyclePolicies"]).entries.map { ($0.key, $0.value) }
    let whole = Value.map(own + [("LifecyclePolicies", moves["LifecyclePolicies"] ?? .list([]))])
    var fields = Self.decoder.fields(whole, type.schema)
    let backup = try await part("BackupPolicy", "backup-policy", id, session)?.text("BackupPolicy.Status")
    // `ENABLING` and `DISABLING` are what they lead to.
    fields["backupPolicy"] = backup?.hasPrefix("ENABL") ?? false ? "ENABLED" : "DISABLED"
    let policy = try await part("FileSystemPolicy", "policy", id, session)?.text("Policy")
    fields["policy"] = policy.map { .policy($0) }
    let tagging = Tagging(raw.items("Tags"))
    fields["tags"] = tagging.fields
    return Observed(
      type: type.name, remote: RemoteID(id), fields: fields.value, marker: tagging.marker,
      isReady: ["available", "updating"].contains(raw.text("LifeCycleState") ?? ""))
  }

  /// nil where nobody wrote it, or the file system went away.
  private func part(
    _ noun: String, _ path: String, _ id: String, _ session: AWSSession
  ) async throws(ProviderError) -> Value? {
    let operation = noun == "Lifecycle" ? "DescribeLifecycleConfiguration" : "Describe\(noun)"
    return try await unlessMissing { () async throws(ProviderError) in
      try await session.send(.efs(operation, .read, .get, "file-systems/\(id)/\(path)"))
    }?.value
  }

  func make(_ fields: Value, _ marker: Marker, _ task: WriteTask) async throws(ProviderError) -> String {
    var body: [(String, Value)] = [
      ("CreationToken", .string(task.token.text)), ("Tags", Tagging(fields, marker).parameters),
      ("Backup", .bool(fields["backupPolicy"]?.string == "ENABLED")),
    ]
    for name in Self.made {
      if let value = fields[name], !value.isNull { body.append((name.wireName, value)) }
    }
    // Never sent again blindly, token or not: its object is looked for first.
    let answer = try await task.session.send(.efs("CreateFileSystem", .once, .post, "file-systems", body: body))
    guard let id = answer.value.text("FileSystemId") else {
      throw ProviderError(.unsupported, effect: .unknown, "the new file system has no id in the answer")
    }
    return id
  }

  func write(_ fields: Set<String>, _ wanted: Value, _ now: Observed, _ task: WriteTask) async throws(ProviderError) {
    let path = "file-systems/\(now.remote)"
    if fields.contains("lifecyclePolicies") {
      let moves = (wanted["lifecyclePolicies"]?.items ?? []).map { item in
        Value.map(item.entries.filter { !$0.value.isNull }.map { ($0.key.wireName, $0.value) })
      }
      try await put(
        "PutLifecycleConfiguration", "\(path)/lifecycle-configuration", [("LifecyclePolicies", .list(moves))], task)
    }
    if fields.contains("backupPolicy") {
      let status = wanted["backupPolicy"].flatMap { $0.isNull ? nil : $0 } ?? "DISABLED"
      try await put("PutBackupPolicy", "\(path)/backup-policy", [("BackupPolicy", ["Status": status])], task)
    }
    if fields.contains("policy") { try await writePolicy(wanted["policy"], path, task) }
    let throughput = ["throughputMode", "provisionedThroughputInMibps"]
    guard !fields.isDisjoint(with: throughput) else { return }
    let body = throughput.compactMap { name in wanted[name].flatMap { $0.isNull ? nil : (name.wireName, $0) } }
    try await put("UpdateFileSystem", path, body.isEmpty ? [("ThroughputMode", "bursting")] : body, task)
  }

  private func put(
    _ operation: String, _ path: String, _ body: [(String, Value)], _ task: WriteTask
  ) async throws(ProviderError) {
    let call = AWSCall.efs(operation, .repeatable, .put, path, body: body)
    // A change of throughput takes a while, and keeps others out.
    try await task.retrying(until: "it can be changed again", while: { $0.has("IncorrectFileSystemLifeCycleState") }) {
      () async throws(ProviderError) in _ = try await task.session.send(call)
    }
  }

  private func writePolicy(_ policy: Value?, _ path: String, _ task: WriteTask) async throws(ProviderError) {
    guard let policy, !policy.isNull else {
      return try await unlessGone { () throws(ProviderError) in
        _ = try await task.session.send(.efs("DeleteFileSystemPolicy", .repeatable, .delete, "\(path)/policy"))
      }
    }
    try await task.retryingPrincipals { () async throws(ProviderError) in
      try await put("PutFileSystemPolicy", "\(path)/policy", [("Policy", .string(policy.policyText))], task)
    }
  }

  func tag(_ edit: TagEdit, _ now: Observed, _ task: WriteTask) async throws(ProviderError) {
    let path = "resource-tags/\(now.remote)"
    if !edit.added.isEmpty {
      let call = AWSCall.efs("TagResource", .repeatable, .post, path, body: [("Tags", edit.setParameters)])
      _ = try await task.session.send(call)
    }
    if !edit.removed.isEmpty {
      let keys = edit.removed.map { (name: "tagKeys", value: $0) }
      _ = try await task.session.send(.efs("UntagResource", .repeatable, .delete, path, query: keys))
    }
  }

  /// Mount targets that are on their way out still hold it for a while.
  func remove(_ now: Observed, _ task: WriteTask) async throws(ProviderError) {
    try await task.retrying(until: "nothing holds \(now.remote) any more", while: { $0.has("FileSystemInUse") }) {
      () async throws(ProviderError) in
      _ = try await task.session.send(.efs("DeleteFileSystem", .repeatable, .delete, "file-systems/\(now.remote)"))
    }
    try await task.wait(until: "\(now.remote) is gone") { () async throws(ProviderError) -> Void? in
      try await task.session.isGone(describe(now.remote.text), "FileSystems") ? () : nil
    }
  }
}
