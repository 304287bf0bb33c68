import CBuiltins

/// Files that are part of the program: packs of policies, prices, kinds. Each lies below
/// `Sources/CLibraries/CBuiltins` and has its line in `Files.c` there.
package struct BuiltinFile: Sendable {
  /// The path below that folder, such as `Policies/baseline.yaml`.
  package let name: String
  package let bytes: [UInt8]

  /// All files below a folder (`Policies`), sorted by name; copied when asked for.
  package static func all(below folder: String) -> [BuiltinFile] {
    table.filter { $0.name.hasPrefix(folder + "/") }.map(\.file)
  }

  /// The file of this name; nil where there is none.
  package static func named(_ name: String) -> BuiltinFile? {
    table.first { $0.name == name }?.file
  }
}

extension BuiltinFile {
  private static var table: some Sequence<Row> {
    UnsafeBufferPointer(start: plumb_builtin_files(), count: plumb_builtin_count()).lazy.map(Row.init)
  }

  private struct Row {
    let entry: plumb_builtin_file
    init(_ entry: plumb_builtin_file) { self.entry = entry }
    var name: String { String(cString: entry.name) }
    var file: BuiltinFile {
      BuiltinFile(name: name, bytes: Array(UnsafeBufferPointer(start: entry.bytes, count: entry.count)))
    }
  }
}
