import Glibc

/// Reads and writes whole small text files for the tests, without Foundation.
package enum TextFile {
  /// The text of `path`, or nil where there is no readable file.
  package static func read(_ path: String) -> String? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      guard count > 0 else { break }
      bytes += chunk[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Writes `text`, creating the folders above; returns whether every byte was written.
  @discardableResult
  package static func write(_ text: String, to path: String) -> Bool {
    makeFolders(above: path)
    guard let file = fopen(path, "we") else { return false }
    let bytes = Array(text.utf8)
    let written = fwrite(bytes, 1, bytes.count, file)
    return fclose(file) == 0 && written == bytes.count
  }

  private static func makeFolders(above path: String) {
    var folder = ""
    for part in path.split(separator: "/", omittingEmptySubsequences: false).dropLast() {
      folder += part + "/"
      // An existing folder is the usual case; a real failure shows when the file is opened.
      mkdir(folder, 0o755)
    }
  }
}
