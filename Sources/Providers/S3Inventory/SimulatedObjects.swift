import Inventory
import Platform
import Synchronization

/// A bucket in memory, with S3's rules and faults on demand: for tests and simulation.
package final class SimulatedObjects: ObjectStore {
  package enum Fault: Sendable, Equatable {
    /// The request never arrives, and the sender cannot know.
    case lostBefore
    /// The effect happens; the answer is lost.
    case lostAfter
    /// The service refuses.
    case denied
  }

  private struct Kept {
    var bytes: [UInt8]
    var etag: String
    var modified: Instant
  }

  private struct Planned {
    var operation: String
    var fault: Fault
    var skip: Int
    var count: Int
  }

  private struct State {
    var objects: [String: Kept] = [:]
    var writes = 0
    var requests: [String] = []
    var planned: [Planned] = []
    var heedsConditions = true
  }

  private let state = Mutex(State())
  /// The server's clock.
  private let time: any TimeSource

  package init(time: any TimeSource) { self.time = time }

  /// From now on writes happen whatever their condition, as with services that do not know it.
  package func ignoreConditions() { state.withLock { $0.heedsConditions = false } }

  /// What was asked, such as `put est-1/_/log/…`, in order.
  package var requests: [String] { state.withLock { $0.requests } }
  package var keys: [String] { state.withLock { $0.objects.keys.sorted() } }

  /// Breaks the next requests whose text contains `operation`.
  package func fail(_ operation: String, _ fault: Fault, skip: Int = 0, count: Int = 1) {
    state.withLock { $0.planned.append(Planned(operation: operation, fault: fault, skip: skip, count: count)) }
  }

  /// Breaks nothing any more.
  package func heal() { state.withLock { $0.planned = [] } }

  package func bytes(_ key: String) -> [UInt8]? { state.withLock { $0.objects[key]?.bytes } }

  /// Changes the bucket past its users; nil removes.
  package func overwrite(_ key: String, _ bytes: [UInt8]?) {
    let now = time.now
    state.withLock { state in
      state.writes += 1
      state.objects[key] = bytes.map { Kept(bytes: $0, etag: "\"\(state.writes)\"", modified: now) }
    }
  }

  package func get(_ key: String) async throws(StoreError) -> StoredObject? {
    await Task.yield()
    let now = time.now
    return try state.withLock { (state) throws(StoreError) in
      if Self.begin("get \(key)", &state) != nil { throw StoreError(.unreadable, "the connection was lost") }
      return state.objects[key].map { kept in
        let age = Duration.seconds(now.seconds - kept.modified.seconds)
        return StoredObject(bytes: kept.bytes, etag: kept.etag, age: age)
      }
    }
  }

  package func put(_ key: String, _ bytes: [UInt8], _ condition: PutCondition) async throws(StoreError) -> PutOutcome {
    await Task.yield()
    let now = time.now
    return try state.withLock { (state) throws(StoreError) in
      let fault = Self.begin("put \(key)", &state)
      switch fault {
      case .denied: throw StoreError(.unwritable, "access denied")
      case .lostBefore: return .unknown("the connection was lost")
      case .lostAfter, nil: break
      }
      let holds =
        switch condition {
        case _ where !state.heedsConditions: true
        case .absent: state.objects[key] == nil
        case .matches(let etag): state.objects[key]?.etag == etag
        }
      if holds {
        state.writes += 1
        state.objects[key] = Kept(bytes: bytes, etag: "\"\(state.writes)\"", modified: now)
      }
      if fault == .lostAfter { return .unknown("the connection was lost") }
      return holds ? .done("\"\(state.writes)\"") : .refused
    }
  }

  package func list(_ prefix: String, after: String) async throws(StoreError) -> ObjectListing {
    await Task.yield()
    let now = time.now
    return try state.withLock { (state) throws(StoreError) in
      if Self.begin("list \(prefix)", &state) != nil { throw StoreError(.unreadable, "the connection was lost") }
      let keys = state.objects.filter { $0.key.hasPrefix(prefix) && $0.key > after }.sorted { $0.key < $1.key }
      let items = keys.map { ObjectListing.Item(key: $0.key, modified: $0.value.modified) }
      return ObjectListing(items: items, date: Instant(seconds: now.seconds))
    }
  }

  package func delete(_ keys: [String]) async throws(StoreError) {
    await Task.yield()
    try state.withLock { (state) throws(StoreError) in
      if Self.begin("delete", &state) != nil { throw StoreError(.unwritable, "access denied") }
      for key in keys { state.objects[key] = nil }
    }
  }

  private static func begin(_ request: String, _ state: inout State) -> Fault? {
    state.requests.append(request)
    guard let index = state.planned.firstIndex(where: { request.contains($0.operation) && $0.count > 0 }) else {
      return nil
    }
    guard state.planned[index].skip == 0 else {
      state.planned[index].skip -= 1
      return nil
    }
    state.planned[index].count -= 1
    return state.planned[index].fault
  }
}
