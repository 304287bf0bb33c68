import AWSProvider
import Blueprints
import GCPProvider
import KubernetesProvider
import ProviderKit
import Resources
import TestSupport
import Testing

@testable import Reports

@Suite("reference pages of kinds")
struct KindPageTests {
  private static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    .joined(separator: "/")
  private static let kinds = KindCatalog.make([], providers: ["aws", "gcp", "kubernetes", "sandbox"]).catalog.all

  private static let types: TypeCatalog = {
    var types = AWSCatalog.catalog
    types.add(GCPCatalog.catalog)
    types.add(KubernetesProvider.core)
    return types
  }()

  /// The first example on the first provider that has one.
  private static func example(_ kind: Kind) -> String? {
    kind.providers.lazy.compactMap {
      TextFile.read("\(root)/examples/kinds/\($0)/manifests/\(kind.name.kind).yaml")
    }.first.map { text in
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      return lines.prefix { $0 != "---" }.joined(separator: "\n")
    }
  }

  /// Whether the file is the text; a missing one is written.
  private func isCurrent(_ name: String, _ text: String) -> Bool {
    let path = "\(Self.root)/Documentation/Kinds/\(name).md"
    let written = TextFile.read(path)
    if written == nil { TextFile.write(text, to: path) }
    return written == text
  }

  @Test("each page is what the blueprints say; a missing one is written", arguments: kinds.map(\.name.kind))
  func page(name: String) throws {
    let kind = try #require(Self.kinds.first { $0.name.kind == name })
    let example = try #require(Self.example(kind), "examples/kinds has no \(name).yaml")
    let text = KindPage.text(kind, catalog: Self.types, example: example)
    #expect(isCurrent(name, text), "remove Documentation/Kinds/\(name).md, run again, and look at the difference")
  }

  @Test("the index names every kind; a missing one is written")
  func index() {
    let text = KindPage.index(Self.kinds)
    for kind in Self.kinds { #expect(text.contains("(\(kind.name.kind).md)")) }
    #expect(isCurrent("README", text), "remove Documentation/Kinds/README.md, run again, and look at the difference")
  }

  @Test("fields inside lists, maps and objects have rows of their own, references have one")
  func fields() throws {
    let cloud = try #require(Self.kinds.first { $0.name.kind == "Cloud" })
    let text = KindPage.text(cloud, catalog: Self.types)
    #expect(text.contains("| `kubernetes.instanceTypes.*.accelerators` | list of string |"))
    #expect(text.contains("| `networkRef` | reference to [Network](Network.md) |"))
    #expect(!text.contains("`networkRef.name`"))
    #expect(!text.contains("## Example"))
  }

  @Test("a pipe, a line break and a backtick do not break a table")
  func cells() {
    #expect(
      MarkdownTable.lines(["A", "B", "C"], [[MarkdownTable.code("a || b"), "x\ny", ""]]) == [
        "| A | B |", "|---|---|", "| `a \\|\\| b` | x y |",
      ])
    #expect(MarkdownTable.code("say `x`") == "`` say `x` ``")
    #expect(MarkdownTable.lines(["A"], []).isEmpty)
  }
}
