import Platform
import Resources

/// Checks with more than one writer at a time.
extension StoreBattery {
  static func race(_ open: Open) async throws {
    for round in 0..<5 {
      let leases = try await withThrowingTaskGroup(of: (any InventoryStore, Lease)?.self) { group in
        for name in ["ana", "bob"] {
          let store = try await open()
          group.addTask {
            do {
              return (store, try await store.lock(holder(name, run: "\(name)-\(round)"), timeout: .zero))
            } catch let error as StoreError {
              if case .locked = error.reason { return nil }
              throw error
            }
          }
        }
        var leases: [(store: any InventoryStore, lease: Lease)] = []
        for try await taken in group { if let taken { leases.append(taken) } }
        return leases
      }
      try expect(leases.count == 1, "\(leases.count) of two have the lock")
      for (store, lease) in leases {
        try await store.commit(Batch(changes: [.put(record("round-\(round)"))]), lease)
        try await store.unlock(lease)
      }
    }
    try expect(try await open().load().records.count == 5, "a round is missing")
  }

  static func turns(_ open: Open) async throws {
    let writers = 6
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<writers {
        let store = try await open()
        group.addTask {
          let lease = try await store.lock(holder("writer", run: "r\(number)"), timeout: .seconds(300))
          try await store.commit(Batch(events: [.began(PlanID("p\(number)"), command: "apply")]), lease)
          try await store.commit(Batch(events: [.ended(.complete)], changes: [.put(record("n\(number)"))]), lease)
          try await store.unlock(lease)
        }
      }
      try await group.waitForAll()
    }
    let snapshot = try await open().load()
    try expect(snapshot.records.count == writers && snapshot.plans.count == writers, "a writer's work is missing")
    try expect(snapshot.nextSequence == UInt64(writers) * 2 + 1, "journal entries are missing")
  }

  static func sideBySide(_ open: Open) async throws {
    let store = try await open()
    let lease = try await store.lock(holder("ana", run: "r1"), timeout: .zero)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<8 {
        group.addTask { try await store.commit(Batch(changes: [.put(record("n\(number)"))]), lease) }
      }
      try await group.waitForAll()
    }
    try await store.renew(lease)
    try await store.unlock(lease)
    let snapshot = try await open().load()
    try expect(snapshot.records.count == 8 && snapshot.serial == 8, "a batch is missing")
  }
}
