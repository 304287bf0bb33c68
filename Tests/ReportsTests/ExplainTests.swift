import AWSProvider
import Blueprints
import GCPProvider
import KubernetesProvider
import Manifests
import Resources
import Schemas
import Testing
import Values

@testable import Reports

/// Everything that can be written can be explained, down to its last field.
@Suite("explanations of kinds and types")
struct ExplainTests {
  private static let types: [ResourceType] =
    AWSCatalog.catalog.all + GCPCatalog.catalog.all
    + KubernetesProvider.core.all
  private static let kinds = KindCatalog.make([], providers: ["aws", "gcp", "kubernetes"]).catalog.all

  /// The paths of all fields, the parts of lists and maps among them; deep parts of Kubernetes once.
  private static func paths(_ schema: Schema, _ above: [ValuePath.Segment] = []) -> [ValuePath] {
    schema.fields.flatMap { field -> [ValuePath] in
      let path = above + [.key(field.name)]
      let inner = above.count < 3 ? TypeText.schema(field.type) : nil
      return [ValuePath(path)] + (inner.map { paths($0, path) } ?? [])
    }
  }

  @Test("every type of every provider says how it is written, what it needs, and each of its fields")
  func everyType() {
    #expect(Self.types.count > 100)
    for type in Self.types {
      let lines = TypeText.lines(type, .plain)
      let version = type.name.nativeVersion ?? "\(type.name.provider).plumb.dev/v1"
      #expect(lines.contains("  apiVersion: \(version)") && lines.contains("  kind: \(type.name.kind)"), "\(type.name)")
      #expect(lines.contains { $0.hasPrefix("To create: ") } || type.operations[.create] == nil, "\(type.name)")
      for path in Self.paths(type.schema) {
        let found = TypeText.lines(type, at: path, .plain) ?? []
        #expect(found.count >= 3 && !found[2].isEmpty, "\(type.name).\(path)")
      }
    }
  }

  @Test("every kind of the program and of the language does, too")
  func everyKind() {
    for kind in Self.kinds {
      let lines = KindText.lines(kind, at: ValuePath(), .plain) ?? []
      #expect(lines.contains("  kind: \(kind.name.kind)") && lines.contains { $0.hasPrefix("On aws it stands for: ") })
      for path in Self.paths(kind.schema) {
        let found = KindText.lines(kind, at: path, .plain) ?? []
        #expect(found.count >= 3 && !found[2].isEmpty, "\(kind.name.kind).\(path)")
      }
    }
    for kind in LanguageKind.all {
      for path in Self.paths(kind.schema) {
        #expect(KindText.lines(kind, at: path, .plain) != nil, "\(kind.name).\(path)")
      }
    }
  }

  @Test("a field says what may stand in it: choices, forms, bounds, references, and what holds when it is not written")
  func marks() throws {
    func marks(_ kind: String, _ path: String) throws -> [String] {
      let found = try #require(Self.kinds.first { $0.name.kind == kind })
      let field = try #require(ValuePath(path))
      let lines = try #require(KindText.lines(found, at: field, .plain))
      return lines.filter { $0.hasPrefix("  - ") }.map { String($0.dropFirst(4)) }
    }
    #expect(try marks("Network", "topology") == ["one of Private, Direct", "\"Private\" when not written"])
    #expect(try marks("Network", "subnets.cidr") == ["required", "a CIDR block"])
    #expect(try marks("Network", "flowLogs.retentionDays") == ["at least 1", "90 when not written"])
    #expect(try marks("Cloud", "networkRef") == ["the name of a Network"])
  }
}
