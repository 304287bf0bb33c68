/// What a path names.
package struct FileStatus: Hashable, Sendable {
  package enum Kind: Sendable { case file, directory, link, other }

  package var kind: Kind
  /// Bytes.
  package var size: Int
  /// The permission bits, such as 0o600.
  package var mode: UInt32
  /// Device and inode: equal for two paths that name the same object.
  package var identity: FileIdentity
  package var modified: Instant
}

package struct FileIdentity: Hashable, Sendable {
  package var device: UInt64
  package var inode: UInt64
}

/// Whether a write has reached the disk before it returns.
package enum Durability: Sendable {
  /// File and folder are flushed: survives a power failure.
  case durable
  /// Atomic for readers, but a power failure may lose it.
  case fast
}

/// Whether the last part of a path is followed where it is a symbolic link.
package enum LinkPolicy: Sendable { case follow, inspect }

/// An exclusive lock that ends with `release`, with the last reference, or with the process.
package protocol FileLock: AnyObject, Sendable {
  func release()
}

/// Files and folders; paths are absolute or relative to the working directory.
///
/// Calls block: code on the cooperative pool that touches many or large files goes through `offPool`.
package protocol FileSystem: Sendable {
  /// The whole file; an error with `EFBIG` where it holds more than `limit` bytes.
  func read(_ path: String, limit: Int) throws(FileError) -> [UInt8]
  /// Replaces the file at once: readers see the old or the new content. A symbolic link stays and its target is
  /// replaced. `mode` nil keeps the mode of an existing file and gives 0o644 to a new one.
  func write(_ bytes: [UInt8], to path: String, mode: UInt32?, durability: Durability) throws(FileError)
  /// Adds to the end, creating the file with `mode` (default 0o644).
  func append(_ bytes: [UInt8], to path: String, mode: UInt32?, durability: Durability) throws(FileError)
  /// Removes a file, a symbolic link or an empty folder.
  func remove(_ path: String) throws(FileError)
  /// The names in a folder in byte order, without `.` and `..`.
  func list(_ path: String) throws(FileError) -> [String]
  /// Creates the folder and those above it; an existing one is fine.
  func makeDirectory(_ path: String, mode: UInt32) throws(FileError)
  /// nil where nothing has that path.
  func status(_ path: String, _ links: LinkPolicy) throws(FileError) -> FileStatus?
  /// The absolute path without symbolic links, `.` and `..`; the path must exist.
  func resolve(_ path: String) throws(FileError) -> String
  /// Locks the file, creating it with mode 0o600; nil where another holder has it. Never waits.
  func lock(_ path: String) throws(FileError) -> (any FileLock)?
}

extension FileSystem {
  /// 64 MiB: more than any manifest, plan or key file of ours needs.
  package static var defaultReadLimit: Int { 64 << 20 }

  package func read(_ path: String) throws(FileError) -> [UInt8] {
    try read(path, limit: Self.defaultReadLimit)
  }

  package func write(_ bytes: [UInt8], to path: String, mode: UInt32? = nil) throws(FileError) {
    try write(bytes, to: path, mode: mode, durability: .durable)
  }

  package func append(_ bytes: [UInt8], to path: String) throws(FileError) {
    try append(bytes, to: path, mode: nil, durability: .durable)
  }

  package func makeDirectory(_ path: String) throws(FileError) { try makeDirectory(path, mode: 0o755) }
  package func status(_ path: String) throws(FileError) -> FileStatus? { try status(path, .follow) }

  /// Whether the path names anything; an unreadable place counts as absent.
  package func exists(_ path: String) -> Bool {
    do { return try status(path, .follow) != nil } catch { return false }
  }
}
