import AWSClient
import HTTP
import ProviderKit
import Resources
import Schemas
import Values

/// Mount targets: they are listed by file system, and carry no tags.
struct MountTargetWire: ObjectWire {
  private static let decoder = AnswerDecoder(names: [
    "fileSystemId": "FileSystemId", "subnetId": "SubnetId", "ipAddress": "IpAddress",
    "availabilityZoneName": "AvailabilityZoneName", "securityGroups": "SecurityGroups",
  ])

  /// A page of file systems, and all that lead to them: a file system has one a zone.
  func page(
    _ session: AWSSession, _ type: ResourceType, after: String?
  ) async throws(ProviderError) -> (items: [Observed], next: String?) {
    let page = try await session.fileSystems(after: after)
    let ids = page.items.compactMap { $0.text("FileSystemId") }
    return (try await ofFileSystems(ids, session, type), page.next)
  }

  private func ofFileSystems(
    _ ids: [String], _ session: AWSSession, _ type: ResourceType
  ) async throws(ProviderError) -> [Observed] {
    try await concurrently(ids) { id throws(ProviderError) in
      try await read("FileSystemId", id, session, type)
    }.flatMap { $0 }
  }

  /// Who stands where one is to stand is asked of its file system alone.
  func find(
    _ session: AWSSession, _ type: ResourceType, _ evidence: [Evidence]
  ) async throws(ProviderError) -> [[Observed]] {
    let ids = Set(evidence.compactMap { $0.asNaturalKey?["fileSystemId"]?.string })
    let found = try await ofFileSystems(ids.sorted(), session, type)
    return evidence.map { one in found.filter { one.fits($0, type) } }
  }

  func one(_ session: AWSSession, _ type: ResourceType, _ id: String) async throws(ProviderError) -> Observed? {
    try await read("MountTargetId", id, session, type).first
  }

  private func describe(_ key: String, _ id: String) -> AWSCall {
    .efs("DescribeMountTargets", .read, .get, "mount-targets", query: [(name: key, value: id)])
  }

  private func read(
    _ key: String, _ id: String, _ session: AWSSession, _ type: ResourceType
  ) async throws(ProviderError) -> [Observed] {
    let answer = try await unlessMissing { () async throws(ProviderError) in try await session.send(describe(key, id)) }
    let standing = (answer?.value.items("MountTargets") ?? []).filter { !$0.isLeavingFiles }
    return try await concurrently(standing) { raw throws(ProviderError) in
      try await observed(raw, session, type)
    }.compactMap { $0 }
  }

  /// nil where it went away between the two reads.
  private func observed(
    _ raw: Value, _ session: AWSSession, _ type: ResourceType
  ) async throws(ProviderError) -> Observed? {
    let id = raw.text("MountTargetId") ?? ""
    let isReady = raw.text("LifeCycleState") == "available"
    let groups: AWSAnswer?
    do throws(ProviderError) {
      groups = try await session.send(
        .efs("DescribeMountTargetSecurityGroups", .read, .get, "mount-targets/\(id)/security-groups"))
    } catch {
      if error.reason == .notFound { return nil }
      // One that is being made tells no groups yet.
      guard error.has("IncorrectMountTargetState"), !isReady else { throw error }
      groups = nil
    }
    let own = raw.without(["SecurityGroups"]).entries.map { ($0.key, $0.value) }
    let whole = Value.map(own + [("SecurityGroups", groups?.value["SecurityGroups"] ?? .list([]))])
    return Observed(
      type: type.name, remote: RemoteID(id), fields: Self.decoder.fields(whole, type.schema).value, marker: nil,
      isReady: isReady)
  }

  func make(_ fields: Value, _ marker: Marker, _ task: WriteTask) async throws(ProviderError) -> String {
    let names = ["fileSystemId", "subnetId", "ipAddress", "securityGroups"]
    let body = names.compactMap { name in fields[name].flatMap { $0.isNull ? nil : (name.wireName, $0) } }
    let answer = try await task.session.send(.efs("CreateMountTarget", .once, .post, "mount-targets", body: body))
    guard let id = answer.value.text("MountTargetId") else {
      throw ProviderError(.unsupported, effect: .unknown, "the new mount target has no id in the answer")
    }
    return id
  }

  func write(_ fields: Set<String>, _ wanted: Value, _ now: Observed, _ task: WriteTask) async throws(ProviderError) {
    guard fields.contains("securityGroups"), let groups = wanted["securityGroups"], !groups.isNull else { return }
    _ = try await task.session.send(
      .efs(
        "ModifyMountTargetSecurityGroups", .repeatable, .put, "mount-targets/\(now.remote)/security-groups",
        body: [("SecurityGroups", groups)]))
  }

  func tag(_ edit: TagEdit, _ now: Observed, _ task: WriteTask) async throws(ProviderError) {}

  /// Its interface holds the subnet until it is gone.
  func remove(_ now: Observed, _ task: WriteTask) async throws(ProviderError) {
    _ = try await task.session.send(.efs("DeleteMountTarget", .repeatable, .delete, "mount-targets/\(now.remote)"))
    try await task.wait(until: "\(now.remote) is gone") { () async throws(ProviderError) -> Void? in
      try await task.session.isGone(describe("MountTargetId", now.remote.text), "MountTargets") ? () : nil
    }
  }
}
