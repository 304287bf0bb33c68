import Glibc

/// Finds the files under a folder that match patterns.
///
/// Symbolic links are followed, but never out of the root and never into a folder that contains them.
package struct DirectoryWalk: Sendable {
  package struct Limits: Sendable {
    /// Folders below the root.
    package var depth = 32
    /// Entries looked at, whether they match or not.
    package var entries = 200_000

    package init(depth: Int = 32, entries: Int = 200_000) {
      self.depth = depth
      self.entries = entries
    }
  }

  /// What a walk left out, so that nothing is missed in silence.
  package struct Skipped: Hashable, Sendable {
    package enum Reason: Hashable, Sendable {
      case outsideRoot, loop, brokenLink, tooDeep, tooManyEntries
      case unreadable(String)
    }

    /// Relative to the root.
    package var path: String
    package var reason: Reason
  }

  package struct Result: Hashable, Sendable {
    /// Relative to the root, in byte order.
    package var paths: [String] = []
    package var skipped: [Skipped] = []
  }

  private let files: any FileSystem
  private let limits: Limits

  package init(_ files: any FileSystem, limits: Limits = Limits()) {
    self.files = files
    self.limits = limits
  }

  /// Walks `root`; a file counts where one of `include` and none of `exclude` matches its relative path.
  package func find(
    _ include: [GlobPattern], excluding exclude: [GlobPattern] = [], under root: String
  ) throws(FileError) -> Result {
    let resolved = try files.resolve(root)
    guard let facts = try files.status(resolved) else { throw FileError(.list, root, code: ENOENT) }
    guard facts.kind == .directory else { throw FileError(.list, root, code: ENOTDIR) }
    var walker = Walker(files: files, limits: limits, root: resolved, include: include, exclude: exclude)
    walker.enter("", ancestors: [facts.identity])
    walker.result.paths.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    return walker.result
  }
}

private struct Walker {
  let files: any FileSystem
  let limits: DirectoryWalk.Limits
  let root: String
  let include: [GlobPattern]
  let exclude: [GlobPattern]
  var result = DirectoryWalk.Result()
  var count = 0

  mutating func enter(_ folder: String, ancestors: [FileIdentity]) {
    let names: [String]
    do throws(FileError) {
      names = try files.list(folder.isEmpty ? root : "\(root)/\(folder)")
    } catch {
      return skip(folder, .unreadable(error.text))
    }
    for name in names {
      count += 1
      if count > limits.entries {
        if count == limits.entries + 1 { skip(folder, .tooManyEntries) }
        return
      }
      visit(folder.isEmpty ? name : "\(folder)/\(name)", ancestors)
    }
  }

  private mutating func visit(_ path: String, _ ancestors: [FileIdentity]) {
    let mayEnter = include.contains { $0.canMatchInside(path) }
    let isWanted = include.contains { $0.matches(path) } && !exclude.contains { $0.matches(path) }
    guard mayEnter || isWanted else { return }
    let full = "\(root)/\(path)"
    do throws(FileError) {
      guard var facts = try files.status(full, .inspect) else { return }
      if facts.kind == .link {
        guard let target = try files.status(full, .follow) else { return skip(path, .brokenLink) }
        guard isInside(try files.resolve(full)) else { return skip(path, .outsideRoot) }
        facts = target
      }
      switch facts.kind {
      case .file: if isWanted { result.paths.append(path) }
      case .directory: if mayEnter { descend(path, facts.identity, ancestors) }
      case .link, .other: break
      }
    } catch {
      skip(path, error.code == ELOOP ? .loop : .unreadable(error.text))
    }
  }

  private mutating func descend(_ path: String, _ identity: FileIdentity, _ ancestors: [FileIdentity]) {
    if ancestors.contains(identity) { return skip(path, .loop) }
    if ancestors.count > limits.depth { return skip(path, .tooDeep) }
    enter(path, ancestors: ancestors + [identity])
  }

  private func isInside(_ path: String) -> Bool { path == root || root == "/" || path.hasPrefix(root + "/") }

  private mutating func skip(_ path: String, _ reason: DirectoryWalk.Skipped.Reason) {
    result.skipped.append(DirectoryWalk.Skipped(path: path, reason: reason))
  }
}
