import ProviderKit
import Values

/// How much room Compute Engine's quotas leave, by metric.
struct QuotaCheck: Sendable {
  var client: GCPClient
  var project: String

  struct Room: Sendable, Equatable {
    var metric: String
    /// nil for the quotas of the whole project.
    var region: String?
    var limit: Double
    var used: Double
  }

  /// The project's quotas, and those of a region.
  func rooms(_ region: String?) async throws(ProviderError) -> [Room] {
    let fields = [(name: "fields", value: "quotas")]
    let call =
      region.map { region in
        GCPCall.get(.compute, "regions.get", "projects/\(project)/regions/\(region)", query: fields)
      } ?? GCPCall.get(.compute, "projects.get", "projects/\(project)", query: fields)
    let answer = try await client.send(call)
    return (answer.value["quotas"]?.elements ?? Value.null.elements).compactMap { quota in
      guard let metric = quota["metric"]?.string, let limit = quota["limit"]?.double, let used = quota["usage"]?.double
      else { return nil }
      return Room(metric: metric, region: region, limit: limit, used: used)
    }
  }
}
