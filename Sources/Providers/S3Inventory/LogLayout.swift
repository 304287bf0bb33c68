import Platform
import Resources

/// Names of the objects of one scope's inventory.
///
/// `<prefix>/<scope>/lock.json`, `…/log/00000000000000000001.json`, `…/snapshot/00000000000000000001.json` (all
/// segments up to that number), `…/archive/1-1024.json` (journal entries by sequence).
package struct LogLayout: Sendable, Equatable {
  /// Ends with a slash.
  package let folder: String

  /// A scope without an environment has the folder `_`, which is no environment's name: no scope lies inside another.
  package init(prefix: String, scope: ScopeID) {
    let parts = prefix.split(separator: "/").map(String.init)
    folder = (parts + [scope.estate, scope.environment ?? "_"]).joined(separator: "/") + "/"
  }

  package var lock: String { folder + "lock.json" }
  package func segment(_ number: UInt64) -> String { "\(folder)log/\(Self.digits(number)).json" }
  package func snapshot(_ number: UInt64) -> String { "\(folder)snapshot/\(Self.digits(number)).json" }
  package func archive(_ range: ClosedRange<UInt64>) -> String {
    "archive/\(range.lowerBound)-\(range.upperBound).json"
  }

  /// Archives come first in the order of keys, and no list needs them.
  package var afterArchives: String { folder + "archive~" }

  static func digits(_ number: UInt64) -> String {
    let text = String(number)
    return String(repeating: "0", count: 20 - text.utf8.count) + text
  }

  /// The number in a key below `kind`; nil for any other key.
  func number(_ key: String, _ kind: String) -> UInt64? {
    let head = folder + kind + "/"
    guard key.hasPrefix(head), key.hasSuffix(".json") else { return nil }
    let text = key.dropFirst(head.count).dropLast(5)
    guard text.utf8.count == 20, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return UInt64(text)
  }
}

/// What a list shows: snapshots, and the segments after the newest one, without a gap.
package struct LogIndex: Sendable, Equatable {
  /// Ascending.
  package var snapshots: [UInt64]
  /// Ascending; those that snapshots cover included.
  package var segments: [UInt64]

  package init(_ listing: ObjectListing, _ layout: LogLayout) {
    snapshots = listing.items.compactMap { layout.number($0.key, "snapshot") }.sorted()
    segments = listing.items.compactMap { layout.number($0.key, "log") }.sorted()
  }

  /// Segments that no snapshot covers; nil where one is missing among them.
  package var uncovered: ClosedRange<UInt64>?? {
    let start = (snapshots.last ?? 0) + 1
    let later = segments.filter { $0 >= start }
    guard let last = later.last else { return .some(nil) }
    guard later.first == start, UInt64(later.count) == last - start + 1 else { return nil }
    return start...last
  }

  /// Objects that nobody needs any more: segments and snapshots up to the third newest snapshot.
  package static func garbage(
    _ listing: ObjectListing, _ layout: LogLayout, snapshots: [UInt64], retention: Duration
  ) -> [String] {
    guard snapshots.count >= 3, let date = listing.date else { return [] }
    let covered = snapshots[snapshots.count - 3]
    return listing.items.filter { item in
      guard let modified = item.modified, date - modified >= retention else { return false }
      if let number = layout.number(item.key, "log") { return number <= covered }
      if let number = layout.number(item.key, "snapshot") { return number < covered }
      return false
    }.map(\.key)
  }
}
