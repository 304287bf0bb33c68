import DiskShim
import Glibc
import Platform
import TestSupport

/// A folder on a disk that may fail: SQLite's files by way of the shim, all others by way of `files`.
final class SimulatedDisk: Sendable {
  private let directory = TemporaryDirectory()
  private let number: Int32

  init() {
    number = disk_attach(directory.path)
    precondition(number >= 0, "too many simulated disks at once")
  }

  deinit { disk_detach(number) }

  var folder: String { directory.file("inventory") }
  var files: any FileSystem { DiskFiles(disk: number) }
  var writes: Int { Int(disk_writes(number)) }
  var flushes: Int { Int(disk_flushes(number)) }

  /// How many bytes files may still grow by; nil for no limit.
  func limit(_ room: Int?) { disk_limit(number, room.map { Int64($0) } ?? -1) }

  /// A planted bug.
  func ignoreFlushes() { disk_ignore_flushes(number) }

  /// The disk after a crash, as another one: whoever has this one open reaches nothing any more. Locks are gone.
  func crash(powerFailure seed: UInt64?) -> SimulatedDisk {
    let next = SimulatedDisk()
    let local = LocalFiles()
    do throws(FileError) {
      guard local.exists(folder) else { return next }
      try local.makeDirectory(next.folder, mode: 0o700)
      for name in try local.list(folder) where !name.hasSuffix("-shm") && !name.hasSuffix(".lock") {
        let bytes = survivor("\(folder)/\(name)", seed ?? 0)
        try local.write(bytes, to: "\(next.folder)/\(name)", mode: 0o600, durability: .fast)
      }
    } catch {
      preconditionFailure("the simulated disk cannot be copied: \(error)")
    }
    disk_power_off(number)
    return next
  }

  private func survivor(_ path: String, _ seed: UInt64) -> [UInt8] {
    var size: Int64 = 0
    guard let bytes = disk_survivor(number, path, seed, &size) else { return [] }
    defer { free(bytes) }
    return Array(UnsafeRawBufferPointer(start: bytes, count: Int(size)))
  }
}

/// Files beside SQLite's own: what is written durably is there, and takes room.
private struct DiskFiles: FileSystem {
  let disk: Int32
  private var local: LocalFiles { LocalFiles() }

  private func take(_ bytes: [UInt8], _ path: String) throws(FileError) {
    if disk_take(disk, Int64(bytes.count)) == 0 { throw FileError(.write, path, code: ENOSPC) }
  }

  func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] { try local.read(path, limit: limit) }
  func write(_ bytes: [UInt8], to path: String, mode: UInt32?, durability: Durability) throws(FileError) {
    try take(bytes, path)
    try local.write(bytes, to: path, mode: mode, durability: .fast)
  }
  func append(_ bytes: [UInt8], to path: String, mode: UInt32?, durability: Durability) throws(FileError) {
    try take(bytes, path)
    try local.append(bytes, to: path, mode: mode, durability: .fast)
  }
  func remove(_ path: String) throws(FileError) { try local.remove(path) }
  func list(_ path: String) throws(FileError) -> [String] { try local.list(path) }
  func makeDirectory(_ path: String, mode: UInt32) throws(FileError) { try local.makeDirectory(path, mode: mode) }
  func status(_ path: String, _ links: LinkPolicy) throws(FileError) -> FileStatus? { try local.status(path, links) }
  func resolve(_ path: String) throws(FileError) -> String { try local.resolve(path) }
  func lock(_ path: String) throws(FileError) -> (any FileLock)? { try local.lock(path) }
}
