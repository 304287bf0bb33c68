import Glibc
import TestSupport

/// Where third-party conformance material lies: `PLUMB_CONFORMANCE`, else `../shared/conformance` beside the
/// package.
enum Suites {
  static let folder: String = {
    if let chosen = getenv("PLUMB_CONFORMANCE") { return String(cString: chosen) }
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    return "/\(root)/../shared/conformance"
  }()

  /// The text of a file of the material. Where it is absent that is said loudly and nil returned.
  static func text(_ name: String, of suite: String) -> String? {
    if let text = TextFile.read("\(folder)/\(name)") { return text }
    print(
      "NOT RUN: conformance \(suite): no \(folder)/\(name); set PLUMB_CONFORMANCE to a folder that has it")
    return nil
  }

  /// The names of the case files in a folder of the material, sorted; said loudly where there are none.
  static func files(in folder: String, of suite: String) -> [String] {
    var names: [String] = []
    if let directory = opendir("\(Self.folder)/\(folder)") {
      defer { closedir(directory) }
      while let entry = readdir(directory) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
          tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name.hasSuffix(".jsonl") { names.append(name) }
      }
    }
    if names.isEmpty {
      print(
        "NOT RUN: conformance \(suite): no cases in \(Self.folder)/\(folder);"
          + " set PLUMB_CONFORMANCE to a folder that has them"
      )
    }
    return names.sorted()
  }
}
