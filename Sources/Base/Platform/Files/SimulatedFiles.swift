import Glibc
import Synchronization

/// Files in memory, for tests and for what lies nowhere on disk. Relative paths count from `/`;
/// failures can be injected per path.
package final class SimulatedFiles: FileSystem {
  private enum Node {
    case file(bytes: [UInt8], mode: UInt32)
    case directory(mode: UInt32)
    case link(target: String)
  }

  private struct Entry {
    var node: Node
    var inode: UInt64
  }

  private struct State {
    var entries: [String: Entry] = ["/": Entry(node: .directory(mode: 0o755), inode: 1)]
    var lastInode: UInt64 = 1
    var failures: [Failure: Int32] = [:]
    var locked: Set<String> = []
  }

  private struct Failure: Hashable {
    var operation: FileError.Operation
    var path: String
  }

  private static let linkLimit = 40
  private let state = Mutex(State())

  /// Each key is a path, each value its text.
  package init(_ files: [String: String] = [:]) {
    for (path, text) in files.sorted(by: { $0.key < $1.key }) { add(text, at: path) }
  }

  /// Puts a file in place with the folders above it.
  package func add(_ text: String, at path: String) { add(Array(text.utf8), at: path) }

  package func add(_ bytes: [UInt8], at path: String) {
    state.withLock { state in
      let path = Self.normalized(path)
      Self.makeFolders(above: path, &state)
      Self.put(.file(bytes: bytes, mode: 0o644), at: path, &state)
    }
  }

  /// Puts a symbolic link in place with the folders above it.
  package func addLink(at path: String, to target: String) {
    state.withLock { state in
      let path = Self.normalized(path)
      Self.makeFolders(above: path, &state)
      Self.put(.link(target: target), at: path, &state)
    }
  }

  /// From now on the operation on this path fails with the errno value; nil ends that.
  package func fail(_ operation: FileError.Operation, at path: String, code: Int32?) {
    state.withLock { $0.failures[Failure(operation: operation, path: Self.normalized(path))] = code }
  }

  /// The text of a file, nil where there is none.
  package func text(_ path: String) -> String? {
    do { return String(decoding: try read(path, limit: .max), as: UTF8.self) } catch { return nil }
  }

  package func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] {
    try access(.read, path) { (state, path) throws(FileError) in
      switch state.entries[path]?.node {
      case .file(let bytes, _):
        if bytes.count > limit { throw FileError.tooLarge(path, limit: limit) }
        return bytes
      case .directory: throw FileError(.read, path, code: EISDIR)
      case .link, nil: throw FileError(.read, path, code: ENOENT)
      }
    }
  }

  package func write(_ bytes: [UInt8], to path: String, mode: UInt32?, durability: Durability)
    throws(FileError)
  {
    try store(.write, path) { _, kept in .file(bytes: bytes, mode: mode ?? kept ?? 0o644) }
  }

  package func append(_ bytes: [UInt8], to path: String, mode: UInt32?, durability: Durability)
    throws(FileError)
  {
    try store(.append, path) { before, kept in .file(bytes: before + bytes, mode: kept ?? mode ?? 0o644) }
  }

  package func remove(_ path: String) throws(FileError) {
    try access(.remove, path, .inspect) { (state, path) throws(FileError) in
      guard let entry = state.entries[path] else { throw FileError(.remove, path, code: ENOENT) }
      if case .directory = entry.node, state.entries.keys.contains(where: { $0.hasPrefix(path + "/") }) {
        throw FileError(.remove, path, code: ENOTEMPTY)
      }
      state.entries[path] = nil
    }
  }

  package func list(_ path: String) throws(FileError) -> [String] {
    try access(.list, path) { (state, path) throws(FileError) in
      guard case .directory = state.entries[path]?.node else {
        throw FileError(.list, path, code: state.entries[path] == nil ? ENOENT : ENOTDIR)
      }
      let prefix = path == "/" ? "/" : path + "/"
      let names = state.entries.keys.filter { $0.hasPrefix(prefix) && $0 != path }.map {
        $0.dropFirst(prefix.count)
      }
      return names.filter { !$0.contains("/") }.map(String.init)
        .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
  }

  package func makeDirectory(_ path: String, mode: UInt32) throws(FileError) {
    try access(.makeDirectory, path) { (state, path) throws(FileError) in
      switch state.entries[path]?.node {
      case .directory: return
      case .file, .link: throw FileError(.makeDirectory, path, code: EEXIST)
      case nil:
        Self.makeFolders(above: path, &state)
        Self.put(.directory(mode: mode), at: path, &state)
      }
    }
  }

  package func status(_ path: String, _ links: LinkPolicy) throws(FileError) -> FileStatus? {
    try access(.inspect, path, links) { (state, path) throws(FileError) in
      guard let entry = state.entries[path] else { return nil }
      let identity = FileIdentity(device: 1, inode: entry.inode)
      switch entry.node {
      case .file(let bytes, let mode):
        return FileStatus(kind: .file, size: bytes.count, mode: mode, identity: identity, modified: .epoch)
      case .directory(let mode):
        return FileStatus(kind: .directory, size: 0, mode: mode, identity: identity, modified: .epoch)
      case .link(let target):
        return FileStatus(
          kind: .link, size: target.utf8.count, mode: 0o777, identity: identity, modified: .epoch)
      }
    }
  }

  package func resolve(_ path: String) throws(FileError) -> String {
    try access(.resolve, path) { (state, resolved) throws(FileError) in
      guard state.entries[resolved] != nil else { throw FileError(.resolve, path, code: ENOENT) }
      return resolved
    }
  }

  package func lock(_ path: String) throws(FileError) -> (any FileLock)? {
    let resolved = try access(.lock, path) { (state, path) throws(FileError) -> String? in
      guard state.locked.insert(path).inserted else { return nil }
      if state.entries[path] == nil { Self.put(.file(bytes: [], mode: 0o600), at: path, &state) }
      return path
    }
    return resolved.map { SimulatedLock(files: self, path: $0) }
  }

  fileprivate func unlock(_ path: String) { state.withLock { _ = $0.locked.remove(path) } }

  private func store(
    _ operation: FileError.Operation, _ path: String, _ change: ([UInt8], UInt32?) -> Node
  ) throws(FileError) {
    try access(operation, path) { (state, path) throws(FileError) in
      let parent = Self.parent(of: path)
      guard case .directory = state.entries[parent]?.node else {
        throw FileError(operation, path, code: ENOENT)
      }
      switch state.entries[path]?.node {
      case .directory, .link: throw FileError(operation, path, code: EISDIR)
      case .file(let bytes, let mode): Self.put(change(bytes, mode), at: path, &state)
      case nil: Self.put(change([], nil), at: path, &state)
      }
    }
  }

  /// Checks for an injected failure, follows links, and runs the body with the real path.
  private func access<T: Sendable>(
    _ operation: FileError.Operation, _ path: String, _ links: LinkPolicy = .follow,
    _ body: (inout State, String) throws(FileError) -> T
  ) throws(FileError) -> T {
    let result: Result<T, FileError> = state.withLock { state in
      do throws(FileError) {
        let plain = Self.normalized(path)
        if let code = state.failures[Failure(operation: operation, path: plain)] {
          throw FileError(operation, path, code: code)
        }
        let real = try Self.real(plain, links, state, operation)
        return .success(try body(&state, real))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  private static func real(
    _ path: String, _ links: LinkPolicy, _ state: State, _ operation: FileError.Operation
  ) throws(FileError) -> String {
    var rest = path.split(separator: "/").map(String.init)
    var done = ""
    var followed = 0
    while !rest.isEmpty {
      let next = done + "/" + rest.removeFirst()
      guard case .link(let target) = state.entries[next]?.node, links == .follow || !rest.isEmpty else {
        done = next
        continue
      }
      followed += 1
      guard followed <= linkLimit else { throw FileError(operation, path, code: ELOOP) }
      let absolute = target.hasPrefix("/") ? target : "\(done)/\(target)"
      rest = normalized(absolute).split(separator: "/").map(String.init) + rest
      done = ""
    }
    return done.isEmpty ? "/" : done
  }

  private static func put(_ node: Node, at path: String, _ state: inout State) {
    state.lastInode += 1
    let inode = state.entries[path]?.inode ?? state.lastInode
    state.entries[path] = Entry(node: node, inode: inode)
  }

  private static func makeFolders(above path: String, _ state: inout State) {
    let above = parent(of: path)
    if state.entries[above] != nil { return }
    makeFolders(above: above, &state)
    put(.directory(mode: 0o755), at: above, &state)
  }

  private static func parent(of path: String) -> String {
    let above = path.split(separator: "/").dropLast().joined(separator: "/")
    return "/" + above
  }

  private static func normalized(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }
}

private final class SimulatedLock: FileLock {
  private let files: SimulatedFiles
  private let path: String
  private let isHeld = Mutex(true)

  init(files: SimulatedFiles, path: String) {
    self.files = files
    self.path = path
  }

  deinit { release() }

  func release() {
    let wasHeld = isHeld.withLock { held in
      defer { held = false }
      return held
    }
    if wasHeld { files.unlock(path) }
  }
}
