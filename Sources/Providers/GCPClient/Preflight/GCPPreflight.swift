import ProviderKit
import Resources
import Values

/// What Google Cloud says of a plan before anything is written: permissions, services, quotas.
package struct GCPPreflight: Sendable {
  private let client: GCPClient
  private let project: String
  private let settings: GCPTargetSettings

  /// - Parameters:
  ///   - client: of the half that writes; only reads are asked.
  ///   - settings: the region where objects lie that name none, the billing account and the organization.
  package init(_ client: GCPClient, project: String, settings: GCPTargetSettings) {
    self.client = client.readOnly
    self.project = project
    self.settings = settings
  }

  package func findings(
    _ questions: [PreflightQuestion], _ catalog: TypeCatalog
  ) async throws(ProviderError) -> [PreflightFinding] {
    var needs = PreflightNeeds(project, settings.region)
    for question in questions { needs.add(question, catalog[question.type]) }
    return try await permissions(needs) + services(needs) + quotas(needs)
  }

  private func permissions(_ needs: PreflightNeeds) async throws(ProviderError) -> [PreflightFinding] {
    let check = PermissionCheck(client: client)
    var findings: [PreflightFinding] = []
    var left = Set(needs.permissions.keys)
    for (holder, prefixes) in holders {
      let own = left.filter { permission in prefixes.contains { permission.hasPrefix($0) } }
      left.subtract(own)
      findings += try await foreign(check, own, holder, needs)
    }
    let missing = try await check.missing(
      check.missing(left, on: .project(project)), onObjects: needs.objects)
    return findings + finding(missing, on: .project(project), needs)
  }

  /// What grants above the project, as far as the target names it, and how the permissions begin that it grants.
  private var holders: [(holder: PermissionHolder, prefixes: [String])] {
    let account = settings.billingAccount.map { (PermissionHolder.billingAccount($0), ["billing."]) }
    let organization = settings.organization.map {
      (PermissionHolder.organization($0), ["orgpolicy.", "resourcemanager.organizations."])
    }
    return [account, organization].compactMap(\.self)
  }

  private func foreign(
    _ check: PermissionCheck, _ permissions: Set<String>, _ holder: PermissionHolder, _ needs: PreflightNeeds
  ) async throws(ProviderError) -> [PreflightFinding] {
    guard !permissions.isEmpty else { return [] }
    do throws(ProviderError) {
      return finding(try await check.missing(permissions, on: holder), on: holder, needs)
    } catch {
      // Whoever may not see it may still use it, as where the service that would be asked is not enabled.
      guard error.reason == .notFound || error.request.status == 403 else { throw error }
      return []
    }
  }

  private func finding(
    _ missing: [String], on holder: PermissionHolder, _ needs: PreflightNeeds
  ) -> [PreflightFinding] {
    guard !missing.isEmpty else { return [] }
    let names = missing.map { "`\($0)`" }.joined(separator: ", ")
    return [
      PreflightFinding(
        "the credentials lack \(missing.count == 1 ? "a permission" : "\(missing.count) permissions") on "
          + "\(holder.text): \(names)",
        hint: "grant a role that holds them (`plumb permissions` prints one), unless single objects grant them",
        types: needs.types(of: missing.map { needs.permissions[$0] ?? [] }))
    ]
  }

  /// What the plan itself enables counts as enabled.
  private func services(_ needs: PreflightNeeds) async throws(ProviderError) -> [PreflightFinding] {
    let asked = Set(needs.services.keys).subtracting(needs.enabled)
    let disabled: [String]
    do throws(ProviderError) {
      disabled = try await ServiceCheck(client: client, project: project).disabled(asked)
    } catch {
      // Whoever may not see services may still use them.
      guard case .denied = error.reason else { throw error }
      return []
    }
    return disabled.map { host in
      PreflightFinding(
        "service `\(host)` is not enabled in project `\(project)`",
        hint: "add a `gcp.ProjectService`, or run `gcloud services enable \(host) --project \(project)`",
        types: needs.types(of: [needs.services[host] ?? []]))
    }
  }

  private func quotas(_ needs: PreflightNeeds) async throws(ProviderError) -> [PreflightFinding] {
    guard !needs.quotas.isEmpty else { return [] }
    let check = QuotaCheck(client: client, project: project)
    var rooms: [QuotaCheck.Room] = []
    do throws(ProviderError) {
      for region in Set(needs.quotas.keys.map(\.region)).union([nil]).sorted(by: { ($0 ?? "") < ($1 ?? "") }) {
        rooms += try await check.rooms(region)
      }
    } catch {
      guard case .denied = error.reason else { throw error }
      return []
    }
    return needs.quotas.sorted { ($0.key.metric, $0.key.region ?? "") < ($1.key.metric, $1.key.region ?? "") }
      .compactMap { key, need in
        // A metric belongs either to regions or to the project.
        let room =
          rooms.first { $0.metric == key.metric && $0.region == key.region }
          ?? rooms.first { $0.metric == key.metric && $0.region == nil }
        guard let room, room.used + Double(need.count) > room.limit else { return nil }
        let place = room.region.map { " in \($0)" } ?? ""
        return PreflightFinding(
          "the plan makes \(need.count) more of `\(key.metric)`\(place), and \(Int(room.used)) of "
            + "\(Int(room.limit)) are used", hint: "ask for more with a `gcp.QuotaPreference`", types: [need.type])
      }
  }
}

extension GCPService {
  /// The service that a permission is one of: `compute.networks.create` of `compute.googleapis.com`.
  static func host(of permission: String) -> String {
    let prefix = String(permission.prefix { $0 != "." })
    let name = ["resourcemanager": "cloudresourcemanager", "billing": "billingbudgets"][prefix] ?? prefix
    return "\(name).googleapis.com"
  }
}
