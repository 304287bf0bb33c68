import Platform
import TestSupport
import Testing
import Values
import YAML

/// The guide builds the example: what it shows is what stands there.
@Suite("the guide of the platform")
struct GuideTests {
  private struct Name: Hashable, CustomStringConvertible {
    var kind: String
    var name: String
    var description: String { "\(kind)/\(name)" }
  }

  private static func documents(_ text: String) -> [(name: Name, value: Value)] {
    YAMLReader.parse(Array(text.utf8), file: "guide").documents.compactMap { document in
      guard let kind = document["kind"]?.string, let name = document["metadata"]?["name"]?.string else { return nil }
      return (Name(kind: kind, name: name), document)
    }
  }

  /// The blocks of YAML in a document.
  private static func blocks(_ text: String) -> [String] {
    text.split(separator: "```yaml\n").dropFirst().map { part in
      part.split(separator: "```", maxSplits: 1, omittingEmptySubsequences: false).first.map(String.init) ?? ""
    }
  }

  @Test("every manifest of the example stands in the guide as it is, but for the id that each estate has of its own")
  func manifests() throws {
    let root = KindEstate.project
    let guide = try #require(TextFile.read("\(root)/Documentation/Platform.md"))
    let shown = Self.blocks(guide).flatMap(Self.documents)
    let paths = try DirectoryWalk(LocalFiles()).find(
      [try GlobPattern("**/*.yaml")], excluding: [try GlobPattern(".plumb/**")], under: "\(root)/examples/platform"
    ).paths
    let written = paths.flatMap { Self.documents(TextFile.read("\(root)/examples/platform/\($0)") ?? "") }
    #expect(written.count >= 25)
    for (name, value) in written {
      let own = shown.filter { $0.name == name }.map(\.value)
      #expect(!own.isEmpty, "\(name) is not in the guide")
      let isEqual = name.kind == "Estate" ? own.contains { $0["spec"] == value["spec"] } : own.contains(value)
      #expect(isEqual, "\(name) is another in the guide")
    }
  }
}
