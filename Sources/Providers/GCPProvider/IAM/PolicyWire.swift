import GCPClient
import HTTP
import ProviderKit
import Resources
import Schemas
import Values

/// Grants, each a part of the policy that hangs on some object:
/// https://cloud.google.com/iam/docs/reference/rest/v1/Policy
///
/// A policy is changed by reading it, changing what is ours, and writing it back under the etag that was read. What
/// others have in it goes back as it came, and whoever comes between makes the change begin again.
struct PolicyWire: Sendable {
  var service: GCPService
  /// The collection whose objects have the policies: `projects`, `projects.serviceAccounts`.
  var collection: String
  var access: Access
  /// The field that names the object, and the type of the objects; nil for the target's project.
  var parent: (field: String, type: @Sendable () -> GCPType)?
  /// What stands before the object's id in ids of grants and paths of requests: `b/`.
  var prefix = ""
  /// Whether one object of the type is a whole binding, with all its members.
  var isWhole = false

  /// How a policy is asked for and written.
  enum Access: Sendable {
    /// `POST …:getIamPolicy` with options in the body.
    case body
    /// `POST …:getIamPolicy` with options in the query.
    case query
    /// `GET …:getIamPolicy`.
    case get
    /// `GET …/iam` and `PUT …/iam`.
    case storage
  }
}

extension PolicyWire: GCPWire {
  func list(
    _ session: GCPSession, _ type: ResourceType, _ filter: ListFilter, after: PageToken?
  ) async throws(ProviderError) -> ObservedPage {
    guard let parent else {
      return ObservedPage(items: try await grants(of: "projects/\(session.project)", session, type))
    }
    let owner = parent.type()
    let page = try await owner.wire.list(session, owner.type, .all, after: after)
    let found = try await concurrently(page.items) { one throws(ProviderError) in
      try await grants(of: prefix + one.remote.text, session, type).filter { !isOfService($0.fields) }
    }
    return ObservedPage(items: found.flatMap { $0 }, next: page.next)
  }

  func read(
    _ session: GCPSession, _ type: ResourceType, _ ids: [RemoteID]
  ) async throws(ProviderError) -> [Observed] {
    let wanted = Set(ids.map { $0.text.lowercased() })
    let places = Set(ids.compactMap { Self.place(of: $0.text) }).sorted()
    let found = try await concurrently(places) { place throws(ProviderError) in
      try await grants(of: place, session, type).filter { wanted.contains($0.remote.text.lowercased()) }
    }
    return found.flatMap { $0 }
  }

  func find(
    _ session: GCPSession, _ type: ResourceType, _ evidence: [Evidence]
  ) async throws(ProviderError) -> [[Observed]] {
    let ids = evidence.map { one in
      one.asNaturalKey.flatMap { type.holdsNaturalKey($0) ? id($0, session, type) : nil }
    }
    let found = try await read(session, type, ids.compactMap { $0 }.map { RemoteID($0) })
    return ids.map { id in found.filter { $0.remote.text.lowercased() == id?.lowercased() } }
  }

  func create(_ fields: Value, _ marker: Marker, _ task: WriteTask) async throws(ProviderError) -> Observed {
    try await write(Grant(fields), at: place(fields, task.session), task) { policy, grant in policy.add(grant) }
    return observed(fields, task)
  }

  func update(
    _ change: FieldChanges, of observed: Observed, _ task: WriteTask
  ) async throws(ProviderError) -> Observed {
    let fields = observed.fields.with(change.desired.entries.map { ($0.key, $0.value) })
    guard let now = try await read(task.session, task.type, [observed.remote]).first else {
      throw ProviderError(.notFound, effect: .none, "\(observed.remote) is gone")
    }
    guard isWhole, change.touches("members") else { return now }
    try await write(Grant(fields), at: place(fields, task.session), task) { policy, grant in policy.set(grant) }
    return self.observed(fields, task)
  }

  func delete(_ observed: Observed, _ task: WriteTask) async throws(ProviderError) {
    try await unlessGone { () throws(ProviderError) in
      try await write(Grant(observed.fields), at: place(observed.fields, task.session), task) { policy, grant in
        isWhole ? policy.removeBinding(grant) : policy.remove(grant)
      }
    }
  }
}

extension PolicyWire {
  /// New buckets grant the basic roles of the project what those had before there was IAM:
  /// https://cloud.google.com/storage/docs/access-control/iam#convenience-values
  private func isOfService(_ grant: Value) -> Bool {
    guard access == .storage, grant["role"]?.string?.hasPrefix("roles/storage.legacy") ?? false else { return false }
    let member = grant["member"]?.string ?? ""
    return ["projectOwner:", "projectEditor:", "projectViewer:"].contains { member.hasPrefix($0) }
  }

  /// `projects/acme` of `projects/acme/iam/roles/viewer/user:ana@acme.test/`.
  private static func place(of id: String) -> String? {
    let parts = id.split(separator: "/", omittingEmptySubsequences: false)
    return parts.firstIndex(of: "iam").map { parts[..<$0].joined(separator: "/") }
  }

  private func place(_ fields: Value, _ session: GCPSession) -> String {
    parent.map { prefix + (fields[$0.field]?.string ?? "") } ?? "projects/\(session.project)"
  }

  private func id(_ fields: Value, _ session: GCPSession, _ type: ResourceType) -> String {
    type.identity.idPath.map { IdentityPath($0).text(fields, account: session.project) } ?? ""
  }

  private func observed(_ fields: Value, _ task: WriteTask) -> Observed {
    let known = Value.map(fields.entries.filter { !$0.value.isNull }.map { ($0.key, $0.value) })
    return Observed(type: task.type.name, remote: RemoteID(id(fields, task.session, task.type)), fields: known)
  }

  /// Every grant of one policy; none where the object is gone.
  private func grants(
    of place: String, _ session: GCPSession, _ type: ResourceType
  ) async throws(ProviderError) -> [Observed] {
    let policy: IAMPolicy
    do throws(ProviderError) { policy = try await self.policy(place, session) } catch {
      if error.reason == .notFound { return [] }
      throw error
    }
    let own = parent.map { [($0.field, Value.string(String(place.dropFirst(prefix.count))))] } ?? []
    return policy.grants(isWhole: isWhole).map { grant in
      let fields = Value.map(own + grant.fields(isWhole: isWhole))
      return Observed(type: type.name, remote: RemoteID(id(fields, session, type)), fields: fields)
    }
  }

  private func policy(_ place: String, _ session: GCPSession) async throws(ProviderError) -> IAMPolicy {
    let name = "\(collection).getIamPolicy"
    let call =
      switch access {
      case .body:
        GCPCall(
          service, name, .read, .post, "\(place):getIamPolicy", body: ["options": ["requestedPolicyVersion": 3]])
      case .query:
        GCPCall(service, name, .read, .post, "\(place):getIamPolicy", query: [("options.requestedPolicyVersion", "3")])
      case .get:
        GCPCall.get(service, name, "\(place):getIamPolicy", query: [("options.requestedPolicyVersion", "3")])
      case .storage:
        GCPCall.get(service, name, "\(place)/iam", query: [("optionsRequestedPolicyVersion", "3")])
      }
    return IAMPolicy(raw: try await session.send(call))
  }

  /// How long a new account may be unknown to policies that name it.
  private static let memberPatience = Duration.seconds(30)

  private func write(
    _ grant: Grant, at place: String, _ task: WriteTask, _ change: (inout IAMPolicy, Grant) -> Void
  ) async throws(ProviderError) {
    await task.session.turns.enter(place)
    do throws(ProviderError) {
      try await task.whileBusy("the policy of \(place)") { () async throws(ProviderError) in
        try await task.patience.retrying(
          until: "the members of \(place)'s policy are known", atMost: Self.memberPatience,
          while: { $0.reason.isInvalid && $0.message.contains("does not exist") }
        ) { () async throws(ProviderError) in
          let old = try await policy(place, task.session)
          var new = old
          change(&new, grant)
          if new.raw == old.raw { return }
          try await task.session.send(writing(new, place))
        }
      }
    } catch {
      await task.session.turns.leave(place)
      throw error
    }
    await task.session.turns.leave(place)
  }

  private func writing(_ policy: IAMPolicy, _ place: String) -> GCPCall {
    let name = "\(collection).setIamPolicy"
    let body = policy.raw.with([("version", 3)])
    return switch access {
    case .storage: GCPCall(service, name, .conditional, .put, "\(place)/iam", body: body)
    case .body, .query, .get:
      GCPCall(service, name, .conditional, .post, "\(place):setIamPolicy", body: ["policy": body])
    }
  }
}

extension ProviderError.Reason {
  fileprivate var isInvalid: Bool { if case .invalid = self { true } else { false } }
}
