internal import CSQLite

/// The row a statement stands at. Columns count from 0; text and bytes are SQLite's own memory until the
/// next row.
package struct Row: ~Copyable {
  private let handle: OpaquePointer

  init(_ handle: OpaquePointer) { self.handle = handle }

  package func isNull(_ column: Int) -> Bool { sqlite3_column_type(handle, Int32(column)) == SQLITE_NULL }
  /// 0 for NULL.
  package func int(_ column: Int) -> Int64 { sqlite3_column_int64(handle, Int32(column)) }
  package func bool(_ column: Int) -> Bool { int(column) != 0 }
  package func double(_ column: Int) -> Double { sqlite3_column_double(handle, Int32(column)) }
  /// Empty for NULL.
  package func text(_ column: Int) -> String { withBytes(column) { String(decoding: $0, as: UTF8.self) } }
  package func optionalText(_ column: Int) -> String? { isNull(column) ? nil : text(column) }
  package func bytes(_ column: Int) -> [UInt8] { withBytes(column) { Array($0) } }

  /// The bytes of a blob or of a text's UTF-8, without a copy; valid during the call only. Empty for NULL.
  package func withBytes<R, Failure: Error>(
    _ column: Int, _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> R
  ) throws(Failure) -> R {
    // The order matters: the pointer first, then the length of the form it was converted to.
    let start = sqlite3_column_blob(handle, Int32(column))?.assumingMemoryBound(to: UInt8.self)
    let count = start == nil ? 0 : Int(sqlite3_column_bytes(handle, Int32(column)))
    return try body(UnsafeBufferPointer(start: start, count: count))
  }
}
