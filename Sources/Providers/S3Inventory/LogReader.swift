import Inventory
import Platform
import Resources

/// Reads a scope's log from its bucket: the lock's object, one list, the newest snapshot, the segments after it.
struct LogReader: Sendable {
  /// What one load has found.
  struct Found: Sendable {
    var state: LogState
    var lease: FoundLease?
    var listing: ObjectListing
    var index: LogIndex
  }

  let objects: any ObjectStore
  let layout: LogLayout

  func lease() async throws(StoreError) -> FoundLease? {
    guard let object = try await objects.get(layout.lock) else { return nil }
    return FoundLease(document: try LeaseDocument(object.bytes), etag: object.etag, age: object.age)
  }

  func load() async throws(StoreError) -> Found { try await load(try await lease()) }

  /// `lease` was read before, so that the list shows every segment it speaks of.
  func load(_ lease: FoundLease?) async throws(StoreError) -> Found {
    for _ in 0..<S3Limits.loadAttempts {
      let listing = try await objects.list(layout.folder, after: layout.afterArchives)
      let index = LogIndex(listing, layout)
      guard let uncovered = index.uncovered else {
        throw StoreError(.corrupt, "the inventory's log lacks a segment after \(index.snapshots.last ?? 0)")
      }
      guard let state = try await state(index, uncovered) else { continue }
      if let head = lease?.document.head, head > state.head {
        throw StoreError(.corrupt, "the inventory's log ends at segment \(state.head), \(head) was written before")
      }
      return Found(state: state, lease: lease, listing: listing, index: index)
    }
    throw StoreError(.corrupt, "objects of the inventory are listed and cannot be found")
  }

  /// nil where an object is gone: another run has collected what we were about to read.
  private func state(_ index: LogIndex, _ uncovered: ClosedRange<UInt64>?) async throws(StoreError) -> LogState? {
    var state = LogState()
    if let number = index.snapshots.last {
      guard let object = try await objects.get(layout.snapshot(number)) else { return nil }
      state = try SnapshotCodec.decode(object.bytes, number: number)
    }
    guard let uncovered else { return state }
    for start in stride(from: uncovered.lowerBound, through: uncovered.upperBound, by: S3Limits.width) {
      let numbers = Array(start...min(start + UInt64(S3Limits.width) - 1, uncovered.upperBound))
      for (number, bytes) in zip(numbers, try await segments(numbers)) {
        guard let bytes else { return nil }
        try state.apply(try SegmentCodec.decode(bytes, number: number))
      }
    }
    return state
  }

  /// At the same time; in the order of the numbers.
  private func segments(_ numbers: [UInt64]) async throws(StoreError) -> [[UInt8]?] {
    let results = await withTaskGroup(of: (Int, Result<StoredObject?, StoreError>).self) { group in
      for (index, number) in numbers.enumerated() {
        group.addTask { [objects, layout] in
          do throws(StoreError) {
            return (index, .success(try await objects.get(layout.segment(number))))
          } catch {
            return (index, .failure(error))
          }
        }
      }
      var results = [Result<StoredObject?, StoreError>?](repeating: nil, count: numbers.count)
      for await (index, result) in group { results[index] = result }
      return results
    }
    var all: [[UInt8]?] = []
    for result in results { all.append(try result?.get()?.bytes) }
    return all
  }

  /// Every journal entry there ever was, oldest first.
  func entries(_ state: LogState) async throws(StoreError) -> [JournalEntry] {
    var parts = [state.recent]
    var name = state.archive
    while let current = name, parts.count < S3Limits.archives {
      guard let object = try await objects.get(layout.folder + current) else {
        throw StoreError(.corrupt, "the inventory's history lacks `\(current)`")
      }
      let archive = try Archive(object.bytes, name: current)
      parts.append(archive.entries)
      name = archive.previous
    }
    let entries = Array(parts.reversed().joined())
    for (index, entry) in entries.enumerated() where entry.sequence != UInt64(index) + 1 {
      throw StoreError(.corrupt, "the inventory's history lacks journal entry \(index + 1)")
    }
    return entries
  }
}
