import AWSClient
import ProviderKit
import Resources
import Schemas
import Values

extension EC2Wire {
  func list(
    _ session: AWSSession, _ type: ResourceType, _ filter: ListFilter, after: PageToken?
  ) async throws(ProviderError) -> ObservedPage {
    let filters = filter.scope.map { [EC2Filter(name: "tag:" + Marker.scopeKey, values: [$0.description])] } ?? []
    let apart = type.schema.fields.filter { $0.marks.contains(.apart) && filter.wants($0.name) }.map(\.name)
    let (snapshots, next) = try await page(session, type, filters, apart, after: after?.text)
    return ObservedPage(items: snapshots.map(\.observed), next: next.map { PageToken($0) })
  }

  /// By filters and not by id parameters: one missing id would fail the whole call.
  func read(
    _ session: AWSSession, _ type: ResourceType, _ ids: [RemoteID]
  ) async throws(ProviderError) -> [Observed] {
    var found: [Observed] = []
    for batch in ids.map(\.text).chunked(EC2Filter.batch) {
      let filter = EC2Filter(name: describe.idFilter, values: batch)
      found += try await all(session, type, [filter]).map(\.observed)
    }
    return found
  }

  func find(
    _ session: AWSSession, _ type: ResourceType, _ evidence: [Evidence]
  ) async throws(ProviderError) -> [[Observed]] {
    var found: [Observed] = []
    for batch in evidence.compactMap(\.asMarker).chunked(EC2Filter.batch) {
      let scopes = Array(Set(batch.map(\.scope.description))).sorted()
      found += try await all(
        session, type,
        [
          EC2Filter(name: "tag:" + Marker.scopeKey, values: scopes),
          EC2Filter(name: "tag:" + Marker.addressKey, values: batch.map(\.addressText)),
        ]
      ).map(\.observed)
    }
    for batch in evidence.compactMap(\.asNaturalKey).chunked(EC2Filter.batch)
    where !type.identity.naturalKey.isEmpty {
      let filters = type.identity.naturalKey.compactMap { name in
        describe.filters[name].map { filter in
          EC2Filter(name: filter, values: Set(batch.compactMap { $0[name]?.scalarText }).sorted())
        }
      }
      found += try await all(session, type, filters).map(\.observed)
    }
    return evidence.map { one in
      var ids: Set<RemoteID> = []
      return found.filter {
        one.fits($0, type) && ids.insert($0.remote).inserted
      }
    }
  }

  /// The object as it is now; nil where it is gone.
  func snapshot(
    _ session: AWSSession, _ type: ResourceType, _ id: String
  ) async throws(ProviderError) -> Snapshot? {
    try await all(session, type, [EC2Filter(name: describe.idFilter, values: [id])]).first
  }

  private func all(
    _ session: AWSSession, _ type: ResourceType, _ filters: [EC2Filter]
  ) async throws(ProviderError) -> [Snapshot] {
    let apart = type.schema.fields.filter { $0.marks.contains(.apart) }.map(\.name)
    var found: [Snapshot] = []
    var next: String?
    repeat {
      let page: [Snapshot]
      (page, next) = try await self.page(session, type, filters, apart, after: next)
      found += page
    } while next != nil
    return found
  }

  /// One page, without objects that are on their way out.
  private func page(
    _ session: AWSSession, _ type: ResourceType, _ filters: [EC2Filter], _ apart: [String], after: String?
  ) async throws(ProviderError) -> (snapshots: [Snapshot], next: String?) {
    let answer = try await describe(session, filters, after: after)
    let raws = answer.value.items(describe.list).filter { raw in
      lifeCycle.state.flatMap { raw.text($0) }.map { !lifeCycle.gone.contains($0.lowercased()) } ?? true
    }
    let snapshots = try await concurrently(raws) { raw throws(ProviderError) in
      try await snapshot(raw, session, type, apart)
    }
    return (snapshots.compactMap { $0 }, answer.value.text("nextToken"))
  }

  func describe(
    _ session: AWSSession, _ filters: [EC2Filter], after: String? = nil
  ) async throws(ProviderError) -> AWSAnswer {
    var parameters: [(String, Value)] = []
    if !filters.isEmpty { parameters.append((describe.filterParameter, .list(filters.map(\.parameter)))) }
    if let size = describe.pageSize { parameters.append(("MaxResults", .int(size))) }
    if let after { parameters.append(("NextToken", .string(after))) }
    return try await session.send(.ec2(describe.operation, .read, parameters))
  }

  /// nil where the object went away between the list and the reads that complete it.
  private func snapshot(
    _ raw: Value, _ session: AWSSession, _ type: ResourceType, _ apart: [String]
  ) async throws(ProviderError) -> Snapshot? {
    var snapshot = decode(raw, type)
    guard let complete, !apart.isEmpty else { return snapshot }
    do throws(ProviderError) {
      let extra = try await complete(session, snapshot.id, apart)
      snapshot.observed.fields = .map(snapshot.fields.entries.map { ($0.key, $0.value) } + extra)
    } catch {
      switch error.reason {
      case .notFound: return nil
      case .denied:
        snapshot.observed.unreadable = apart
      case .throttled, .transient, .conflict, .invalid, .quota, .unsupported, .cancelled, .other: throw error
      }
    }
    return snapshot
  }

  /// One object, without what further reads would add.
  func decode(_ raw: Value, _ type: ResourceType) -> Snapshot {
    var fields = decoder.fields(raw, type.schema)
    refine(raw, &fields)
    let tagging = Tagging(raw.items("tagSet"))
    fields["tags"] = tagging.fields
    let state = lifeCycle.state.flatMap { raw.text($0)?.lowercased() }
    let observed = Observed(
      type: type.name, remote: RemoteID(raw.text(describe.id) ?? ""), fields: fields.value,
      marker: tagging.marker,
      isReady: state.map { lifeCycle.ready.contains($0) } ?? true)
    return Snapshot(observed: observed, raw: raw)
  }
}
