import Glibc
import SQLite
import TestSupport
import Testing

@Suite("SQLite files")
struct FileTests {
  private let folder = TemporaryDirectory()

  private func mode(_ name: String) -> mode_t? {
    var facts = stat()
    return stat(folder.file(name), &facts) == 0 ? facts.st_mode & 0o777 : nil
  }

  @Test("the file and its journals have mode 0600, also where the file was wider")
  func permissions() throws {
    let path = folder.write("", to: "wide.db")
    chmod(path, 0o644)
    let wide = try Connection(.file(path))
    let fresh = try Connection(.file(folder.file("fresh.db")))
    for connection in [wide, fresh] { try connection.executeScript("CREATE TABLE t (a)") }
    #expect(mode("wide.db") == 0o600)
    #expect(mode("fresh.db") == 0o600)
    #expect(mode("fresh.db-wal") == 0o600)
  }

  @Test("migrations run once each, also when the list has grown, and a later schema is refused")
  func migrations() throws {
    let location = Connection.Location.file(folder.file("m.db"))
    let first = ["CREATE TABLE a (x)"]
    let second = first + ["CREATE TABLE b (x); INSERT INTO b VALUES (1)"]
    try Connection(location).migrate(first)
    try Connection(location).migrate(second)
    let connection = try Connection(location)
    try connection.migrate(second)
    #expect(try connection.query("SELECT x FROM b") { $0.int(0) } == [1])
    let error = #expect(throws: SQLiteError.self) { try connection.migrate(first) }
    #expect(error?.reason == .newerSchema)
  }

  @Test("a migration that fails leaves the schema as it was")
  func failedMigration() throws {
    let connection = try Connection(.memory)
    let migrations = ["CREATE TABLE a (x)", "CREATE TABLE b (x); CREATE TABLE a (x)"]
    #expect(throws: SQLiteError.self) { try connection.migrate(migrations) }
    #expect(try connection.schemaVersion == 0)
    #expect(try connection.query("SELECT name FROM sqlite_master") { $0.text(0) } == [])
  }

  @Test("a lock held elsewhere is busy after the timeout")
  func busy() throws {
    let location = Connection.Location.file(folder.file("b.db"))
    let options = Connection.Options(synchronous: .normal, busyTimeout: .zero)
    let holder = try Connection(location, options)
    let other = try Connection(location, options)
    try holder.begin()
    let error = #expect(throws: SQLiteError.self) { try other.begin() }
    #expect(error?.reason == .busy)
    try holder.rollback()
    try other.begin()
  }

  @Test("a file that is no database is corrupt, a folder that is not there cannot be opened")
  func damaged() throws {
    let text = folder.write(String(repeating: "no database ", count: 500), to: "text.db")
    let error = #expect(throws: SQLiteError.self) { try Connection(.file(text)) }
    #expect(error?.reason == .corrupt)
    let missing = #expect(throws: SQLiteError.self) { try Connection(.file(folder.file("no/such.db"))) }
    #expect(missing?.reason == .cannotOpen)
    #expect(try Connection(.memory).integrityProblems() == [])
  }

  @Test("an overwritten page is found by the integrity check")
  func integrity() throws {
    let path = folder.file("i.db")
    var options = Connection.Options()
    options.journal = .delete
    do {
      let connection = try Connection(.file(path), options)
      try connection.executeScript("CREATE TABLE t (a); CREATE INDEX i ON t (a)")
      try connection.transaction { () throws(SQLiteError) in
        for number in 0..<500 { try connection.execute("INSERT INTO t VALUES (?)", [.int(number)]) }
      }
    }
    let file = try #require(fopen(path, "r+e"))
    fseek(file, 2 * 4096, SEEK_SET)
    fwrite([UInt8](repeating: 0xA5, count: 4096), 1, 4096, file)
    fclose(file)
    let connection = try Connection(.file(path), options)
    #expect(try connection.integrityProblems() != [])
  }
}
