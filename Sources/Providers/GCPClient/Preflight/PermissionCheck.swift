import HTTP
import ProviderKit
import Values

/// Which permissions the credentials do not have on what grants them.
struct PermissionCheck: Sendable {
  var client: GCPClient

  /// What one request may ask for.
  private static let batchSize = 100
  /// Single objects that are asked about; where there are more, what their project says has to do.
  static let objectLimit = 20

  /// Those that are missing, sorted. What the holder does not know as a permission of its kind is not told.
  func missing(_ permissions: Set<String>, on holder: PermissionHolder) async throws(ProviderError) -> [String] {
    let sorted = permissions.sorted()
    var found: [String] = []
    for start in stride(from: 0, to: sorted.count, by: Self.batchSize) {
      found += try await missing(sorted[start..<min(start + Self.batchSize, sorted.count)], on: holder)
    }
    return found
  }

  /// A request with a permission that cannot be granted there is refused whole, so halves are asked then.
  private func missing(
    _ batch: ArraySlice<String>, on holder: PermissionHolder
  ) async throws(ProviderError) -> [String] {
    guard let first = batch.first else { return [] }
    let answer: GCPAnswer
    do throws(ProviderError) { answer = try await client.send(holder.call(batch)) } catch {
      guard case .invalid = error.reason else { throw error }
      guard batch.last != first else { return [] }
      let middle = batch.startIndex + batch.count / 2
      return try await missing(batch[..<middle], on: holder) + missing(batch[middle...], on: holder)
    }
    let granted = Set((answer.value["permissions"]?.elements ?? Value.null.elements).compactMap(\.string))
    return batch.filter { !granted.contains($0) }
  }

  /// Of what the project does not grant, that which some object does not grant either.
  func missing(
    _ permissions: [String], onObjects objects: [String: Set<String>]
  ) async throws(ProviderError) -> [String] {
    var asked: [PermissionHolder: Set<String>] = [:]
    var left = Set(permissions)
    for permission in permissions {
      let holders = (objects[permission] ?? []).map { PermissionHolder.object($0, permission) }
      guard !holders.isEmpty, holders.count <= Self.objectLimit, !holders.contains(nil) else { continue }
      left.remove(permission)
      for holder in holders.compactMap(\.self) { asked[holder, default: []].insert(permission) }
    }
    for (holder, wanted) in asked.sorted(by: { $0.key.path < $1.key.path }) {
      do throws(ProviderError) { left.formUnion(try await missing(wanted, on: holder)) } catch {
        // Whoever may not see an object is not granted anything by it.
        guard error.reason == .notFound || error.request.status == 403 else { throw error }
        left.formUnion(wanted)
      }
    }
    return left.sorted()
  }
}
