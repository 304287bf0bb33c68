/// Does the work for every item, at most `width` at a time; results keep the items' order. The first error ends it.
///
/// For requests on single objects, where an API offers nothing else.
package func concurrently<Item: Sendable, Result: Sendable>(
  _ items: [Item], width: Int = 8, _ work: @escaping @Sendable (Item) async throws(ProviderError) -> Result
) async throws(ProviderError) -> [Result] {
  let outcomes = await withTaskGroup(of: (Int, Swift.Result<Result, ProviderError>).self) { group in
    var outcomes: [Int: Swift.Result<Result, ProviderError>] = [:]
    var next = 0
    while next < items.count || outcomes.count < next {
      while next < items.count, next - outcomes.count < width {
        let (index, item) = (next, items[next])
        group.addTask {
          do throws(ProviderError) { return (index, .success(try await work(item))) } catch {
            return (index, .failure(error))
          }
        }
        next += 1
      }
      guard let (index, outcome) = await group.next() else { break }
      outcomes[index] = outcome
      if case .failure = outcome { next = items.count; group.cancelAll(); break }
    }
    return outcomes
  }
  for case .failure(let error) in outcomes.values { throw error }
  var results: [Result] = []
  for index in items.indices { if let outcome = outcomes[index] { results.append(try outcome.get()) } }
  return results
}
