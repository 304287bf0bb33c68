import Glibc
import SQLite
import TestSupport
import Testing

@Suite("SQLite connections")
struct ConnectionTests {
  private func memory() throws -> Connection {
    let connection = try Connection(.memory)
    try connection.executeScript(
      "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT UNIQUE, data BLOB, size REAL)")
    return connection
  }

  @Test("integers, doubles, texts, bytes and null come back as they were bound, empty ones too")
  func types() throws {
    let connection = try memory()
    let insert = "INSERT INTO item (id, name, data, size) VALUES (?, ?, ?, ?)"
    try connection.execute(insert, [.int(Int64.min), "h\u{0}ä", .bytes([0, 255, 7]), .double(0.1)])
    try connection.execute(insert, [2, "", .bytes([]), nil])
    try connection.execute(insert, [3, nil, nil, .double(-2.5)])
    let rows = try connection.query("SELECT id, name, data, size FROM item ORDER BY id") { row in
      let name = row.optionalText(1) ?? "NULL"
      let data = row.isNull(2) ? "NULL" : "\(row.bytes(2))"
      return "\(row.int(0)) \(Array(name.utf8)) \(data) \(row.isNull(3) ? "NULL" : "\(row.double(3))")"
    }
    #expect(
      rows == [
        "\(Int64.min) [104, 0, 195, 164] [0, 255, 7] 0.1",
        "2 [] [] NULL",
        "3 \(Array("NULL".utf8)) NULL -2.5",
      ])
  }

  @Test("a violated uniqueness says so, with the statement and without its arguments")
  func uniqueness() throws {
    let connection = try memory()
    let insert = "INSERT INTO item (name) VALUES (?)"
    try connection.execute(insert, ["hunter2"])
    let error = #expect(throws: SQLiteError.self) { try connection.execute(insert, ["hunter2"]) }
    #expect(error?.reason == .unique)
    #expect(error?.sql == insert)
    #expect(error.map { "\($0)".contains("hunter2") } == false)
    #expect("\(Argument.text("hunter2"))".contains("hunter2") == false)
  }

  @Test("the wrong number of arguments is refused, as is a second statement")
  func arguments() throws {
    let connection = try memory()
    #expect(throws: SQLiteError.self) { try connection.execute("SELECT ?", []) }
    #expect(throws: SQLiteError.self) { try connection.execute("SELECT 1; SELECT 2") }
    #expect(throws: SQLiteError.self) { try connection.execute("SELECT nothing FROM nowhere") }
  }

  @Test("a statement can run again inside its own rows")
  func nested() throws {
    let connection = try memory()
    for name in ["a", "b"] { try connection.execute("INSERT INTO item (name) VALUES (?)", [.text(name)]) }
    var pairs: [String] = []
    let select = "SELECT name FROM item ORDER BY name"
    try connection.prepare(select).forEach { (outer) throws(SQLiteError) in
      let first = outer.text(0)
      pairs += try connection.query(select) { inner in first + inner.text(0) }
    }
    #expect(pairs == ["aa", "ab", "ba", "bb"])
  }

  @Test("a failed transaction leaves nothing, and the next one works")
  func rollback() throws {
    let connection = try memory()
    #expect(throws: SQLiteError.self) {
      try connection.transaction { () throws(SQLiteError) in
        try connection.execute("INSERT INTO item (name) VALUES ('a')")
        try connection.execute("INSERT INTO item (name) VALUES ('a')")
      }
    }
    #expect(!connection.isInTransaction)
    #expect(try connection.query("SELECT 1 FROM item") { _ in 1 } == [])
    try connection.transaction { () throws(SQLiteError) in
      try connection.execute("INSERT INTO item (name) VALUES ('a')")
    }
    #expect(try connection.query("SELECT name FROM item") { $0.text(0) } == ["a"])
  }

  @Test("foreign keys are enforced")
  func foreignKeys() throws {
    let connection = try memory()
    try connection.executeScript("CREATE TABLE part (item INTEGER REFERENCES item(id))")
    let error = #expect(throws: SQLiteError.self) { try connection.execute("INSERT INTO part VALUES (9)") }
    #expect(error?.reason == .constraint)
  }
}
