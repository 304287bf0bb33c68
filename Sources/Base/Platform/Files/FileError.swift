import Glibc

/// A file operation that failed, with the system's reason.
package struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Operation: String, Sendable {
    case read, write, append, remove, list, makeDirectory = "create folder", inspect, resolve, lock
  }

  package var operation: Operation
  package var path: String
  /// An errno value, such as `ENOENT`.
  package var code: Int32
  /// The reason in words, such as `No such file or directory`.
  package var text: String

  package init(_ operation: Operation, _ path: String, code: Int32, text: String? = nil) {
    self.operation = operation
    self.path = path
    self.code = code
    self.text = text ?? String(cString: strerror(code))
  }

  package var isMissing: Bool { code == ENOENT || code == ENOTDIR }

  package var description: String { "cannot \(operation.rawValue) `\(path)`: \(text)" }

  static func tooLarge(_ path: String, limit: Int) -> FileError {
    FileError(.read, path, code: EFBIG, text: "larger than \(limit) bytes")
  }
}
