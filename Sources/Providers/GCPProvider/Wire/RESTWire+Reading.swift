import GCPClient
import ProviderKit
import Resources
import Schemas
import Values

extension RESTWire: GCPWire {
  func list(
    _ session: GCPSession, _ type: ResourceType, _ filter: ListFilter, after: PageToken?
  ) async throws(ProviderError) -> ObservedPage {
    let place = Self.place(after)
    guard place.index < lists.count else { return ObservedPage(items: []) }
    let (raws, next) = try await page(lists[place.index], session, type, after: place.token)
    let items = raws.compactMap { snapshot($0, session, type)?.observed }
    if let next { return ObservedPage(items: items, next: PageToken("\(place.index) \(next)")) }
    let isLast = place.index + 1 == lists.count
    return ObservedPage(items: items, next: isLast ? nil : PageToken("\(place.index + 1)"))
  }

  /// The list, by its number, and the API's own token within it.
  private static func place(_ after: PageToken?) -> (index: Int, token: String?) {
    guard let words = after?.text.split(separator: " ", maxSplits: 1) else { return (0, nil) }
    return (words.first.flatMap { Int($0) } ?? 0, words.count > 1 ? String(words[1]) : nil)
  }

  /// One page of a list; nothing where it is one of a region and the target names none.
  private func page(
    _ place: ListPlace, _ session: GCPSession, _ type: ResourceType, after: String?
  ) async throws(ProviderError) -> (raws: [Value], next: String?) {
    if let parent = place.parent { return try await pageBelow(parent(), place, session, type, after: after) }
    guard let path = session.path(place.path) else { return ([], nil) }
    return try await page(place, at: path, session, type, after: after)
  }

  private func page(
    _ place: ListPlace, at path: String, _ session: GCPSession, _ type: ResourceType, after: String?
  ) async throws(ProviderError) -> (raws: [Value], next: String?) {
    var query = place.query.map { ($0.name, session.path($0.value) ?? $0.value) } + selection(type, place)
    if let size = place.size { query.append((size.name, String(size.most))) }
    if let after { query.append(("pageToken", after)) }
    let answer = try await session.send(.get(service, "\(collection).\(place.verb)", path, query: query))
    let next = answer["nextPageToken"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    guard place.isAggregated else { return (Array((answer[place.items] ?? .null).elements), next) }
    // What is global has a type and a list of its own.
    let raws = (answer["items"] ?? .null).entries.filter { $0.key != "global" }
      .flatMap { Array(($0.value[place.items] ?? .null).elements) }
    return (raws, next)
  }

  /// A page of parents with all that lies below them.
  private func pageBelow(
    _ parent: GCPType, _ place: ListPlace, _ session: GCPSession, _ type: ResourceType, after: String?
  ) async throws(ProviderError) -> (raws: [Value], next: String?) {
    let parents = try await parent.wire.list(session, parent.type, .all, after: after.map { PageToken($0) })
    let raws = try await concurrently(parents.items) { one throws(ProviderError) in
      var found: [Value] = []
      var next: String?
      repeat {
        let (raws, more): ([Value], String?)
        do throws(ProviderError) {
          (raws, more) = try await page(place, at: "\(one.remote)/\(place.path)", session, type, after: next)
        } catch {
          // It went away between the two lists.
          if error.reason == .notFound { return found }
          throw error
        }
        found += raws
        next = more
      } while next != nil
      return found
    }
    return (raws.flatMap { $0 }, parents.next?.text)
  }

  /// Beyond this many ids, lists cost less than single reads.
  private static let singleReads = 8

  func read(
    _ session: GCPSession, _ type: ResourceType, _ ids: [RemoteID]
  ) async throws(ProviderError) -> [Observed] {
    var found: [Observed] = []
    var rest = ids
    if ids.count > Self.singleReads {
      let wanted = Set(ids)
      found = try await all(session, type).filter { wanted.contains($0.remote) }
      let listed = Set(found.map(\.remote))
      rest = ids.filter { !listed.contains($0) }
    }
    return found
      + (try await concurrently(rest) { id throws(ProviderError) in
        try await one(id.text, session, type)?.observed
      }).compactMap { $0 }
  }

  /// The object as it is now; nil where there is none.
  func one(
    _ id: String, _ session: GCPSession, _ type: ResourceType, for purpose: Purpose = .observation
  ) async throws(ProviderError) -> Snapshot? {
    guard !id.isEmpty else { return nil }
    let call = GCPCall.get(service, "\(collection).get", path(id), query: selection(type, purpose))
    do throws(ProviderError) {
      return snapshot(try await session.send(call), session, type)
    } catch {
      if error.reason == .notFound { return nil }
      throw error
    }
  }

  /// Where an object is asked for: its id, below `b/` for buckets.
  func path(_ id: String) -> String { service == .storage ? "b/\(id)" : id }

  func find(
    _ session: GCPSession, _ type: ResourceType, _ evidence: [Evidence]
  ) async throws(ProviderError) -> [[Observed]] {
    var found: [Observed] = []
    let keys = type.lifespan == .own ? evidence.compactMap(\.asNaturalKey).filter { type.holdsNaturalKey($0) } : []
    let ids = keys.compactMap { naturalID($0, session, type) }
    if evidence.contains(where: { $0.asMarker != nil }) || ids.count < keys.count {
      found = try await all(session, type)
    }
    let listed = Set(found.map(\.remote))
    found += try await read(session, type, Set(ids.map { RemoteID($0) }).subtracting(listed).sorted())
    let tokens = evidence.compactMap(\.asToken)
    var made: [OperationToken: [Observed]] = [:]
    for token in tokens { made[token] = try await self.made(by: token, session, type) }
    return evidence.map { one in
      if let token = one.asToken { return made[token] ?? [] }
      if type.lifespan != .own, one.asNaturalKey != nil { return [] }
      return found.filter { one.fits($0, type) }
    }
  }

  /// The id that an object with these fields has; nil where the service gives ids.
  func naturalID(_ fields: Value, _ session: GCPSession, _ type: ResourceType) -> String? {
    if let field = type.identity.idField { return fields[field]?.string }
    return type.identity.idPath.map { IdentityPath($0).text(fields, account: session.project) }
  }

  /// What a create with this token made. Operations of Compute Engine are kept for a while with the request's id.
  private func made(
    by token: OperationToken, _ session: GCPSession, _ type: ResourceType
  ) async throws(ProviderError) -> [Observed] {
    guard operations == .compute else { return [] }
    let filter = "clientOperationId = \"\(token.requestID)\""
    var links: [String] = []
    var next: String?
    repeat {
      let answer = try await session.send(
        .get(
          .compute, "globalOperations.aggregatedList", "projects/\(session.project)/aggregated/operations",
          query: [("filter", filter), ("fields", "items/*/operations/targetLink,nextPageToken")]
            + (next.map { [("pageToken", $0)] } ?? [])))
      for scope in (answer["items"] ?? .null).entries {
        links += (scope.value["operations"] ?? .null).elements.compactMap { $0["targetLink"]?.string }
      }
      next = answer["nextPageToken"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    } while next != nil
    let ids = Set(links.map { RemoteID(Self.path(ofLink: $0)) }).sorted()
    return try await read(session, type, ids)
  }
}
