import AWSClient
import ProviderKit
import Resources
import Values

/// Roles: listed with all their policies by GetAccountAuthorizationDetails, which leaves out description and session
/// length; ListRoles has these.
struct RoleWire: Sendable {
  private static let decoder = AnswerDecoder(names: [
    "permissionsBoundary": "PermissionsBoundary.PermissionsBoundaryArn", "roleName": "RoleName",
    "path": "Path",
    "assumeRolePolicyDocument": "AssumeRolePolicyDocument", "description": "Description",
    "maxSessionDuration": "MaxSessionDuration", "arn": "Arn", "roleId": "RoleId", "policies": "none",
    "managedPolicyArns": "none",
  ])

  /// What only ListRoles and GetRole tell.
  private static let summaryFields = ["description", "maxSessionDuration"]

  func list(
    _ session: AWSSession, _ type: ResourceType, _ filter: ListFilter, after: PageToken?
  ) async throws(ProviderError) -> ObservedPage {
    let page = try await details(session, after: after?.text)
    let roles = page.roles.filter { filter.includes(Tagging($0.items("Tags")).marker) }
    let isSummed = !roles.isEmpty && Self.summaryFields.contains { filter.wants($0) }
    let summaries = isSummed ? try await summaries(session) : [:]
    return ObservedPage(
      items: roles.map { observed($0, summaries[$0.text("RoleName") ?? ""], type) },
      next: page.next.map { PageToken($0) })
  }

  func read(
    _ session: AWSSession, _ type: ResourceType, _ ids: [RemoteID]
  ) async throws(ProviderError) -> [Observed] {
    if ids.count <= Self.fewRoles {
      return try await concurrently(ids) { id throws(ProviderError) in try await one(session, type, id.text) }
        .compactMap { $0 }
    }
    let wanted = Set(ids.map(\.text))
    return try await all(session, type).filter { wanted.contains($0.remote.text) }
  }

  func find(
    _ session: AWSSession, _ type: ResourceType, _ evidence: [Evidence]
  ) async throws(ProviderError) -> [[Observed]] {
    let names = evidence.compactMap { $0.asNaturalKey?["roleName"]?.string }
    let needsAll = evidence.contains { $0.asMarker != nil }
    let found =
      needsAll
      ? try await all(session, type)
      : try await read(session, type, Set(names).sorted().map { RemoteID($0) })
    return evidence.map { one in found.filter { one.fits($0, type) } }
  }

  /// Up to here each role is read alone, which costs a handful of requests for each.
  private static let fewRoles = 2

  private func all(_ session: AWSSession, _ type: ResourceType) async throws(ProviderError) -> [Observed] {
    var roles: [Value] = []
    var next: String?
    repeat {
      let page = try await details(session, after: next)
      roles += page.roles
      next = page.next
    } while next != nil
    let summaries = try await summaries(session)
    return roles.map { observed($0, summaries[$0.text("RoleName") ?? ""], type) }
  }

  private func details(
    _ session: AWSSession, after: String?
  ) async throws(ProviderError) -> (roles: [Value], next: String?) {
    let page = try await session.iamPage(
      "GetAccountAuthorizationDetails", [("Filter", ["Role"])], after: after)
    return (page.result.items("RoleDetailList"), page.next)
  }

  private func summaries(_ session: AWSSession) async throws(ProviderError) -> [String: Value] {
    let roles = try await session.iamItems("ListRoles", "Roles")
    return Dictionary(roles.map { ($0.text("RoleName") ?? "", $0) }, uniquingKeysWith: { _, last in last })
  }

  private func observed(_ detail: Value, _ summary: Value?, _ type: ResourceType) -> Observed {
    var fields = Self.decoder.fields(detail, type.schema)
    for name in Self.summaryFields {
      fields[name] = summary.flatMap { Self.decoder.fields($0, type.schema)[name] }
    }
    fields["policies"] = .map(
      detail.items("RolePolicyList").map { policy in
        (policy.text("PolicyName") ?? "", Self.document(policy))
      })
    fields["managedPolicyArns"] = .list(
      detail.items("AttachedManagedPolicies").compactMap { $0["PolicyArn"] })
    let tagging = Tagging(detail.items("Tags"))
    fields["tags"] = tagging.fields
    return Observed(
      type: type.name, remote: RemoteID(detail.text("RoleName") ?? ""), fields: fields.value,
      marker: tagging.marker)
  }

  private static func document(_ policy: Value) -> Value {
    let text = policy.text("PolicyDocument") ?? ""
    return .policy(text.hasPrefix("%") ? text.percentDecoded : text)
  }

  /// One role by itself, as details with its summary; nil where there is none.
  func one(_ session: AWSSession, _ type: ResourceType, _ name: String) async throws(ProviderError)
    -> Observed?
  {
    let key = ("RoleName", Value.string(name))
    do throws(ProviderError) {
      let role = try await session.send(.iam("GetRole", .read, [key])).value.at("GetRoleResult.Role") ?? .null
      let names = try await session.iamItems("ListRolePolicies", "PolicyNames", [key])
      var policies: [Value] = []
      for policy in names {
        let parameters = [key, ("PolicyName", policy)]
        policies.append(
          try await session.send(.iam("GetRolePolicy", .read, parameters)).value["GetRolePolicyResult"]
            ?? .null)
      }
      let attached = try await session.iamItems("ListAttachedRolePolicies", "AttachedPolicies", [key])
      let detail = Value.map(
        role.entries.map { ($0.key, $0.value) } + [
          ("RolePolicyList", .list(policies)), ("AttachedManagedPolicies", .list(attached)),
        ])
      return observed(detail, role, type)
    } catch {
      guard error.reason == .notFound else { throw error }
      return nil
    }
  }
}
