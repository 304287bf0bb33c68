extension Connection {
  /// How a database is opened.
  package struct Options: Sendable {
    /// When a commit is on the disk: see <https://www.sqlite.org/pragma.html#pragma_synchronous>.
    package enum Synchronous: String, Sendable {
      /// Every commit survives a power loss.
      case full = "FULL"
      /// Every commit survives the process; the last ones may be lost with the power. The file stays sound.
      case normal = "NORMAL"
      /// Left to the system: for what can be made again.
      case off = "OFF"
    }

    package enum Journal: String, Sendable {
      case wal = "WAL"
      /// One file and no companions.
      case delete = "DELETE"
      /// No crash safety: for what can be made again.
      case memory = "MEMORY"
    }

    package var synchronous = Synchronous.full
    package var journal = Journal.wal
    /// How long a lock of another connection is waited for.
    package var busyTimeout = Duration.seconds(10)
    package var hasForeignKeys = true
    package var isReadOnly = false
    /// The file does not change while it is open: read without locks and without companion files.
    /// Counts only together with `isReadOnly`.
    package var isImmutable = false

    package init() {}
    package init(synchronous: Synchronous, journal: Journal = .wal, busyTimeout: Duration = .seconds(10)) {
      self.synchronous = synchronous
      self.journal = journal
      self.busyTimeout = busyTimeout
    }

    /// In the order in which they have to run.
    var pragmas: [String] {
      let journals = isReadOnly ? [] : ["PRAGMA journal_mode = \(journal.rawValue)"]
      return journals + [
        "PRAGMA synchronous = \(synchronous.rawValue)",
        "PRAGMA foreign_keys = \(hasForeignKeys ? "ON" : "OFF")",
        "PRAGMA trusted_schema = OFF",
      ]
    }
  }
}
