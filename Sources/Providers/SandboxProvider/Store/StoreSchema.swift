/// The tables of a sandbox. Only ever extended by another migration.
enum StoreSchema {
  static let migrations = [
    """
    CREATE TABLE name (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
    CREATE TABLE object (
      id INTEGER PRIMARY KEY,
      type INTEGER NOT NULL, account INTEGER NOT NULL, region INTEGER NOT NULL,
      remote TEXT NOT NULL,
      natural_key TEXT, token TEXT,
      scope TEXT, address TEXT, incarnation INTEGER NOT NULL DEFAULT 0, protected INTEGER NOT NULL DEFAULT 0,
      created INTEGER NOT NULL, ready INTEGER NOT NULL,
      fields BLOB NOT NULL, secrets BLOB);
    CREATE UNIQUE INDEX object_remote ON object (type, account, remote);
    CREATE UNIQUE INDEX object_natural_key ON object (type, natural_key) WHERE natural_key IS NOT NULL;
    CREATE UNIQUE INDEX object_token ON object (type, account, token) WHERE token IS NOT NULL;
    CREATE INDEX object_list ON object (type, account, region);
    CREATE INDEX object_marker ON object (address, scope) WHERE address IS NOT NULL;
    CREATE TABLE reference (
      type INTEGER NOT NULL, account INTEGER NOT NULL, remote TEXT NOT NULL, source INTEGER NOT NULL,
      PRIMARY KEY (type, account, remote, source)) WITHOUT ROWID;
    CREATE INDEX reference_source ON reference (source);
    """
  ]
}

/// Bounds of the sandbox.
enum Limits {
  /// Objects of one page.
  static let pageSize = 1_000
  /// Ids of one query.
  static let readBatch = 100
  /// Pages of 4 KiB that the write-ahead log may hold.
  static let checkpointPages = 8_000
  /// Hexadecimal digits of a made id, as in AWS's.
  static let idDigits = 17
  /// Bytes of the key for secrets.
  static let keyBytes = 32
}
