import ProviderKit
import Values

/// Which services a project has not enabled.
struct ServiceCheck: Sendable {
  var client: GCPClient
  var project: String

  private static let pageSize = "200"
  private static let pageLimit = 20

  /// Of these hosts, such as `redis.googleapis.com`, those that are not enabled, sorted.
  func disabled(_ hosts: Set<String>) async throws(ProviderError) -> [String] {
    var left = hosts
    var page: String?
    for _ in 0..<Self.pageLimit where !left.isEmpty {
      var query = [(name: "filter", value: "state:ENABLED"), (name: "pageSize", value: Self.pageSize)]
      if let page { query.append(("pageToken", page)) }
      let answer = try await client.send(
        .get(.serviceUsage, "services.list", "projects/\(project)/services", query: query))
      for service in answer.value["services"]?.elements ?? Value.null.elements {
        guard let name = service["config"]?["name"]?.string ?? service["name"]?.string else { continue }
        left.remove(name.split(separator: "/").last.map(String.init) ?? name)
      }
      page = answer.value["nextPageToken"]?.string
      if page?.isEmpty ?? true { return left.sorted() }
    }
    return left.sorted()
  }
}
