import Platform
import ProviderKit
import Resources
import SQLite
import Values

extension SandboxEngine {
  func list(
    _ scene: Scene, _ filter: ListFilter, after: PageToken?, count: Int
  ) throws(ProviderError) -> ObservedPage {
    guard let start = Int64(after?.text ?? "0") else {
      throw ProviderError(
        .invalid("nextToken", "the page token is not one of this service"), .list, scene.type.name)
    }
    let (now, visible) = (time.now, visibleUntil)
    var found = try reading { (store) throws(SQLiteError) in
      let place = try store.place(scene.type, scene.identity)
      return try store.list(place, filter.scope, after: start, count: count + 1, visible: visible, now: now)
    }
    guard found.count > count else { return ObservedPage(items: found.map { $0.observed(scene.type.name) }) }
    found.removeLast()
    let next = found.last.map { PageToken("\($0.id)") }
    return ObservedPage(items: found.map { $0.observed(scene.type.name) }, next: next)
  }

  func read(_ scene: Scene, _ ids: [RemoteID]) throws(ProviderError) -> [Observed] {
    let now = time.now
    return try reading { (store) throws(SQLiteError) in
      try store.read(try store.place(scene.type, scene.identity), ids, now: now)
    }.map { $0.observed(scene.type.name) }
  }

  func find(_ scene: Scene, _ evidence: [Evidence]) throws(ProviderError) -> [[Observed]] {
    try reading { (store) throws(SQLiteError) in
      let place = try store.place(scene.type, scene.identity)
      var answers: [[Observed]] = []
      for piece in evidence {
        answers.append(try find(scene, piece, place, store).map { $0.observed(scene.type.name) })
      }
      return answers
    }
  }

  private func find(
    _ scene: Scene, _ evidence: Evidence, _ place: Place, _ store: ObjectStore
  ) throws(SQLiteError) -> [StoredObject] {
    switch evidence {
    case .marker(let marker):
      return try store.find(place, marker, visible: visibleUntil, now: time.now)
    case .token(let token):
      guard scene.type.recovery == .token else { return [] }
      return try store.find(place, token: token.text, now: time.now).map { [$0] } ?? []
    case .naturalKey(let fields):
      guard let key = NaturalKey.text(fields, scene.type, scene.identity) else { return [] }
      // A lookup of an id is no list, so it is never stale.
      let isByID = scene.type.identity.idField.map { scene.type.identity.naturalKey == [$0] } ?? false
      return try store.find(
        place, naturalKey: key, visible: isByID ? .init(nanoseconds: .max) : visibleUntil, now: time.now)
    }
  }
}
