import ProviderKit
import Resources
import Values

/// What Google Cloud says of a plan before anything is written: permissions, services, quotas.
package struct GCPPreflight: Sendable {
  private let client: GCPClient
  private let project: String
  private let region: String?

  /// - Parameters:
  ///   - client: of the half that writes; only reads are asked.
  ///   - region: where objects lie that name none.
  package init(_ client: GCPClient, project: String, region: String?) {
    self.client = client.readOnly
    self.project = project
    self.region = region
  }

  package func findings(
    _ questions: [PreflightQuestion], _ catalog: TypeCatalog
  ) async throws(ProviderError) -> [PreflightFinding] {
    var needs = Needs()
    for question in questions { needs.add(question, catalog[question.type], region) }
    return try await permissions(needs) + services(needs) + quotas(needs)
  }

  private func permissions(_ needs: Needs) async throws(ProviderError) -> [PreflightFinding] {
    let missing = try await PermissionCheck(client: client, project: project).missing(Set(needs.permissions.keys))
    guard !missing.isEmpty else { return [] }
    let names = missing.map { "`\($0)`" }.joined(separator: ", ")
    return [
      PreflightFinding(
        "the credentials lack \(missing.count == 1 ? "a permission" : "\(missing.count) permissions") on project "
          + "`\(project)`: \(names)",
        hint: "grant a role that holds them (`plumb permissions` prints one), unless single objects grant them",
        types: needs.types(of: missing.map { needs.permissions[$0] ?? [] }))
    ]
  }

  /// What the plan itself enables counts as enabled.
  private func services(_ needs: Needs) async throws(ProviderError) -> [PreflightFinding] {
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

  private func quotas(_ needs: Needs) async throws(ProviderError) -> [PreflightFinding] {
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

  /// What the questions come to.
  private struct Needs {
    struct Metric: Hashable {
      var metric: String
      var region: String?
    }

    var permissions: [String: Set<TypeName>] = [:]
    var services: [String: Set<TypeName>] = [:]
    var enabled: Set<String> = []
    var quotas: [Metric: (count: Int, type: TypeName)] = [:]

    mutating func add(_ question: PreflightQuestion, _ type: ResourceType?, _ region: String?) {
      guard let type, let facts = type.operations[question.operation] else { return }
      for permission in facts.permissions {
        permissions[permission, default: []].insert(type.name)
        services[GCPService.host(of: permission), default: []].insert(type.name)
      }
      guard question.operation == .create else { return }
      for fields in question.objects {
        if type.name.text == "gcp/ProjectService", let service = fields["name"]?.string { enabled.insert(service) }
        guard let code = facts.quotaCode else { continue }
        let place = type.scope == .region ? fields["region"]?.string ?? region : nil
        quotas[Metric(metric: code, region: place), default: (0, type.name)].count += 1
      }
    }

    func types(of sets: [Set<TypeName>]) -> [TypeName] {
      sets.reduce(into: Set()) { $0.formUnion($1) }.sorted()
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
