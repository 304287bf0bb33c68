import AWSClient
import ProviderKit
import Resources
import Schemas
import Values

extension AWSCall {
  /// https://docs.aws.amazon.com/memorydb/latest/APIReference/
  static func memoryDB(_ operation: String, _ effect: Effect, _ parameters: [(String, Value)]) -> AWSCall {
    AWSCall(
      AWSService("memorydb", .json("AmazonMemoryDB"), host: "memory-db", id: "MemoryDB"), operation, effect,
      .map(parameters))
  }
}

/// What the types of MemoryDB have in common: calls named alike, names as ids, tags at the resource's name.
protocol MemoryDBWire: ObjectWire {
  /// `Cluster`, as in `DescribeClusters` and `ClusterName`.
  var noun: String { get }
  /// Further parameters of the call that describes it.
  var details: [(String, Value)] { get }
  /// nil where it went away between two reads.
  func fields(
    _ raw: Value, _ session: AWSSession, _ type: ResourceType
  ) async throws(ProviderError) -> Fields?
}

extension MemoryDBWire {
  var details: [(String, Value)] { [] }

  func nameParameter(_ name: String) -> (String, Value) { ("\(noun)Name", .string(name)) }

  func page(
    _ session: AWSSession, _ type: ResourceType, after: String?
  ) async throws(ProviderError) -> (items: [Observed], next: String?) {
    let token = after.map { [("NextToken", Value.string($0))] } ?? []
    let answer: Value
    do throws(ProviderError) {
      answer = try await session.send(.memoryDB("Describe\(noun)s", .read, details + token)).value
    } catch {
      // An account that never had a cluster has no role for the service either.
      guard error.has("ServiceLinkedRoleNotFoundFault") else { throw error }
      return ([], nil)
    }
    let found = try await concurrently(answer.items("\(noun)s")) { raw throws(ProviderError) in
      try await observed(raw, session, type)
    }
    return (found.compactMap { $0 }, answer.text("NextToken"))
  }

  func one(_ session: AWSSession, _ type: ResourceType, _ name: String) async throws(ProviderError) -> Observed? {
    guard let raw = try await raw(session, name) else { return nil }
    return try await observed(raw, session, type)
  }

  /// As the service tells it; nil where there is none.
  func raw(_ session: AWSSession, _ name: String) async throws(ProviderError) -> Value? {
    try await unlessMissing { () async throws(ProviderError) in
      try await session.send(.memoryDB("Describe\(noun)s", .read, details + [nameParameter(name)]))
    }?.value.items("\(noun)s").first
  }

  /// nil for one that is on its way out.
  private func observed(
    _ raw: Value, _ session: AWSSession, _ type: ResourceType
  ) async throws(ProviderError) -> Observed? {
    let status = raw.text("Status") ?? "available"
    guard status != "deleting", let tagging = try await tagging(raw, session),
      var fields = try await fields(raw, session, type)
    else { return nil }
    fields["tags"] = tagging.fields
    return Observed(
      type: type.name, remote: RemoteID(raw.text("Name") ?? ""), fields: fields.value, marker: tagging.marker,
      isReady: status == "available")
  }

  private func tagging(_ raw: Value, _ session: AWSSession) async throws(ProviderError) -> Tagging? {
    do throws(ProviderError) {
      let answer = try await session.send(.memoryDB("ListTags", .read, [("ResourceArn", raw["ARN"] ?? .null)]))
      return Tagging(answer.value.items("TagList"))
    } catch {
      if error.reason == .notFound { return nil }
      // A cluster that is being made may not tell them yet.
      guard error.has("InvalidClusterStateFault") else { throw error }
      return Tagging([])
    }
  }

  func tag(_ edit: TagEdit, _ now: Observed, _ task: WriteTask) async throws(ProviderError) {
    let resource = ("ResourceArn", now.fields["arn"] ?? .null)
    if !edit.added.isEmpty {
      _ = try await task.session.send(.memoryDB("TagResource", .repeatable, [resource, ("Tags", edit.setParameters)]))
    }
    if !edit.removed.isEmpty {
      let call = AWSCall.memoryDB("UntagResource", .repeatable, [resource, ("TagKeys", edit.removedKeys)])
      // A repeated request finds some of them gone.
      do throws(ProviderError) { _ = try await task.session.send(call) } catch {
        guard error.has("TagNotFoundFault") else { throw error }
      }
    }
  }

  /// A cluster that is on its way out still holds its groups for minutes.
  func remove(_ now: Observed, _ task: WriteTask) async throws(ProviderError) {
    let name = now.remote.text
    try await task.retrying(
      until: "nothing uses \(name) any more",
      while: { $0.has("SubnetGroupInUseFault", "InvalidParameterGroupStateFault") },
      { () async throws(ProviderError) in
        _ = try await task.session.send(.memoryDB("Delete\(noun)", .repeatable, [nameParameter(name)]))
      })
    try await task.wait(until: "\(name) is gone") { () async throws(ProviderError) -> Void? in
      try await raw(task.session, name) == nil ? () : nil
    }
  }
}
