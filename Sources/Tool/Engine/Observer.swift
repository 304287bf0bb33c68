import Planning
import ProviderKit
import Resources
import Values

/// Asks the providers what stands there, by bulk lists, and matches the answers to addresses. Holds only readers.
struct Observer: Sendable {
  /// Lists in flight at once; each is one page after the other.
  static let width = 12
  /// Pages of one list; a provider that never ends is a bug to report, not to follow.
  static let maximumPages = 100_000
  /// Ids per batched read.
  static let batch = 200

  let scope: ScopeID
  let catalog: TypeCatalog
  let readers: [TargetName: any ResourceReader]

  /// All that one list has to answer.
  struct Group: Sendable {
    var target: TargetName
    var type: TypeName
    var records: [Recorded] = []
    /// Addresses that are desired and have no record.
    var unrecorded: Set<Address> = []
    /// Which of the fields that cost requests of their own are looked at; nil for all.
    var apart: ApartFields?
    /// The namespaces in which objects of ours are known to be, or are wanted.
    var namespaces: Set<String> = []
  }

  /// What became of one group.
  struct Answer: Sendable {
    var recorded: [(RecordKey, Observation.State)] = []
    var marked: [(Address, Observed)] = []
    /// Objects with our marker that nobody records or desires.
    var strays: [Observed] = []
    var unreadable: String?
  }

  func observe(_ groups: [Group]) async -> (observation: Observation, strays: [Observed]) {
    var observation = Observation()
    var strays: [Observed] = []
    observation.recorded.reserveCapacity(groups.reduce(0) { $0 + $1.records.count })
    for (group, answer) in zip(groups, await mapConcurrently(groups, width: Self.width) { await answer($0) }) {
      for (key, state) in answer.recorded { observation.recorded[key] = state }
      for (address, object) in answer.marked { observation.marked[address, default: []].append(object) }
      strays += answer.strays
      if let why = answer.unreadable { observation.unreadable["\(group.type) in \(group.target)"] = why }
    }
    guard !strays.isEmpty else { return (observation, []) }
    // What an account has is listed by each of its targets, and recorded in one.
    let known = Set(groups.flatMap(\.records).map { "\($0.type) \($0.remote)" })
    return (observation, strays.filter { !known.contains("\($0.type) \($0.remote)") })
  }

  private func answer(_ group: Group) async -> Answer {
    guard let reader = readers[group.target] else { return unreadable(group, "its target has no reader") }
    do throws(ProviderError) {
      return try await match(group, try await list(group, reader, filter(group)), reader)
    } catch {
      return unreadable(group, error.message)
    }
  }

  private func filter(_ group: Group) -> ListFilter {
    var filter = ListFilter.scope(scope)
    filter.namespaces = group.namespaces
    return group.apart.map { filter.reading(apart: $0.wanted) } ?? filter
  }

  private func unreadable(_ group: Group, _ why: String) -> Answer {
    Answer(recorded: group.records.map { ($0.key, .unreadable(why)) }, unreadable: why)
  }

  /// All objects of a type, whoever made them; each type apart, so that one that fails is only missing itself.
  func scan(_ types: [(TargetName, TypeName)]) async -> [TypeScan] {
    await list(types, .all)
  }

  /// All objects of a type that carry the scope's marker.
  func survey(_ types: [(TargetName, TypeName)]) async -> [TypeScan] {
    await list(types, .scope(scope))
  }

  private func list(_ types: [(TargetName, TypeName)], _ filter: ListFilter) async -> [TypeScan] {
    await mapConcurrently(types, width: Self.width) { target, type in
      var scan = TypeScan(target: target, type: type, objects: [])
      guard let reader = readers[target] else {
        scan.unreadable = "its target has no reader"
        return scan
      }
      do throws(ProviderError) {
        scan.objects = try await list(Group(target: target, type: type), reader, filter)
      } catch {
        scan.unreadable = error.message
      }
      return scan
    }
  }

  private func list(
    _ group: Group, _ reader: any ResourceReader, _ filter: ListFilter
  ) async throws(ProviderError) -> [Observed] {
    var items: [Observed] = []
    var next: PageToken?
    for _ in 0..<Self.maximumPages {
      let page = try await reader.list(group.type, filter, after: next)
      items += page.items
      guard let token = page.next else { return items }
      next = token
    }
    throw ProviderError(
      .other, effect: .none, "the list of \(group.type) does not end after \(Self.maximumPages) pages")
  }

  /// Missing from the list is not gone: only a read by id says so.
  private func match(_ group: Group, _ items: [Observed], _ reader: any ResourceReader) async throws(ProviderError)
    -> Answer
  {
    var answer = Answer()
    var positions: [RemoteID: Int] = Dictionary(minimumCapacity: items.count)
    var isSettled = Array(repeating: false, count: items.count)
    for (position, item) in items.enumerated() {
      // An object that moved from one page to the next is listed twice.
      if let earlier = positions.updateValue(position, forKey: item.remote) { isSettled[earlier] = true }
    }
    var missing: [Recorded] = []
    answer.recorded.reserveCapacity(group.records.count)
    for record in group.records {
      if let position = positions[record.remote] {
        isSettled[position] = true
        answer.recorded.append((record.key, .present(items[position])))
      } else {
        missing.append(record)
      }
    }
    for start in stride(from: 0, to: missing.count, by: Self.batch) {
      let batch = missing[start..<min(start + Self.batch, missing.count)]
      let found = try await reader.read(group.type, batch.map(\.remote))
      for record in batch {
        let object = found.last { $0.remote == record.remote }
        answer.recorded.append((record.key, object.map { .present($0) } ?? .gone))
      }
    }
    for (position, item) in items.enumerated() where !isSettled[position] {
      guard let marker = item.marker, marker.scope == scope else { continue }
      if group.unrecorded.contains(marker.address) {
        answer.marked.append((marker.address, item))
      } else {
        answer.strays.append(item)
      }
    }
    return answer
  }
}

extension Observer {
  /// Who holds the names that the plan wants to give, or the objects it is to adopt.
  func holders(_ questions: [HolderQuestion]) async throws(ProviderError) -> [Address: [Observed]] {
    var holders: [Address: [Observed]] = [:]
    let groups = Dictionary(grouping: questions) { "\($0.target) \($0.type)" }.sorted { $0.key < $1.key }.map(\.value)
    let answers = await mapConcurrently(groups, width: Self.width) { group in await ask(group) }
    for answer in answers { holders.merge(try answer.get()) { $0 + $1 } }
    return holders
  }

  /// The questions of one target and type, in as few requests as the provider can.
  private func ask(_ group: [HolderQuestion]) async -> Result<[Address: [Observed]], ProviderError> {
    guard let first = group.first, let reader = readers[first.target] else { return .success([:]) }
    do throws(ProviderError) {
      var holders: [Address: [Observed]] = [:]
      let ids = group.compactMap { question in
        if case .id(let id) = question.evidence { (question.address, id) } else { nil }
      }
      let found = ids.isEmpty ? [] : try await reader.read(first.type, ids.map(\.1))
      for (address, id) in ids { holders[address] = found.filter { $0.remote == id } }
      let keys = group.compactMap { question in
        if case .naturalKey(let fields) = question.evidence { (question.address, fields) } else { nil }
      }
      let answers = keys.isEmpty ? [] : try await reader.find(first.type, keys.map { .naturalKey($0.1) })
      for ((address, _), objects) in zip(keys, answers) where !objects.isEmpty { holders[address] = objects }
      return .success(holders)
    } catch {
      return .failure(error)
    }
  }
}

/// Applies `body` to all items, at most `width` at once, and returns the results in the items' order.
func mapConcurrently<Item: Sendable, Output: Sendable>(
  _ items: [Item], width: Int, _ body: @escaping @Sendable (Item) async -> Output
) async -> [Output] {
  var results = [Output?](repeating: nil, count: items.count)
  await withTaskGroup(of: (Int, Output).self) { group in
    var next = 0
    while next < min(width, items.count) {
      let position = next
      group.addTask { (position, await body(items[position])) }
      next += 1
    }
    while let (position, output) = await group.next() {
      results[position] = output
      guard next < items.count else { continue }
      let following = next
      group.addTask { (following, await body(items[following])) }
      next += 1
    }
  }
  return results.compactMap { $0 }
}
