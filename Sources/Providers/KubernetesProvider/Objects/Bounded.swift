import ProviderKit

/// Requests for single objects, a few at a time.
enum Bounded {
  /// Does the work for every item, at most `width` at once; results keep the items' order. The first error ends it.
  static func map<Item: Sendable, Result: Sendable>(
    _ items: [Item], width: Int, _ work: @escaping @Sendable (Item) async throws(ProviderError) -> Result
  ) async throws(ProviderError) -> [Result] {
    let outcomes = await withTaskGroup(of: (Int, Swift.Result<Result, ProviderError>).self) { group in
      var outcomes: [Swift.Result<Result, ProviderError>?] = Array(repeating: nil, count: items.count)
      var next = 0, running = 0
      func start(_ group: inout TaskGroup<(Int, Swift.Result<Result, ProviderError>)>) {
        let (position, item) = (next, items[next])
        group.addTask {
          do throws(ProviderError) { return (position, .success(try await work(item))) } catch {
            return (position, .failure(error))
          }
        }
        next += 1
        running += 1
      }
      while next < min(width, items.count) { start(&group) }
      while running > 0, let (position, outcome) = await group.next() {
        running -= 1
        outcomes[position] = outcome
        if case .failure = outcome {
          group.cancelAll()
          break
        }
        if next < items.count { start(&group) }
      }
      return outcomes
    }
    for case .failure(let error)? in outcomes { throw error }
    var results: [Result] = []
    results.reserveCapacity(items.count)
    for case let outcome? in outcomes { results.append(try outcome.get()) }
    return results
  }
}
