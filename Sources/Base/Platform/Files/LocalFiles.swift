import Glibc

/// The machine's files.
package struct LocalFiles: FileSystem {
  package init() {}

  package func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] {
    let file = try Descriptor(.read, path, O_RDONLY)
    var facts = stat()
    guard fstat(file.number, &facts) == 0 else { throw FileError(.read, path, code: errno) }
    if facts.st_mode & S_IFMT == S_IFDIR { throw FileError(.read, path, code: EISDIR) }
    if Int(facts.st_size) > limit { throw FileError.tooLarge(path, limit: limit) }
    // One byte more than the size says shows whether the file has grown; pipes say 0.
    var bytes: [UInt8] = []
    var wanted = Int(facts.st_size) + 1
    while true {
      let chunk = try file.readChunk(path, wanted)
      if chunk.isEmpty { return bytes }
      if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
      if bytes.count > limit { throw FileError.tooLarge(path, limit: limit) }
      wanted = max(Int(facts.st_size) + 1 - bytes.count, 65_536)
    }
  }

  package func write(_ bytes: [UInt8], to path: String, mode: UInt32?, durability: Durability)
    throws(FileError)
  {
    let existing = try status(path, .inspect)
    let target = existing?.kind == .link ? try resolveLink(path) : path
    let kept = existing?.kind == .link ? try status(target, .inspect)?.mode : existing?.mode
    let temporary = "\(folder(of: target))/.\(name(of: target)).\(SystemRandom().base32ID(length: 10)).tmp"
    do throws(FileError) {
      let file = try Descriptor(.write, temporary, O_WRONLY | O_CREAT | O_EXCL, mode: mode ?? kept ?? 0o644)
      // The creation mode passes through the process's mask; this one does not.
      if let exact = mode ?? kept, fchmod(file.number, exact) != 0 {
        throw FileError(.write, path, code: errno)
      }
      try file.writeAll(bytes, .write, path)
      if durability == .durable { try file.flush(.write, path) }
      guard rename(temporary, target) == 0 else { throw FileError(.write, path, code: errno) }
    } catch {
      unlink(temporary)
      throw FileError(.write, path, code: error.code, text: error.text)
    }
    if durability == .durable { try flushFolder(of: target, .write) }
  }

  package func append(_ bytes: [UInt8], to path: String, mode: UInt32?, durability: Durability)
    throws(FileError)
  {
    let file = try Descriptor(.append, path, O_WRONLY | O_CREAT | O_APPEND, mode: mode ?? 0o644)
    try file.writeAll(bytes, .append, path)
    if durability == .durable { try file.flush(.append, path) }
  }

  package func remove(_ path: String) throws(FileError) {
    guard Glibc.remove(path) == 0 else { throw FileError(.remove, path, code: errno) }
  }

  package func list(_ path: String) throws(FileError) -> [String] {
    guard let folder = opendir(path) else { throw FileError(.list, path, code: errno) }
    defer { closedir(folder) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = readdir(folder) else { break }
      let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    if errno != 0 { throw FileError(.list, path, code: errno) }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  package func makeDirectory(_ path: String, mode: UInt32) throws(FileError) {
    if mkdir(path, mode) == 0 { return }
    let reason = errno
    if reason == EEXIST, try status(path)?.kind == .directory { return }
    let above = folder(of: path)
    guard reason == ENOENT, above != path, above != "." else {
      throw FileError(.makeDirectory, path, code: reason)
    }
    try makeDirectory(above, mode: mode)
    guard mkdir(path, mode) == 0 || errno == EEXIST else {
      throw FileError(.makeDirectory, path, code: errno)
    }
  }

  package func status(_ path: String, _ links: LinkPolicy) throws(FileError) -> FileStatus? {
    var facts = stat()
    let result = links == .follow ? stat(path, &facts) : lstat(path, &facts)
    if result == 0 { return FileStatus(facts) }
    if errno == ENOENT || errno == ENOTDIR { return nil }
    throw FileError(.inspect, path, code: errno)
  }

  package func resolve(_ path: String) throws(FileError) -> String {
    guard let resolved = realpath(path, nil) else { throw FileError(.resolve, path, code: errno) }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  package func lock(_ path: String) throws(FileError) -> (any FileLock)? {
    let file = try Descriptor(.lock, path, O_RDWR | O_CREAT, mode: 0o600)
    if flock(file.number, LOCK_EX | LOCK_NB) == 0 { return LocalLock(file.take()) }
    if errno == EWOULDBLOCK { return nil }
    throw FileError(.lock, path, code: errno)
  }

  /// The file a link names even where that does not exist yet.
  private func resolveLink(_ path: String) throws(FileError) -> String {
    if let resolved = realpath(path, nil) {
      defer { free(resolved) }
      return String(cString: resolved)
    }
    throw FileError(.write, path, code: errno, text: "a symbolic link to nothing")
  }

  private func flushFolder(of path: String, _ operation: FileError.Operation) throws(FileError) {
    let above = folder(of: path)
    try Descriptor(operation, above, O_RDONLY | O_DIRECTORY).flush(operation, above)
  }

  private func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private func name(of path: String) -> Substring {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path[...] }
    return path[path.utf8.index(after: slash)...]
  }
}

extension FileStatus {
  init(_ facts: stat) {
    switch facts.st_mode & S_IFMT {
    case S_IFREG: kind = .file
    case S_IFDIR: kind = .directory
    case S_IFLNK: kind = .link
    default: kind = .other
    }
    size = Int(facts.st_size)
    mode = facts.st_mode & 0o7777
    identity = FileIdentity(device: UInt64(facts.st_dev), inode: UInt64(facts.st_ino))
    modified = Instant(
      nanoseconds: Int64(facts.st_mtim.tv_sec) * 1_000_000_000 + Int64(facts.st_mtim.tv_nsec))
  }
}
