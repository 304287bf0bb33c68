import Resources

/// Questions that are answered from the entries of a journal alone.
package enum JournalQuery {
  /// Entries that concern an address, the addresses it moved from included, oldest first.
  package static func history(of address: Address, in entries: [JournalEntry]) -> [JournalEntry] {
    var names: Set = [address]
    for entry in entries.reversed() {
      guard case .intent(let intent) = entry.event, names.contains(intent.address), let previous = intent.previous
      else { continue }
      names.insert(previous)
    }
    var operations: Set<OperationID> = []
    return entries.filter { entry in
      switch entry.event {
      case .intent(let intent):
        guard names.contains(intent.address) || intent.previous.map(names.contains) == true else { return false }
        operations.insert(intent.id)
        return true
      case .succeeded(let id), .failed(let id, _), .resolved(let id, _): return operations.contains(id)
      case .waived(_, let addresses, _, _): return addresses.contains(where: names.contains)
      case .began, .ended, .lockBroken: return false
      }
    }
  }

  /// Steps of a plan that have succeeded, or were found done afterwards.
  package static func stepsDone(of plan: PlanID, in entries: [JournalEntry]) -> [Int] {
    var steps: [OperationID: Int] = [:]
    var done: Set<Int> = []
    for entry in entries {
      switch entry.event {
      case .intent(let intent): if intent.plan == plan { steps[intent.id] = intent.step }
      case .succeeded(let id), .resolved(let id, .done): if let step = steps[id] { done.insert(step) }
      case .began, .failed, .resolved, .waived, .lockBroken, .ended: break
      }
    }
    return done.sorted()
  }
}

extension StoreError {
  package static func locked(by holder: LockHolder?) -> StoreError {
    let who = holder.map { "`\($0.name)` (process \($0.process), `\($0.command)`) since \($0.since)" }
    return StoreError(.locked(holder), "the inventory is locked" + (who.map { " by \($0)" } ?? ""))
  }

  package static let lost = StoreError(.fenced, "the lock on the inventory was lost: another run has taken it")
}
