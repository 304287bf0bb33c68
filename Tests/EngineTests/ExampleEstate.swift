import Platform
import Testing

/// One of the estates below `examples`, in one of its environments where it has any.
struct ExampleEstate: Sendable, CustomTestStringConvertible {
  var root: String
  var environment: String?

  var testDescription: String {
    let name = root.split(separator: "/examples/").last.map(String.init) ?? root
    return environment.map { "\(name) (\($0))" } ?? name
  }

  /// Every folder with a `plumb.yaml`, so that no example can be forgotten.
  static let all: [ExampleEstate] = found(in: "\(projectFolder())/examples").flatMap { root in
    let environments = names(in: "\(root)/environments").compactMap { $0.split(separator: ".").first.map(String.init) }
    return environments.isEmpty
      ? [ExampleEstate(root: root)] : environments.map { ExampleEstate(root: root, environment: $0) }
  }

  private static func found(in folder: String) -> [String] {
    names(in: folder).map { "\(folder)/\($0)" }.flatMap { path in
      names(in: path).contains("plumb.yaml") ? [path] : found(in: path)
    }
  }

  /// Sorted; none where there is no such folder.
  private static func names(in folder: String) -> [String] {
    // What is a file, or is missing, has no names in it.
    ((try? LocalFiles().list(folder)) ?? []).sorted()
  }
}
