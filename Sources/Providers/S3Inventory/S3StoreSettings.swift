/// How a store in a bucket works; the defaults are those of production.
package struct S3StoreSettings: Sendable {
  /// How the service encrypts what it keeps, where the bucket's own default does not do.
  package enum Encryption: Sendable, Equatable {
    case aes256
    /// With a key of KMS; nil is the account's default key.
    case kms(key: String?)
  }

  /// How long a lock is held without a sign of life.
  package var lease: Duration
  /// How often a lock that another holds is looked at.
  package var poll: Duration
  /// Segments after which a run writes a snapshot; each run writes one at its end as well.
  package var segmentsPerSnapshot: Int
  /// Journal entries that a snapshot carries before they move to an archive.
  package var entriesPerArchive: Int
  /// Age below which nothing is deleted: far above the lease, so that no number a stale writer might still try is free.
  package var retention: Duration
  package var encryption: Encryption?

  package init(
    lease: Duration = .seconds(30), poll: Duration = .seconds(1), segmentsPerSnapshot: Int = 64,
    entriesPerArchive: Int = 1_024, retention: Duration = .seconds(3_600), encryption: Encryption? = nil
  ) {
    self.lease = lease
    self.poll = poll
    self.segmentsPerSnapshot = segmentsPerSnapshot
    self.entriesPerArchive = entriesPerArchive
    self.retention = retention
    self.encryption = encryption
  }
}

/// Bounds of what a store does before it gives up.
enum S3Limits {
  /// Puts of one segment whose answers are lost.
  static let putAttempts = 3
  /// Loads that find an object gone between the list and the read.
  static let loadAttempts = 4
  /// Segments of others that a writer meets while it announces itself.
  static let takeAttempts = 64
  /// Pages of one list, of a thousand keys each.
  static let pages = 200
  /// Segments that are read at the same time.
  static let width = 8
  /// Archives behind one another.
  static let archives = 100_000
  /// Keys in one `DeleteObjects` (its API reference).
  static let keysPerDelete = 1_000
  /// Longest prefix: far below the 1,024 bytes of a key (Amazon S3 User Guide, "Naming objects").
  static let prefixBytes = 512
}
