import Inventory
import Resources

/// Puts segments, and settles what became of those whose answer was lost.
struct LogWriter: Sendable {
  enum Appended: Sendable {
    case done
    /// Another segment has the number.
    case taken([UInt8])
    /// It may stand there or come to stand there.
    case unsettled(String)
  }

  let objects: any ObjectStore
  let layout: LogLayout

  /// A put never overwrites, so one that was refused or whose answer was lost is read back and compared.
  func append(_ number: UInt64, _ bytes: [UInt8]) async throws(StoreError) -> Appended {
    let key = layout.segment(number)
    var text = "the put of segment \(number) was refused, and nothing is there"
    for _ in 0..<S3Limits.putAttempts {
      switch try await objects.put(key, bytes, .absent) {
      case .done: return .done
      case .refused: break
      case .unknown(let what): text = what
      }
      do throws(StoreError) {
        if let there = try await objects.get(key) {
          return there.bytes == bytes ? .done : .taken(there.bytes)
        }
      } catch {
        return .unsettled(error.message)
      }
    }
    return .unsettled(text)
  }

  /// Writes the state as a snapshot, after moving old journal entries to an archive where they have become many. Gives
  /// the state that the snapshot holds.
  func snapshot(_ state: LogState, entriesPerArchive: Int) async throws(StoreError) -> LogState {
    var state = state
    let old = state.archivable
    if old.count >= entriesPerArchive, let first = old.first, let last = old.last {
      let name = layout.archive(first.sequence...last.sequence)
      let archive = Archive(previous: state.archive, entries: Array(old))
      // Entries never change: whoever wrote this archive before wrote the same.
      switch try await objects.put(layout.folder + name, archive.bytes, .absent) {
      case .done, .refused: state.move(old.count, to: name)
      case .unknown: break
      }
    }
    switch try await objects.put(layout.snapshot(state.head), SnapshotCodec.encode(state), .absent) {
    case .done, .refused: return state
    case .unknown(let what): throw StoreError(.unwritable, "a snapshot: \(what)")
    }
  }
}
