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
}
