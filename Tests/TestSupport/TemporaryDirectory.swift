import Glibc

/// A fresh folder of one test, removed with everything in it when the last reference goes.
package final class TemporaryDirectory: Sendable {
  /// The absolute path, with symbolic links resolved and without a trailing slash.
  package let path: String

  package init() {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(parent)/plumb-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil, let resolved = realpath(template, nil) else {
      preconditionFailure("no temporary folder in \(parent): \(String(cString: strerror(errno)))")
    }
    defer { free(resolved) }
    path = String(cString: resolved)
  }

  deinit { Self.removeTree(path) }

  /// The path of `name` inside the folder.
  package func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes `text` to `name` inside the folder, with the folders between, and returns the path.
  @discardableResult
  package func write(_ text: String, to name: String) -> String {
    let isWritten = TextFile.write(text, to: file(name))
    precondition(isWritten, "cannot write \(file(name))")
    return file(name)
  }

  /// Removes a folder in it, with everything in that.
  package func remove(_ name: String) { Self.removeTree(file(name)) }

  /// Never follows a symbolic link: only a real folder is entered.
  private static func removeTree(_ path: String) {
    if let folder = opendir(path) {
      while let entry = readdir(folder) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
          tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        guard name != ".", name != ".." else { continue }
        var facts = stat()
        let child = "\(path)/\(name)"
        guard lstat(child, &facts) == 0 else { continue }
        if facts.st_mode & S_IFMT == S_IFDIR { removeTree(child) } else { unlink(child) }
      }
      closedir(folder)
    }
    rmdir(path)
  }
}
