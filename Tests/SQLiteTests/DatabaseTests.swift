import Platform
import SQLite
import TestSupport
import Testing

@Suite("SQLite on its own thread")
struct DatabaseTests {
  @Test("many tasks write through one database and nothing is lost")
  func concurrent() async throws {
    let folder = TemporaryDirectory()
    let location = Connection.Location.file(folder.file("c.db"))
    let database = try await Database.open(
      location, .init(synchronous: .off), migrations: ["CREATE TABLE n (x INTEGER PRIMARY KEY)"])
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<200 {
        group.addTask {
          try await database.perform { (connection) throws(SQLiteError) in
            try connection.execute("INSERT INTO n VALUES (?)", [.int(number)])
          }
        }
      }
      try await group.waitForAll()
    }
    let sum = try await database.perform { (connection) throws(SQLiteError) in
      try connection.first("SELECT sum(x) FROM n") { $0.int(0) }
    }
    #expect(sum == 19_900)
  }

  @Test("a closed database refuses work")
  func closed() async throws {
    let database = try await Database.open(.memory)
    await database.close()
    await #expect(throws: SQLiteError.self) {
      try await database.perform { (connection) throws(SQLiteError) in try connection.execute("SELECT 1") }
    }
  }
}
