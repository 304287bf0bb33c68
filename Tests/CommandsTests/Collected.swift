import Glibc
import Synchronization

/// What a command printed.
final class Collected: Sendable {
  private let bytes = Mutex<[UInt8]>([])

  func add(_ more: [UInt8]) { bytes.withLock { $0 += more } }

  var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }
}

/// Every entry below a folder.
enum DirectoryFiles {
  /// Paths of files relative to `folder`; symbolic links are not followed.
  static func all(below folder: String) -> [String] {
    modes(below: folder).filter { $0.mode & S_IFMT == S_IFREG }.map(\.path)
  }

  /// Files and folders with their modes, `st_mode` of `lstat`.
  static func modes(below folder: String, _ prefix: String = "") -> [(path: String, mode: mode_t)] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var found: [(path: String, mode: mode_t)] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      var facts = stat()
      guard name != ".", name != "..", lstat("\(folder)/\(name)", &facts) == 0 else { continue }
      found.append((prefix + name, facts.st_mode))
      if facts.st_mode & S_IFMT == S_IFDIR { found += modes(below: "\(folder)/\(name)", "\(prefix)\(name)/") }
    }
    return found
  }
}
