import Inventory
import Platform
import Resources
import TestSupport
import Testing

@Suite struct StoreConformanceTests {
  @Test("an inventory in memory passes the battery", arguments: StoreBattery.checks)
  func inMemory(_ check: StoreBattery.Check) async throws {
    let store = InMemoryStore()
    try await check.run { store }
  }

  @Test("an inventory in SQLite passes the battery", arguments: StoreBattery.checks)
  func sqlite(_ check: StoreBattery.Check) async throws {
    let folder = TemporaryDirectory()
    try await check.run {
      SQLiteStore(folder: folder.file(".plumb"), scope: ScopeID(estate: "est-1", environment: "prod"))
    }
    try await SQLiteStore(folder: folder.file(".plumb"), scope: ScopeID(estate: "est-1", environment: "prod")).verify()
  }
}
