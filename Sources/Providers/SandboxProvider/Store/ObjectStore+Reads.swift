import Platform
import Resources
import SQLite
import Values

extension ObjectStore {
  /// Objects after row `after`, in the order of their creation, without those made later than `visible`.
  func list(
    _ place: Place, _ scope: ScopeID?, after: Int64, count: Int, visible: Instant, now: Instant
  ) throws(SQLiteError) -> [StoredObject] {
    var condition = "type = ? AND account = ? AND region = ? AND id > ? AND created <= ?"
    var arguments = place.arguments + [.int(after), .int(visible.nanoseconds)]
    if let scope {
      condition += " AND scope = ?"
      arguments.append(.text(scope.description))
    }
    return try objects(
      condition + " ORDER BY id LIMIT ?", arguments + [.int(count)], expected: count, now: now)
  }

  func object(_ place: Place, _ remote: RemoteID, now: Instant) throws(SQLiteError) -> StoredObject? {
    try objects(
      "type = ? AND account = ? AND remote = ?",
      [.int(place.type), .int(place.account), .text(remote.text)], now: now
    ).first
  }

  /// Those of the ids that exist.
  func read(_ place: Place, _ ids: [RemoteID], now: Instant) throws(SQLiteError) -> [StoredObject] {
    var found: [StoredObject] = []
    var rest = ids[...]
    let marks = Array(repeating: "?", count: Limits.readBatch).joined(separator: ", ")
    while let last = rest.first {
      var batch = rest.prefix(Limits.readBatch).map { Argument.text($0.text) }
      rest = rest.dropFirst(Limits.readBatch)
      // Filled up with an id that is asked for anyway, so that there is one statement.
      batch += Array(repeating: .text(last.text), count: Limits.readBatch - batch.count)
      found += try objects(
        "type = ? AND account = ? AND remote IN (\(marks))", [.int(place.type), .int(place.account)] + batch,
        expected: min(ids.count, Limits.readBatch), now: now)
    }
    return found
  }

  func find(_ place: Place, _ marker: Marker, visible: Instant, now: Instant) throws(SQLiteError)
    -> [StoredObject]
  {
    // `+type`: the address tells far more than the type does, so its index is the one to use.
    try objects(
      "address = ? AND scope = ? AND incarnation = ? AND +type = ? AND +account = ? AND +region = ?"
        + " AND created <= ? ORDER BY id",
      [.text(marker.address.text), .text(marker.scope.description), .int(Int64(marker.incarnation))]
        + place.arguments + [.int(visible.nanoseconds)], now: now)
  }

  func find(_ place: Place, token: String, now: Instant) throws(SQLiteError) -> StoredObject? {
    try objects(
      "type = ? AND account = ? AND token = ?", [.int(place.type), .int(place.account), .text(token)],
      now: now
    ).first
  }

  /// At most one: the key is unique wherever it reaches. Objects of other accounts are nobody's business.
  func find(_ place: Place, naturalKey: String, visible: Instant, now: Instant) throws(SQLiteError)
    -> [StoredObject]
  {
    try objects(
      "type = ? AND natural_key = ? AND account = ? AND created <= ?",
      [.int(place.type), .text(naturalKey), .int(place.account), .int(visible.nanoseconds)], now: now)
  }

  func exists(type: Int64, account: Int64, remote: String) throws(SQLiteError) -> Bool {
    try connection.first(
      "SELECT 1 FROM object WHERE type = ? AND account = ? AND remote = ?",
      [.int(type), .int(account), .text(remote)]
    ) { _ in true } ?? false
  }

  /// Another object that refers to this one: its type and id.
  func user(of object: StoredObject, _ place: Place) throws(SQLiteError) -> (type: String, remote: String)? {
    try connection.first(
      """
      SELECT name.text, object.remote FROM reference JOIN object ON object.id = reference.source
      JOIN name ON name.id = object.type
      WHERE reference.type = ? AND reference.account = ? AND reference.remote = ?
        AND reference.source <> ? LIMIT 1
      """,
      [.int(place.type), .int(place.account), .text(object.remote.text), .int(object.id)]
    ) { ($0.text(0), $0.text(1)) }
  }
}

extension Place {
  var arguments: [Argument] { [.int(type), .int(account), .int(region)] }
}
