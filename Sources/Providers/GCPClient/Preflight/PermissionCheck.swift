import HTTP
import ProviderKit
import Values

/// Which permissions on a project the credentials do not have.
struct PermissionCheck: Sendable {
  var client: GCPClient
  var project: String

  /// What one request may ask for.
  private static let batchSize = 100

  /// Those that are missing, sorted. What Resource Manager does not know as a permission of projects is not told.
  func missing(_ permissions: Set<String>) async throws(ProviderError) -> [String] {
    let sorted = permissions.sorted()
    var found: [String] = []
    for start in stride(from: 0, to: sorted.count, by: Self.batchSize) {
      found += try await missing(sorted[start..<min(start + Self.batchSize, sorted.count)])
    }
    return found
  }

  /// A request with a permission that cannot be granted on a project is refused whole, so halves are asked then.
  private func missing(_ batch: ArraySlice<String>) async throws(ProviderError) -> [String] {
    guard let first = batch.first else { return [] }
    let call = GCPCall(
      .resourceManager, "projects.testIamPermissions", .read, .post, "projects/\(project):testIamPermissions",
      body: ["permissions": .list(batch.map { .string($0) })])
    let answer: GCPAnswer
    do throws(ProviderError) { answer = try await client.send(call) } catch {
      guard case .invalid = error.reason else { throw error }
      guard batch.last != first else { return [] }
      let middle = batch.startIndex + batch.count / 2
      return try await missing(batch[..<middle]) + missing(batch[middle...])
    }
    let granted = Set((answer.value["permissions"]?.elements ?? Value.null.elements).compactMap(\.string))
    return batch.filter { !granted.contains($0) }
  }
}
