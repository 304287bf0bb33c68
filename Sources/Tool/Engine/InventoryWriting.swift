import Cryptography
import Diagnostics
import Inventory
import Platform
import Resources

extension Engine {
  /// Records written in one commit: a store's segments stay small, and each commit is whole in itself.
  static let recordsPerCommit = 200

  /// Writes records that no step has led to, each with an intent and its success in the same commit, so that
  /// history tells of them and nothing is ever left open.
  func write(
    _ changes: [RecordChange], _ operation: String, _ key: HashKey, _ session: Session, _ request: ApplyRequest
  ) async throws(EngineFailure) {
    guard !changes.isEmpty else { return }
    let plan = PlanID("plan-" + world.random.base32ID())
    var before = Dictionary(
      try await snapshot(of: session.store).records.map { ($0.key, $0) }, uniquingKeysWith: { _, last in last })
    for start in stride(from: 0, to: changes.count, by: Self.recordsPerCommit) {
      let end = min(start + Self.recordsPerCommit, changes.count)
      var batch = Batch(changes: Array(changes[start..<end]))
      if start == 0 { batch.events.append(.began(plan, command: request.command)) }
      for index in start..<end {
        guard let intent = intent(changes[index], index, plan, operation, key, &before) else { continue }
        batch.events += [.intent(intent), .succeeded(intent.id)]
      }
      if end == changes.count { batch.events.append(.ended(.complete)) }
      do throws(StoreError) { try await session.store.commit(batch, session.lease) } catch {
        throw EngineFailure(error)
      }
    }
  }

  private func intent(
    _ change: RecordChange, _ step: Int, _ plan: PlanID, _ operation: String, _ key: HashKey,
    _ before: inout [RecordKey: Recorded]
  ) -> Intent? {
    let record: Recorded, planned: Recorded?
    switch change {
    case .put(let new): (record, planned) = (new, new)
    case .remove(let key):
      guard let old = before.removeValue(forKey: key) else { return nil }
      (record, planned) = (old, nil)
    }
    return Intent(
      id: OperationID("\(plan)-\(step)"), plan: plan, step: step, address: record.address,
      incarnation: record.incarnation, operation: planned == nil ? "forget" : operation, type: record.type,
      target: record.target, remote: record.remote, token: OperationToken(world.random.hexID()),
      input: KeyedHash(SensitiveHash.hash(record.owned, key: key)), time: world.time.now, planned: planned)
  }
}
