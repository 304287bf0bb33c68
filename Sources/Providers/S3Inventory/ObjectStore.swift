import Inventory
import Platform

/// The few operations a log needs of a bucket; the twin for tests is `SimulatedObjects`.
///
/// Reads and lists are strongly consistent, as S3's are since 2020 (Amazon S3 User Guide, "Data consistency model").
package protocol ObjectStore: Sendable {
  /// nil where the bucket has no such object. A bucket that is missing or closed is an error, never nil.
  func get(_ key: String) async throws(StoreError) -> StoredObject?
  /// Writes one object where the condition holds. Throws only where surely nothing was written.
  func put(_ key: String, _ bytes: [UInt8], _ condition: PutCondition) async throws(StoreError) -> PutOutcome
  /// Every object whose key starts with the prefix, in the order of their keys, at one moment or across pages.
  func list(_ prefix: String, after: String) async throws(StoreError) -> ObjectListing
  func delete(_ keys: [String]) async throws(StoreError)
}

package enum PutCondition: Sendable, Equatable {
  /// `If-None-Match: *`.
  case absent
  /// `If-Match` with an entity tag.
  case matches(String)
}

package enum PutOutcome: Sendable, Equatable {
  /// Written; its entity tag.
  case done(String)
  /// The condition did not hold: nothing was written by this attempt, though an earlier one may have been.
  case refused
  /// It may have been written: read it back.
  case unknown(String)
}

package struct StoredObject: Sendable, Equatable {
  package var bytes: [UInt8]
  package var etag: String
  /// How long ago it was written, by the server's own clock alone, in whole seconds; nil where the server did not say.
  package var age: Duration?

  package init(bytes: [UInt8], etag: String, age: Duration? = nil) {
    self.bytes = bytes
    self.etag = etag
    self.age = age
  }
}

package struct ObjectListing: Sendable, Equatable {
  package struct Item: Sendable, Equatable {
    package var key: String
    /// By the server's clock.
    package var modified: Instant?
    package init(key: String, modified: Instant?) {
      self.key = key
      self.modified = modified
    }
  }

  package var items: [Item]
  /// The server's clock when it answered.
  package var date: Instant?

  package init(items: [Item] = [], date: Instant? = nil) {
    self.items = items
    self.date = date
  }
}
