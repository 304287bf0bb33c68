import Platform
import ProviderKit
import Resources
import SQLite
import Values

/// The objects of all targets in one database. Synchronous; lives on the engine's thread.
final class ObjectStore {
  let connection: Connection
  private var names: [String: Int64] = [:]
  /// The scope met last: lists hold many objects of one.
  private var lastScope: (text: String, id: ScopeID)?

  init(_ location: Connection.Location) throws(SQLiteError) {
    // Every commit survives a killed process, which is what the sandbox promises; not a power loss, so
    // nothing waits for the disk, and the log is moved into the file rarely.
    connection = try Connection(location, .init(synchronous: .off))
    try connection.executeScript("PRAGMA wal_autocheckpoint = \(Limits.checkpointPages)")
    try connection.migrate(StoreSchema.migrations)
  }

  /// A number for a type, an account or a region.
  func number(_ text: String) throws(SQLiteError) -> Int64 {
    if let known = names[text] { return known }
    let find = "SELECT id FROM name WHERE text = ?"
    var found = try connection.first(find, [.text(text)]) { $0.int(0) }
    if found == nil {
      try connection.execute("INSERT OR IGNORE INTO name (text) VALUES (?)", [.text(text)])
      found = try connection.first(find, [.text(text)]) { $0.int(0) }
    }
    guard let found else { throw SQLiteError(reason: .corrupt, message: "a name cannot be read back") }
    names[text] = found
    return found
  }

  /// A transaction: all of `body` or nothing.
  func transaction<R>(_ body: () throws(ProviderError) -> R) throws(ProviderError) -> R {
    do throws(ProviderError) {
      return try connection.transaction(failingWith: ProviderError.self, body)
    } catch {
      // Numbers given inside it are gone with it.
      names = [:]
      throw error
    }
  }

  /// Where objects of a type are kept: the numbers of type, account and region, the last empty where regions
  /// do not matter.
  func place(_ type: ResourceType, _ identity: TargetIdentity) throws(SQLiteError) -> Place {
    let account = "\(identity.provider)/\(identity.account)"
    return Place(
      type: try number(type.name.text), account: try number(account),
      region: try number(type.isRegional ? identity.region : ""))
  }

  static let columns = "id, remote, scope, address, incarnation, protected, created, ready, fields"

  /// Runs a query over `columns`; all objects share a tape.
  func objects(
    _ condition: String, _ arguments: [Argument], expected: Int = 1, now: Instant
  ) throws(SQLiteError) -> [StoredObject] {
    var objects: [StoredObject] = []
    var builder = TapeBuilder(nodeCapacity: expected * 16, byteCapacity: expected * 256)
    var problem: JSONError?
    try connection.prepare("SELECT \(Self.columns) FROM object WHERE \(condition)").forEach(arguments) {
      (row) throws(SQLiteError) in
      problem = row.withBytes(8) { JSONReader.append($0, to: &builder) }
      guard problem == nil else {
        throw SQLiteError(reason: .corrupt, message: "the fields of an object are damaged")
      }
      objects.append(object(row, now: now))
    }
    guard !objects.isEmpty else { return [] }
    for (index, value) in builder.finishAll().enumerated() { objects[index].fields = value }
    return objects
  }

  private func object(_ row: borrowing Row, now: Instant) -> StoredObject {
    StoredObject(
      id: row.int(0), remote: RemoteID(row.text(1)), fields: .null, marker: marker(row),
      created: Instant(nanoseconds: row.int(6)), ready: Instant(nanoseconds: row.int(7)), now: now)
  }

  private func marker(_ row: borrowing Row) -> Marker? {
    guard !row.isNull(3) else { return nil }
    return Marker(
      scope: scope(row.text(2)), address: Address(row.text(3)),
      incarnation: Incarnation(clamping: row.int(4)),
      isProtected: row.bool(5))
  }

  private func scope(_ text: String) -> ScopeID {
    if let lastScope, lastScope.text == text { return lastScope.id }
    let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
    let id = ScopeID(estate: parts.first ?? "", environment: parts.count > 1 ? parts[1] : nil)
    lastScope = (text, id)
    return id
  }
}

struct Place {
  var type: Int64
  var account: Int64
  var region: Int64
}

/// One row.
struct StoredObject {
  var id: Int64
  var remote: RemoteID
  var fields: Value
  var marker: Marker?
  var created: Instant
  var ready: Instant
  var now: Instant

  func observed(_ type: TypeName) -> Observed {
    Observed(type: type, remote: remote, fields: fields, marker: marker, isReady: ready <= now)
  }
}

extension ResourceType {
  /// True where objects live in a region of an account, false where the account sees one set of them.
  var isRegional: Bool {
    switch scope {
    case .region, .zone: true
    case .global, .account, .project, .cluster, .namespace: false
    }
  }
}
