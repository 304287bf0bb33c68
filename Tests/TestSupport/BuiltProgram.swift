import Glibc

/// The `plumb` that was built with these tests.
package enum BuiltProgram {
  /// Beside the test program itself, whatever the build folder is called.
  package static let path: String = {
    var buffer = [CChar](repeating: 0, count: 4_096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    let program = String(decoding: buffer.prefix(max(count, 0)).map(UInt8.init), as: UTF8.self)
    let beside = program.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/plumb"
    let root = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
    return access(beside, X_OK) == 0 ? beside : "\(root)/.build/debug/plumb"
  }()
}
