import AWSProvider
import Diagnostics
import GCPProvider
import KubernetesProvider
import Manifests
import Policies
import Resources
import TestSupport
import Testing
import Values
import YAML

@Suite("packs of the program")
struct PackTests {
  static var catalog: TypeCatalog {
    var catalog = AWSCatalog.catalog
    catalog.add(GCPCatalog.catalog)
    catalog.add(KubernetesProvider.core)
    return catalog
  }

  private static func report(_ pack: String) throws -> (PolicyTestReport, Value) {
    let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    let text = try #require(TextFile.read("\(folder)/Packs/\(pack).yaml"))
    let (documents, problems) = YAMLReader.parse(Array(text.utf8), file: "\(pack).yaml")
    #expect(problems.isEmpty)
    var sources = SourceTexts()
    sources.add(Array(text.utf8), file: "\(pack).yaml")
    let document = try #require(documents.first)
    return (
      PolicyTestRun.run(document, policies: [], catalog: catalog, file: "\(pack).yaml", sources: sources), document
    )
  }

  @Test("every rule answers its examples", arguments: PolicyPacks.names)
  func examples(_ pack: String) throws {
    let (report, _) = try Self.report(pack)
    #expect(
      report.diagnostics.isEmpty, "\(report.diagnostics.map { "\($0.position as Any) \($0.message) \($0.hints)" })")
    for result in report.results {
      for failure in result.failures {
        Issue.record(
          "\(result.name): \(failure.rule) answers \(failure.actual), not \(failure.expected): \(failure.message ?? "")"
        )
      }
    }
  }

  @Test("every rule has an example that it allows and one that it does not", arguments: PolicyPacks.names)
  func completeness(_ pack: String) throws {
    let (_, document) = try Self.report(pack)
    let set = try #require(load(pack))
    var answers: [String: Set<String>] = [:]
    for test in (document["spec"]?["tests"] ?? .null).elements {
      for entry in (test["expect"] ?? .null).entries { answers[entry.key, default: []].insert(entry.value.spelling) }
    }
    for rule in set.rules {
      let found = answers[rule.rule.id] ?? []
      #expect(found.contains("allow"), "\(rule.rule.id) allows nothing")
      #expect(found.contains("deny") || found.contains("warn"), "\(rule.rule.id) refuses nothing")
      #expect(!rule.rule.summary.isEmpty && rule.rule.message != nil && rule.rule.hint != nil, "\(rule.rule.id)")
    }
  }

  private func load(_ pack: String) -> PolicySet? {
    let policy = Value.map([
      ("metadata", .map([("name", "all")])), ("spec", .map([("packs", .list([.string(pack)]))])),
    ])
    let (set, problems) = PolicySet.load([policy], catalog: Self.catalog)
    #expect(problems.isEmpty, "\(problems.map(\.message))")
    return set
  }

  @Test("all packs can be chosen together, and the kinds of the language say what they may hold")
  func together() {
    let policy = Value.map([
      ("metadata", .map([("name", "all")])),
      ("spec", .map([("packs", .list(PolicyPacks.names.map { .string($0) }))])),
    ])
    let (set, problems) = PolicySet.load([policy], catalog: Self.catalog)
    #expect(problems.isEmpty && set.rules.count > 60)
    #expect(PolicySchemas.effects == PolicyEffect.allCases.map(\.rawValue))
    #expect(PolicySchemas.undecided == UndecidedEffect.allCases.map(\.rawValue))
    #expect(PolicySchemas.severities == PolicySeverity.allCases.map(\.rawValue))
    #expect(PolicySchemas.actions == Action.allCases.map(\.rawValue))
  }
}
