import Platform
import Resources
import SQLite
import Values

/// A row to write.
struct ObjectDraft {
  var remote: RemoteID
  var naturalKey: String?
  var token: String?
  var marker: Marker?
  var created: Instant
  var ready: Instant
  var fields: Value
  var secrets: [(String, Value)]
  var references: [Reference]

  var fieldBytes: Argument { .bytes(JSONWriter(secrets: .revealed).bytes(fields)) }
  var secretBytes: Argument { secrets.isEmpty ? .null : .bytes(JSONWriter().bytes(.map(secrets))) }
}

extension ObjectStore {
  /// - Throws: `.unique` where the id, the natural key or the token is taken.
  func insert(_ draft: ObjectDraft, _ place: Place) throws(SQLiteError) -> Int64 {
    try connection.execute(
      """
      INSERT INTO object (type, account, region, remote, natural_key, token, scope, address, incarnation,
        protected, created, ready, fields, secrets) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      place.arguments + [.text(draft.remote.text), .optional(draft.naturalKey), .optional(draft.token)]
        + markerArguments(draft.marker)
        + [
          .int(draft.created.nanoseconds), .int(draft.ready.nanoseconds), draft.fieldBytes, draft.secretBytes,
        ])
    let id = connection.lastInsertedRow
    try insert(draft.references, of: id, place)
    return id
  }

  func update(_ id: Int64, _ draft: ObjectDraft, _ place: Place) throws(SQLiteError) {
    try connection.execute(
      """
      UPDATE object SET natural_key = ?, scope = ?, address = ?, incarnation = ?, protected = ?, fields = ?,
        secrets = ?
      WHERE id = ?
      """,
      [.optional(draft.naturalKey)] + markerArguments(draft.marker) + [
        draft.fieldBytes, draft.secretBytes, .int(id),
      ])
    try connection.execute("DELETE FROM reference WHERE source = ?", [.int(id)])
    try insert(draft.references, of: id, place)
  }

  func delete(_ id: Int64) throws(SQLiteError) {
    try connection.execute("DELETE FROM reference WHERE source = ?", [.int(id)])
    try connection.execute("DELETE FROM object WHERE id = ?", [.int(id)])
  }

  /// Keyed hashes of an object's secrets.
  func secrets(_ id: Int64) throws(SQLiteError) -> Value {
    let bytes =
      try connection.first("SELECT secrets FROM object WHERE id = ?", [.int(id)]) { $0.bytes(0) } ?? []
    guard !bytes.isEmpty else { return .map([]) }
    do throws(JSONError) { return try JSONReader.parse(bytes) } catch {
      throw SQLiteError(reason: .corrupt, message: "the secrets' hashes of an object are damaged")
    }
  }

  private func insert(_ references: [Reference], of source: Int64, _ place: Place) throws(SQLiteError) {
    for reference in references {
      try connection.execute(
        "INSERT OR IGNORE INTO reference (type, account, remote, source) VALUES (?, ?, ?, ?)",
        [.int(try number(reference.type.text)), .int(place.account), .text(reference.remote), .int(source)])
    }
  }

  private func markerArguments(_ marker: Marker?) -> [Argument] {
    guard let marker else { return [.null, .null, 0, 0] }
    return [
      .text(marker.scope.description), .text(marker.address.text), .int(Int64(marker.incarnation)),
      .bool(marker.isProtected),
    ]
  }
}
