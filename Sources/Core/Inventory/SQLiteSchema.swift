import SQLite

/// The tables of a SQLite inventory.
enum SQLiteSchema {
  /// Grows only; its length is the file's format version.
  static let migrations = [
    """
    CREATE TABLE meta (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      scope TEXT NOT NULL,
      serial INTEGER NOT NULL,
      fence INTEGER NOT NULL,
      lock_generation INTEGER NOT NULL,
      next_sequence INTEGER NOT NULL,
      fold_start INTEGER NOT NULL,
      holder_name TEXT,
      holder_process INTEGER,
      holder_command TEXT,
      holder_since INTEGER,
      holder_run TEXT
    ) STRICT;
    CREATE TABLE records (
      address TEXT NOT NULL,
      incarnation INTEGER NOT NULL,
      data TEXT NOT NULL,
      PRIMARY KEY (address, incarnation)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE journal (
      sequence INTEGER PRIMARY KEY,
      data TEXT NOT NULL
    ) STRICT;
    CREATE TABLE plans (
      plan TEXT PRIMARY KEY,
      outcome TEXT
    ) STRICT, WITHOUT ROWID;
    """
  ]

  static let insertMeta = """
    INSERT INTO meta (id, scope, serial, fence, lock_generation, next_sequence, fold_start)
    VALUES (1, ?, 0, 0, 0, 1, 1)
    """
  static let readMeta = """
    SELECT scope, serial, fence, lock_generation, next_sequence, fold_start,
      holder_name, holder_process, holder_command, holder_since, holder_run FROM meta
    """
  static let takeLock = """
    UPDATE meta SET fence = ?, holder_name = ?, holder_process = ?, holder_command = ?, holder_since = ?, holder_run = ?
    """
  static let clearHolder = """
    UPDATE meta SET holder_name = NULL, holder_process = NULL, holder_command = NULL, holder_since = NULL,
      holder_run = NULL WHERE fence = ?
    """
  static let breakLock = "UPDATE meta SET fence = fence + 1, lock_generation = lock_generation + 1, holder_name = NULL"
  static let advance = "UPDATE meta SET serial = serial + 1, next_sequence = ?, fold_start = ?"
  static let putRecord = "INSERT OR REPLACE INTO records (address, incarnation, data) VALUES (?, ?, ?)"
  static let removeRecord = "DELETE FROM records WHERE address = ? AND incarnation = ?"
  static let readRecords = "SELECT data FROM records ORDER BY address, incarnation"
  static let appendEntry = "INSERT INTO journal (sequence, data) VALUES (?, ?)"
  static let readEntries = "SELECT data FROM journal WHERE sequence >= ? ORDER BY sequence"
  static let lastSequence = "SELECT max(sequence) FROM journal"
  static let putPlan = "INSERT OR REPLACE INTO plans (plan, outcome) VALUES (?, ?)"
  static let readPlans = "SELECT plan, outcome FROM plans"
}
